"""The only writer of the import: a file, batch by batch, each line a record or a refusal.

A batch is one transaction: its records, their leaves of the log, what became of every line, and how
far the file is done. A killed import goes on behind its last batch; a finished file is left alone.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from gongheng.data.imports import judging, mapping, reading
from gongheng.data.imports.judging import Fault
from gongheng.data.imports.kinds import Outcome
from gongheng.data.imports.models import File, Line
from gongheng.data.imports.reading import Notice
from gongheng.data.imports.reasons import DUPLICATE, KNOWN, NO_FILE, OTHER_CONTENT
from gongheng.data.records import actions as records
from gongheng.data.records.models import Version
from gongheng.data.records.reasons import ALREADY_THERE
from gongheng.kernel import faults
from gongheng.kernel.reasons import Refusal

BATCH = 250


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file is; ``digest`` is its content's."""

    digest: str
    name: str
    done: int
    lines: int


@dataclass(slots=True)
class _Draft:
    """A line on its way: a notice with its record and faults, or the reason why not."""

    number: int
    notice: Notice | None = None
    dataset: str = ""
    body: dict[str, str] | None = None
    faults: list[Fault] | None = None
    reason: str = ""
    detail: str = ""


def import_notices(
    path: Path, *, stays_here: bool, now: datetime, batch: int = BATCH
) -> Iterator[Progress]:
    """Import a file of JSON Lines; yields after each batch. Safe to run twice and to kill.

    Raises ``Refusal`` (``NO_FILE``).
    """
    file = _file(path, stays_here=stays_here, now=now)
    with path.open("rb") as stream:
        lines = islice(enumerate(stream, start=1), file.done, None)
        while chunk := list(islice(lines, batch)):
            drafts = [_draft(number, line, now) for number, line in chunk]
            _settle_again(file, drafts, now)
            yield Progress(file.pk, path.name, chunk[-1][0], file.lines)
    File.objects.filter(pk=file.pk, ended_at=None).update(ended_at=now)
    yield Progress(file.pk, path.name, file.lines, file.lines)


def _file(path: Path, *, stays_here: bool, now: datetime) -> File:
    """Return the file's row, new or of an import before."""
    digest, lines = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            for line in stream:
                digest.update(line)
                lines += 1
    except OSError:
        raise Refusal(NO_FILE, path=path) from None
    file, _ = File.objects.get_or_create(
        digest=digest.hexdigest(),
        defaults={"name": path.name, "lines": lines, "stays_here": stays_here, "begun_at": now},
    )
    return file


def _draft(number: int, line: bytes, now: datetime) -> _Draft:
    try:
        notice = reading.notice_in(line.strip(b"\r\n"))
    except Refusal as refusal:
        return _Draft(number, reason=refusal.reason.code)
    dataset = mapping.dataset_of(notice)
    body = mapping.body_of(notice, dataset)
    return _Draft(number, notice, dataset, body, judging.faults_of(notice, dataset, body, now=now))


def _settle_again(file: File, drafts: Sequence[_Draft], now: datetime) -> None:
    """Settle a batch; when another import took one of its notices in between, look again."""
    try:
        _settle(file.pk, drafts, now)
    except Refusal as refusal:
        if refusal.reason is not ALREADY_THERE:
            raise
        _settle(file.pk, drafts, now)


@transaction.atomic
def _settle(digest: str, drafts: Sequence[_Draft], now: datetime) -> None:
    file = File.objects.select_for_update().get(pk=digest)
    fresh = [draft for draft in drafts if draft.number > file.done]
    _refuse_known(fresh)
    taken = [draft for draft in fresh if not draft.reason]
    faults.reached("imports.before_records")
    versions = records.take_history(
        [(draft.dataset, draft.body or {}) for draft in taken],
        stays_here=file.stays_here,
        now=now,
    )
    version_of = {draft.number: version for draft, version in zip(taken, versions, strict=True)}
    Line.objects.bulk_create([_line(file, draft, version_of.get(draft.number)) for draft in fresh])
    faults.reached("imports.before_place")
    file.done = max(file.done, drafts[-1].number)
    file.save(update_fields=["done"])


def _refuse_known(drafts: Sequence[_Draft]) -> None:
    """Mark the drafts whose identity or content is there already, in the tables or before them."""
    notices = [draft.notice for draft in drafts if draft.notice]
    identities = _identities([notice.id for notice in notices])
    contents = _contents([notice.fingerprint for notice in notices])
    for draft in drafts:
        notice = draft.notice
        if notice is None or draft.reason:
            continue
        name = (notice.source, notice.id)
        if name in identities:
            same = identities[name] == notice.fingerprint
            draft.reason = (KNOWN if same else OTHER_CONTENT).code
            draft.detail = notice.id
        elif notice.fingerprint in contents:
            draft.reason, draft.detail = DUPLICATE.code, contents[notice.fingerprint]
        else:
            identities[name] = notice.fingerprint
            contents[notice.fingerprint] = notice.id


def _identities(wanted: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return the content of each record that is there, by source and identity."""
    rows = Line.objects.filter(outcome=Outcome.TAKEN, source_id__in=wanted)
    return {
        (source, identity): fingerprint
        for source, identity, fingerprint in rows.values_list("source", "source_id", "fingerprint")
    }


def _contents(wanted: Sequence[str]) -> dict[str, str]:
    """Return the identity of each record that is there, by its content."""
    rows = Line.objects.filter(outcome=Outcome.TAKEN, fingerprint__in=wanted)
    return dict(rows.values_list("fingerprint", "source_id"))


def _line(file: File, draft: _Draft, version: Version | None) -> Line:
    notice = draft.notice
    if notice is None:
        return Line(file=file, number=draft.number, outcome=Outcome.REFUSED, reason=draft.reason)
    return Line(
        file=file,
        number=draft.number,
        outcome=Outcome.TAKEN if version else Outcome.REFUSED,
        reason=draft.reason,
        detail=draft.detail,
        source=notice.source,
        source_id=notice.id,
        kind=notice.kind,
        dataset=draft.dataset,
        title=notice.title,
        fingerprint=notice.fingerprint,
        faults=[fault.as_json() for fault in draft.faults or ()] if version else [],
        version=version,
    )
