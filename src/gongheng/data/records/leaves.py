"""What the log holds of a record or an act: salted digests, and nothing personal.

A leaf of a public record or act says what pages show beside it and commits to the public body, so
that anybody can check a page against it. Every other leaf is typeless: the log must not tell how many
bids a lot has. Every leaf also commits to the whole row, for whoever holds the database: it can be
made again from the row at any time (``examining``).
"""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act, Judgement, Version
from gongheng.data.standard import disclosure, summary
from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import BEIJING
from gongheng.trust.ledger import actions as ledger
from gongheng.trust.ledger.actions import Entry
from gongheng.trust.tlog.leaves import public_digest as salted_digest

RECORD = "record"
OPENED = "record_opened"
"""The second leaf of a version that was sealed until its hour: it says openly what the first did not."""
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
    ledger.enter(
        kind=RECORD, subject_id=version.pk, data=record_data(version), region_code=region_code
    )


def enter_records(versions: Sequence[Version]) -> None:
    """Enter many accepted versions into the log, in their order."""
    ledger.enter_many(
        [
            Entry(
                kind=RECORD,
                subject_id=version.pk,
                data=record_data(version),
                region_code=version.region_code,
            )
            for version in versions
        ]
    )


def enter_judgement(judgement: Judgement, *, kind: str, region_code: str) -> None:
    """Enter the fact that a received version waits or was refused; nothing of it is shown."""
    ledger.enter(
        kind=kind,
        subject_id=judgement.version_id,
        data=judgement_data(judgement),
        region_code=region_code,
    )


def enter_act(act: Act) -> None:
    """Enter an act of a case."""
    ledger.enter(kind=ACT, subject_id=act.pk, data=act_data(act), region_code=act.region_code)


def is_openable(row: Version | Act) -> bool:
    """Tell whether a row's leaf commits to a public body that anybody may check."""
    return row.audience == Audience.PUBLIC and row.not_before is None


def enter_opened(version: Version) -> None:
    """Enter openly a version that everybody may see from now on and that was sealed before."""
    ledger.enter(
        kind=OPENED,
        subject_id=version.pk,
        data=opened_data(version),
        region_code=version.region_code,
    )


def record_data(version: Version) -> bytes:
    """Return the leaf of an accepted version, the same whenever it is made from its row."""
    if is_openable(version):
        return opened_data(version)
    return _sealed(bytes(version.salt), _row(version))


def opened_data(version: Version) -> bytes:
    """Return the open leaf of a version for everybody, whenever its hour was."""
    body = disclosure.public_body(version.dataset, version.body)
    salt = bytes(version.salt)
    return _open(salt, version.pk, _row(version), body, record_columns(version))


def _row(version: Version) -> dict[str, object]:
    return {
        "dataset": version.dataset,
        "key": version.key,
        "number": version.number,
        "operation": version.operation,
        "body": version.body,
        "digest": version.digest,
        "audience": version.audience,
        "not_before": _text(version.not_before),
        "origin": version.origin,
        "sender": version.sender,
        "case": version.case_code,
        "region": version.region_code,
        "stays_here": version.stays_here,
        "published_at": _text(version.published_at),
        "received_at": _text(version.received_at),
    }


def record_columns(version: Version) -> dict[str, str | int]:
    """Return what a page shows of a version beside its body; it stands openly in its leaf.

    Nothing personal may be here: a leaf stays for good.
    """
    about = summary.describe(version.dataset, version.body)
    return {
        "type": "record",
        "dataset": version.dataset,
        "kind": about.kind,
        "trade": about.trade_type,
        "version": version.number,
        "operation": version.operation,
        "origin": version.origin,
        "case": version.case_code,
        "region": version.region_code,
        "at": _text(version.published_at),
    }


def act_data(act: Act) -> bytes:
    """Return the leaf of an act, the same whenever it is made from its row."""
    salt = bytes(act.salt)
    row = {
        "case": act.case_code,
        "kind": act.kind,
        "actor": act.actor_code,
        "facts": act.facts,
        "audience": act.audience,
        "not_before": _text(act.not_before),
        "region": act.region_code,
        "at": _text(act.happened_at),
    }
    if not is_openable(act):
        return _sealed(salt, row)
    return _open(salt, act.pk, row, act.facts, act_columns(act))


def act_columns(act: Act) -> dict[str, str | int]:
    """Return what is shown of an act beside its facts; it stands openly in its leaf."""
    return {
        "type": "act",
        "kind": act.kind,
        "actor": act.actor_code,
        "case": act.case_code,
        "at": _text(act.happened_at),
    }


def judgement_data(judgement: Judgement) -> bytes:
    """Return the leaf of a version that waits or was refused."""
    version = judgement.version
    facts = {
        "digest": version.digest,
        "dataset": version.dataset,
        "key": version.key,
        "number": version.number,
        "sender": version.sender,
        "body": version.body,
        "state": judgement.state,
        "findings": judgement.findings,
        "at": _text(judgement.judged_at),
    }
    return _sealed(bytes(version.salt), facts)


def _open(
    salt: bytes,
    identity: UUID,
    row: Mapping[str, object],
    body: Mapping[str, object],
    columns: Mapping[str, str | int],
) -> bytes:
    public = salted_digest(public_salt(salt), body)
    return canonical(
        {"v": 1, "id": str(identity), "public": public, "full": _full(salt, row), **columns}
    )


def _sealed(salt: bytes, facts: Mapping[str, object]) -> bytes:
    return canonical({"v": 1, "type": "sealed", "full": _full(salt, facts)})


def _text(instant: datetime | None) -> str:
    """Return an instant in its one spelling: the database gives it back in another zone."""
    return instant.astimezone(BEIJING).isoformat() if instant else ""
