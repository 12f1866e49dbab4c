"""What the log holds of a record or an act: salted digests, and nothing personal.

A leaf of a public record names its dataset and commits to the public body, so that anybody can
check a page against it. Every other leaf is typeless: the log must not tell how many bids a lot has.
"""

import os
from collections.abc import Mapping, Sequence
from uuid import UUID

from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act, Judgement, Version
from gongheng.data.standard import disclosure
from gongheng.kernel.canonical import canonical
from gongheng.trust.ledger import actions as ledger
from gongheng.trust.ledger.actions import Entry
from gongheng.trust.tlog.leaves import public_digest as salted_digest

RECORD = "record"
WAITING = "waiting"
REFUSAL = "refusal"
ACT = "act"


def new_salt() -> bytes:
    """Return the random bytes that keep a guessable body from being found by its digest.

    The first half is disclosed with a proof of publication; the second half never is.
    """
    return os.urandom(32)


def public_salt(salt: bytes) -> bytes:
    """Return the half that opens the commitment to the public body."""
    return salt[:16]


def _full(salt: bytes, value: Mapping[str, object]) -> str:
    return salted_digest(salt[16:], value)


def enter_record(version: Version, *, region_code: str) -> None:
    """Enter an accepted version of a record into the log."""
    ledger.enter(kind=RECORD, subject_id=version.pk, data=_record(version), region_code=region_code)


def enter_records(versions: Sequence[Version]) -> None:
    """Enter many accepted versions into the log, in their order."""
    ledger.enter_many(
        [
            Entry(
                kind=RECORD,
                subject_id=version.pk,
                data=_record(version),
                region_code=version.region_code,
            )
            for version in versions
        ]
    )


def _record(version: Version) -> bytes:
    full = _full(bytes(version.salt), version.body)
    if version.audience == Audience.PUBLIC and version.not_before is None:
        public = disclosure.public_body(version.dataset, version.body)
        data = {
            "v": 1,
            "type": "record",
            "id": str(version.pk),
            "dataset": version.dataset,
            "version": version.number,
            "operation": version.operation,
            "public": salted_digest(public_salt(bytes(version.salt)), public),
            "full": full,
            "at": version.published_at.isoformat(),
        }
    else:
        data = {"v": 1, "type": "sealed", "full": full}
    return canonical(data)


def enter_judgement(judgement: Judgement, *, kind: str, region_code: str) -> None:
    """Enter the fact that a received version waits or was refused; nothing of it is shown."""
    version = judgement.version
    facts = {
        "digest": version.digest,
        "state": judgement.state,
        "findings": judgement.findings,
        "at": judgement.judged_at.isoformat(),
    }
    _enter_sealed(kind, version.pk, bytes(version.salt), facts, region_code)


def enter_act(act: Act) -> None:
    """Enter an act of a case."""
    facts = {
        "case": act.case_code,
        "kind": act.kind,
        "actor": act.actor_code,
        "facts": act.facts,
        "at": act.happened_at.isoformat(),
    }
    _enter_sealed(ACT, act.pk, bytes(act.salt), facts, act.region_code)


def _enter_sealed(
    kind: str, subject_id: UUID, salt: bytes, facts: Mapping[str, object], region_code: str
) -> None:
    data = {"v": 1, "type": "sealed", "full": _full(salt, facts)}
    ledger.enter(kind=kind, subject_id=subject_id, data=canonical(data), region_code=region_code)
