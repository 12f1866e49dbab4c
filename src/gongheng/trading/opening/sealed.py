"""What an opening rests on: the policy, the closing statement, the sealed bids, the two keys."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import queries as bids
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import rules
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.policy import Part, Policy, SignedPolicy

OPENED = ("files", "opened")
"""Below the node's state folder: what was decrypted, by round and bid."""


def signed_policy(case: Case) -> SignedPolicy:
    """Return the policy that the bids were sealed under. Raises ``Refusal`` (NOT_BEGUN)."""
    found = bids.policy_of_case(case)
    if found is None:
        raise Refusal(rules.NOT_BEGUN)
    return found


def policy_of(case: Case) -> SignedPolicy | None:
    """Return the policy of a round, where there is one."""
    return bids.policy_of_case(case)


def closing_of(case: Case) -> Closing:
    """Return the closing statement. Raises ``Refusal`` (NOT_BEGUN)."""
    found = bids.closing_statement(case)
    if found is None:
        raise Refusal(rules.NOT_BEGUN)
    return Closing.of_json(found.body)


def opening_key(case: Case) -> PrivateKey:
    """Return the key that the bidders release their halves to."""
    return bids.opening_key(case.code)


@cache
def _key_in(path: Path) -> PrivateKey:
    return PrivateKey.from_pem(path.read_bytes())


def centre_key() -> PrivateKey:
    """Return the key by which the centre signs lists and records: the node's own."""
    return _key_in(settings.NODE.key_path)


def cover_of(path: str) -> Cover:
    """Return head and trailer of a stored envelope. Raises ``Refusal``, ``OSError``."""
    return Cover.of_file(envelope_file(path))


def envelope_file(path: str) -> Path:
    """Return where an envelope lies."""
    return bids.envelope_at(path)


def opened_folder(case: Case) -> Path:
    """Return where the plaintext of a round lies."""
    return settings.NODE.state_dir.joinpath(*OPENED, str(case.pk))


def parts_to_open(policy: Policy) -> Sequence[Part]:
    """Return the parts that the opening opens; what waits for a decision stays sealed (E-29)."""
    return [part for part in policy.parts if not part.condition.event]


def parts_waiting_for(policy: Policy, event: str) -> Sequence[Part]:
    """Return the parts that are opened once an event is recorded and the tenderer has decided."""
    return [part for part in policy.parts if event and part.condition.event == event]


def parts_of_bid(cover: Cover, *, event: str = "") -> list[Part]:
    """Return the parts of one bid that are opened at the hour, or after an event.

    An optional one may be missing.
    """
    sealed = {part.name for part in cover.header.parts}
    policy = cover.header.policy
    parts = parts_waiting_for(policy, event) if event else parts_to_open(policy)
    return [part for part in parts if part.name in sealed]


def bidder_parts(cover: Cover) -> list[Part]:
    """Return the parts of one bid that need the bidder's half, whenever they are opened."""
    sealed = {part.name for part in cover.header.parts}
    return [part for part in cover.header.policy.parts if part.bidder and part.name in sealed]
