"""Which loops a node's worker runs, and which rooms answer for their rows."""

from django.conf import settings
from django.db import connection, connections

from gongheng.data.exchange.loops import LOOPS as EXCHANGE
from gongheng.data.records import examining as records_examining
from gongheng.data.records.jobs import LOOPS as RECORDS
from gongheng.data.validations.jobs import LOOPS as VALIDATIONS
from gongheng.node.loops import Loop
from gongheng.node.tiers import TIERS
from gongheng.public.search.jobs import LOOPS as SEARCH
from gongheng.registers.codes.jobs import LOOPS as CODES
from gongheng.registers.messages.jobs import LOOPS as MESSAGES
from gongheng.registers.roles.jobs import LOOPS as ROLES
from gongheng.registers.subjects.jobs import LOOPS as SUBJECTS
from gongheng.registers.timekeeping.jobs import LOOPS as TIME
from gongheng.registers.trail import examining as trail_examining
from gongheng.registers.trail.jobs import LOOPS as TRAIL
from gongheng.registers.workdays.jobs import LOOPS as CALENDAR
from gongheng.trading.bids import examining as bids_examining
from gongheng.trading.bids.jobs import LOOPS as BIDS
from gongheng.trading.cases.jobs import LOOPS as CASES
from gongheng.trading.disputes.jobs import LOOPS as DISPUTES
from gongheng.trading.emergency.jobs import LOOPS as EMERGENCY
from gongheng.trading.opening.jobs import LOOPS as OPENING
from gongheng.trust.crypto import sm2
from gongheng.trust.ledger import actions as ledger, queries as log
from gongheng.trust.ledger.examining import Examiner
from gongheng.web.clock import legal_now

EXAMINERS: tuple[Examiner, ...] = (records_examining, bids_examining, trail_examining)
"""The rooms whose rows and files stand in the log."""

TRADING = (*CASES, *BIDS, *OPENING, *DISPUTES, *EMERGENCY)

SEQUENCER_SECONDS = 0.2
CHECKPOINT_SECONDS = 2.0
MOST_LEAVES = 1000


def loops() -> list[Loop]:
    """Return the node's loops: sequencer, checkpoints, exchange, and those of the rooms."""
    key = sm2.PrivateKey.from_pem(settings.NODE.key_path.read_bytes())

    def sign() -> bool:
        ledger.sign_checkpoint(key=key, origin=settings.NODE.code, now=legal_now())
        return False

    def number() -> bool:
        # The pause lets more gather: growing both trees by one leaf or by fifty costs the same.
        return log.waiting() > 0 and ledger.number(limit=MOST_LEAVES) == MOST_LEAVES

    return [
        Loop("sequencer", SEQUENCER_SECONDS, number),
        Loop("checkpoint", CHECKPOINT_SECONDS, sign),
        *(
            Loop(name, interval, step)
            for name, interval, step in (
                *RECORDS,
                *EXCHANGE,
                *MESSAGES,
                *CODES,
                *SUBJECTS,
                *ROLES,
                *CALENDAR,
                *TRAIL,
                *TIME,
                *(TRADING if TIERS[settings.NODE.tier].conducts_trades else ()),
                *SEARCH,
                *VALIDATIONS,
            )
        ),
    ]


def release() -> None:
    """Give this thread's database connection back to the pool."""
    connections.close_all()


def written() -> str:
    """Return how far the database server has written its log: every change moves it.

    Servers that keep several databases move it for each of them; then a loop looks once too often.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()")
        [position] = cursor.fetchone()
    return str(position)
