"""Opens, writes and closes records of what was witnessed: the only writer of this room.

A witness writes what was seen and nothing else: no step of a case is done here.
"""

from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from gongheng.data.exchange import stations
from gongheng.kernel.canonical import canonical
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.models import Case
from gongheng.trading.witness import permissions, queries, reports, rules
from gongheng.trading.witness.kinds import EntryKind, Sitting
from gongheng.trading.witness.models import Entry, Record
from gongheng.trading.witness.rules import Seen
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.statements import sign
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

LABEL = "gongheng.witness.record.v1"
"""What is signed: the paper of a closed record."""


@transaction.atomic
def arrive(*, case_id: UUID, sitting: Sitting, actor: Actor, now: datetime) -> Record:
    """Begin the record of a sitting, or come to one that another witness began.

    Raises ``Refusal`` (NOT_A_WITNESS, PARTY, MEMBER, ACTED, NOT_NOW, CLOSED).
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    _require_witness(actor, case)
    record = queries.record_of(case, sitting)
    if record is None:
        rules.require_time(sitting, now=now, **queries.times_of(case))
        record = Record.objects.create(
            region_code=case.region_code,
            case=case,
            sitting=sitting,
            place=queries.place_of(case, sitting),
            opened_at=now,
            opened_by_name=actor.name,
        )
    if record.is_closed:
        raise Refusal(rules.CLOSED)
    if not queries.writes(actor, record):
        words = f"见证人员{actor.name}到场"
        _write(record, Seen(kind=EntryKind.WITNESS, happened_at=now, words=words), actor, now)
    audit.record(actor=actor, deed="witness.arrived", object_id=record.pk, now=now)
    return record


@transaction.atomic
def write(*, record_id: UUID, seen: Seen, actor: Actor, now: datetime) -> Entry:
    """Write down one thing that was seen. Raises ``Refusal`` (NOT_HERE, CLOSED, INCOMPLETE, FUTURE ...)."""
    record = _open(record_id, actor)
    if seen.kind is EntryKind.WITNESS:
        raise Refusal(rules.INCOMPLETE, kind=seen.kind)
    rules.require_complete(seen, now=now)
    entry = _write(record, seen, actor, now)
    audit.record(actor=actor, deed="witness.written", object_id=entry.pk, now=now)
    return entry


@transaction.atomic
def close(*, record_id: UUID, actor: Actor, now: datetime) -> Record:
    """Close a record: its paper is made, signed by the centre's key and entered into the log.

    Raises ``Refusal`` (NOT_HERE, CLOSED, STILL_IN, PARTY, MEMBER, ACTED).
    """
    record = _open(record_id, actor)
    movements = record.entries.order_by("number").values_list("kind", "person_name", "person_role")
    rules.require_all_left(movements)
    record.closed_at, record.closed_by_name = now, actor.name
    record.statement = paper_of(record)
    record.digest = sm3(canonical(record.statement)).hex()
    record.signature = sign(LABEL, record.statement, stations.own_key()).signature.hex()
    record.save()
    reports.closed(record, now=now)
    audit.record(actor=actor, deed="witness.closed", object_id=record.pk, now=now)
    return record


def _require_witness(actor: Actor, case: Case) -> None:
    if not actor.may(permissions.WITNESS) or not actor.reaches(case.region_code):
        raise Refusal(rules.NOT_A_WITNESS)
    rules.require_independent(queries.ties_of(actor, case))


def _open(record_id: UUID, actor: Actor) -> Record:
    rows = Record.objects.select_for_update(of=("self",)).select_related("case")
    record = rows.get(pk=record_id)
    _require_witness(actor, record.case)
    if not queries.writes(actor, record):
        raise Refusal(rules.NOT_HERE)
    if record.is_closed:
        raise Refusal(rules.CLOSED)
    return record


def _write(record: Record, seen: Seen, actor: Actor, now: datetime) -> Entry:
    last = record.entries.order_by("-number").first()
    corrected = None
    if seen.corrects is not None:
        corrected = record.entries.filter(number=seen.corrects).first()
        if corrected is None:
            raise Refusal(rules.INCOMPLETE, corrects=seen.corrects)
    entry = Entry(
        id=uuid7(),
        region_code=record.region_code,
        record=record,
        number=last.number + 1 if last else 1,
        kind=seen.kind,
        happened_at=seen.happened_at,
        until=seen.until,
        person_name=seen.person_name.strip(),
        person_role=seen.person_role.strip(),
        words=seen.words.strip(),
        file_name=seen.file_name.strip(),
        file_digest=seen.file_digest,
        corrects=corrected,
        written_by=actor.person_id,
        written_by_name=actor.name,
        written_at=now,
    )
    before = last.digest if last else ""
    entry.digest = sm3(canonical([before, content_of(entry)])).hex()
    entry.save(force_insert=True)
    reports.written(entry, now=now)
    return entry


def content_of(entry: Entry) -> dict[str, object]:
    """Return an entry as it stands in the paper; its random id keeps the digest from being guessed."""
    return {
        "id": str(entry.pk),
        "number": entry.number,
        "kind": entry.kind,
        "happened_at": _utc(entry.happened_at),
        "until": _utc(entry.until),
        "person": entry.person_name,
        "role": entry.person_role,
        "words": entry.words,
        "file": entry.file_name,
        "file_digest": entry.file_digest,
        "corrects": entry.corrects.number if entry.corrects else 0,
        "written_by": entry.written_by_name,
        "written_at": _utc(entry.written_at),
    }


def _utc(at: datetime | None) -> str:
    """Write an instant alike before and after it was stored."""
    return at.astimezone(UTC).isoformat() if at else ""


def paper_of(record: Record) -> dict[str, object]:
    """Return the record as it is signed: everything that was written, with the chain's last digest."""
    entries = list(record.entries.select_related("corrects").order_by("number"))
    return {
        "v": 1,
        "format": "gongheng witness record",
        "lot": record.case.code,
        "title": record.case.title,
        "round": record.case.round_number,
        "sitting": record.sitting,
        "place": record.place,
        "opened_at": _utc(record.opened_at),
        "opened_by": record.opened_by_name,
        "closed_at": _utc(record.closed_at),
        "closed_by": record.closed_by_name,
        "entries": [content_of(entry) for entry in entries],
        "chain": entries[-1].digest if entries else "",
    }
