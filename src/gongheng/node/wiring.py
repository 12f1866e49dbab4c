"""Which loops a node's worker runs."""

from django.conf import settings
from django.db import connections

from gongheng.data.exchange.loops import LOOPS as EXCHANGE
from gongheng.node.loops import Loop
from gongheng.trust.crypto import sm2
from gongheng.trust.ledger import actions as ledger
from gongheng.web.clock import legal_now

SEQUENCER_SECONDS = 0.2
CHECKPOINT_SECONDS = 2.0


def loops() -> list[Loop]:
    """Return the node's loops: sequencer, checkpoints, exchange."""
    key = sm2.PrivateKey.from_pem(settings.NODE.key_path.read_bytes())

    def sign() -> bool:
        ledger.sign_checkpoint(key=key, origin=settings.NODE.code, now=legal_now())
        return False

    return [
        Loop("sequencer", SEQUENCER_SECONDS, ledger.number),
        Loop("checkpoint", CHECKPOINT_SECONDS, sign),
        *(Loop(name, interval, step) for name, interval, step in EXCHANGE),
    ]


def release() -> None:
    """Give this thread's database connection back to the pool."""
    connections.close_all()
