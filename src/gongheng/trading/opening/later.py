"""The opening of parts that waited for an event (E-29): a second envelope after the first was judged.

The bidders gave their halves for every part at the opening's hour, so nobody can back out later.
When the event is recorded the centre freezes the list of the bids that are still in; the tenderer
signs that decision on its own machine; only then do holders release, and nothing is known before a
person of the centre has made it known. Parts of other bids stay closed until their keys are gone.
"""

import shutil
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds
from gongheng.trading.opening import decrypting, queries, recording, reports, rules, sealed, telling
from gongheng.trading.opening.decrypting import FILE_LOST, FINAL_FAULTS
from gongheng.trading.opening.kinds import LaterStage, Stage, State
from gongheng.trading.opening.models import (
    Entry,
    FrozenPart,
    LaterEntry,
    LaterOpening,
    Opening,
    ShareRelease,
)
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.evidence import RECORD_LABEL
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.opening import open_part
from gongheng.trust.envelope.recombination import ValidShares
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, is_same_person


@transaction.atomic
def record_event(
    *, case_id: UUID, event: str, bidders: Collection[str], now: datetime
) -> LaterOpening:
    """Write down that an event came, and freeze the lists of the bids that are still in; once.

    Raises ``Refusal`` (UNFINISHED, NOTHING_WAITS).
    """
    opening = Opening.objects.select_for_update(of=("self",)).filter(case_id=case_id).first()
    if opening is None or opening.stage != Stage.PUBLISHED:
        raise Refusal(rules.UNFINISHED)
    if found := queries.later_of(opening, event):
        return found
    entries = list(opening.entries.filter(state=State.OPENED, bidder_code__in=bidders))
    covers = {entry.envelope: sealed.cover_of(entry.path) for entry in entries}
    parts = sealed.parts_waiting_for(sealed.signed_policy(opening.case).policy, event)
    if not parts or not entries:
        raise Refusal(rules.NOTHING_WAITS, event=event)
    later = LaterOpening.objects.create(
        region_code=opening.region_code, opening=opening, event=event, recorded_at=now
    )
    LaterEntry.objects.bulk_create(
        LaterEntry(region_code=opening.region_code, later=later, entry=entry) for entry in entries
    )
    for part in parts:
        _freeze(opening, part.name, event, covers, now=now)
    reports.event_recorded(later, count=len(entries), now=now)
    telling.event_recorded(later, now=now)
    return later


def _freeze(
    opening: Opening, part: str, event: str, covers: Mapping[str, Cover], *, now: datetime
) -> None:
    holding = [
        bytes.fromhex(envelope)
        for envelope, cover in covers.items()
        if part in {each.name for each in cover.header.parts}
    ]
    closing, key = sealed.closing_of(opening.case), sealed.centre_key()
    frozen = FrozenList.make(closing, part, holding, key=key, now=now, event=event)
    FrozenPart.objects.create(
        region_code=opening.region_code,
        opening=opening,
        part=part,
        event=event,
        statement=frozen.as_json(),
        digest=frozen.digest.hex(),
    )


@transaction.atomic
def decide(*, later_id: UUID, value: object, actor: Actor, now: datetime) -> LaterOpening:
    """Take the lists that the tenderer signed on its own machine; holders release from now on.

    ``value`` is the answer of ``gongheng policy decide``: an object with ``lists``. Raises
    ``Refusal``: NOT_HOST, DECIDED_ALREADY, OTHER_PART, what the envelope refuses (LIST_INVALID).
    """
    later = _locked(later_id)
    opening = later.opening
    if not queries.is_host(opening.case, actor):
        raise Refusal(rules.NOT_HOST)
    if later.stage != LaterStage.DECISION:
        raise Refusal(rules.DECIDED_ALREADY)
    holds.require_none(opening.case_code)
    rows = {row.digest: row for row in opening.lists.filter(event=later.event)}
    policy, closing = sealed.signed_policy(opening.case).policy, sealed.closing_of(opening.case)
    given = {each.digest.hex(): each for each in _lists_in(value)}
    if set(given) != set(rows):
        raise Refusal(rules.OTHER_PART)
    for digest, frozen in given.items():
        frozen.require_valid(policy, closing, now=now)
        rows[digest].statement = frozen.as_json()
        rows[digest].save(update_fields=["statement"])
    later.stage, later.decided_at = LaterStage.HOLDERS, now
    later.decided_by, later.decided_by_name = actor.person_id, actor.name
    later.save()
    reports.later_decided(later, now=now)
    audit.record(actor=actor, deed="opening.later_decided", object_id=opening.pk, now=now)
    return later


def _lists_in(value: object) -> list[FrozenList]:
    lists = value.get("lists") if isinstance(value, dict) else None
    if not isinstance(lists, list):
        raise Refusal(reasons.LIST_INVALID)
    return [FrozenList.of_json(each) for each in lists]


def undecided(later: LaterOpening) -> dict[str, object]:
    """Return the file that the tenderer signs."""
    lists = later.opening.lists.filter(event=later.event).order_by("part")
    return {"v": 1, "lists": [row.statement for row in lists]}


# Decrypting: by the worker, as at the hour.


def step(*, later_id: UUID, now: datetime) -> bool:
    """Decrypt the parts of the next bid, or end the phase; tell whether something was done."""
    later = LaterOpening.objects.select_related("opening__case").get(pk=later_id)
    if later.stage != LaterStage.HOLDERS:
        return False
    shares = decrypting.shares_of(later.opening.lists.filter(event=later.event).order_by("part"))
    policy = sealed.signed_policy(later.opening.case).policy
    if all(len(one.by_holder) >= policy.part(name).threshold for name, one in shares.items()):
        waiting = later.entries.filter(state=State.RELEASED, tried__lt=_count(later))
        for row_id in waiting.order_by("entry__number").values_list("pk", flat=True):
            if _decrypt(row_id, shares, now=now):
                return True
    return _finish(later_id, now=now)


def _count(later: LaterOpening) -> int:
    given = ShareRelease.objects.filter(frozen__opening=later.opening, frozen__event=later.event)
    return given.count()


@transaction.atomic
def _decrypt(row_id: UUID, shares: Mapping[str, ValidShares], *, now: datetime) -> bool:
    row = (
        LaterEntry.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=row_id, state=State.RELEASED)
        .select_related("later", "entry__opening__case")
        .first()
    )
    if row is None:
        return False
    try:
        _open(row, shares)
    except Refusal as refusal:
        if refusal.reason not in FINAL_FAULTS:
            raise
        return _failed(row, refusal, shares)
    except FileNotFoundError:
        return _fail(row, FILE_LOST, "平台保存的投标文件不在原处")
    LaterEntry.objects.filter(pk=row.pk).update(state=State.OPENED, opened_at=now)
    return True


def _open(row: LaterEntry, shares: Mapping[str, ValidShares]) -> None:
    entry = row.entry
    cover = sealed.cover_of(entry.path)
    for part in sealed.parts_of_bid(cover, event=row.later.event):
        found = decrypting.recombined(entry, cover, shares[part.name])
        target = _folder(entry) / part.name
        shutil.rmtree(target, ignore_errors=True)
        path = sealed.envelope_file(entry.path)
        manifest = open_part(path, cover, part.name, found.content_key, target)
        entry.fingerprint[part.name] = dict(manifest.fingerprint)
    entry.save(update_fields=["fingerprint"])


def _folder(entry: Entry) -> Path:
    return sealed.opened_folder(entry.opening.case) / str(entry.bid_id)


def _failed(row: LaterEntry, refusal: Refusal, shares: Mapping[str, ValidShares]) -> bool:
    """Write down why parts were not opened; with holders still to come the bid simply waits."""
    if refusal.reason is reasons.TOO_FEW_SHARES:
        decrypting.note_all_bad(row.entry, shares)
        policy = sealed.signed_policy(row.entry.opening.case).policy
        if not all(
            set(one.by_holder) >= set(policy.part(name).holders) for name, one in shares.items()
        ):
            LaterEntry.objects.filter(pk=row.pk).update(tried=_count(row.later))
            return False
    words = "；".join(f"{name}：{fact}" for name, fact in refusal.facts.items())
    return _fail(row, refusal.reason.code, f"{refusal.reason.message}{words}")


def _fail(row: LaterEntry, fault: str, words: str) -> bool:
    LaterEntry.objects.filter(pk=row.pk).update(state=State.FAILED, fault=fault, fault_words=words)
    return True


@transaction.atomic
def _finish(later_id: UUID, *, now: datetime) -> bool:
    later = _locked(later_id)
    if later.stage != LaterStage.HOLDERS or later.entries.filter(state=State.RELEASED).exists():
        return False
    decrypting.sweep(later.opening.case)
    later.stage, later.judged_at = LaterStage.JUDGED, now
    later.save(update_fields=["stage", "judged_at"])
    reports.later_judged(later, now=now)
    return True


@transaction.atomic
def retry(*, row_id: UUID, actor: Actor, now: datetime) -> LaterEntry:
    """Let a bid's parts be decrypted once more after the platform's file was restored (E-09).

    The holders gave their shares already. Raises ``Refusal`` (NOT_SECOND, NOT_RETRIABLE).
    """
    later = _locked(LaterEntry.objects.get(pk=row_id).later_id)
    if not queries.is_centre(later.opening.case, actor):
        raise Refusal(rules.NOT_SECOND)
    row = later.entries.select_for_update(of=("self",)).get(pk=row_id)
    is_ours = queries.is_fault_of_platform(row)
    if not is_ours or later.stage not in {LaterStage.HOLDERS, LaterStage.JUDGED}:
        raise Refusal(rules.NOT_RETRIABLE)
    row.state, row.fault, row.fault_words, row.tried = State.RELEASED, "", "", 0
    row.save()
    later.stage, later.judged_at = LaterStage.HOLDERS, None
    later.save(update_fields=["stage", "judged_at"])
    audit.record(actor=actor, deed="opening.later_retried", object_id=row.pk, now=now)
    return row


@transaction.atomic
def show(*, later_id: UUID, actor: Actor, now: datetime) -> LaterOpening:
    """Make known and publish what was opened, as a person of the centre (U-07).

    Raises ``Refusal`` (NOT_SECOND, UNFINISHED).
    """
    later = _locked(later_id)
    opening = later.opening
    if not queries.is_centre(opening.case, actor) or is_same_person(actor, later.decided_by):
        raise Refusal(rules.NOT_SECOND)
    if later.stage != LaterStage.JUDGED:
        raise Refusal(rules.UNFINISHED)
    holds.require_none(opening.case_code)
    for row in later.entries.filter(state=State.OPENED).select_related("entry__opening__case"):
        _note_figures(row)
    record = recording.record_of_later(later)
    later.record = record
    later.record_signature = sign(RECORD_LABEL, record, sealed.centre_key()).signature.hex()
    later.stage, later.shown_at, later.shown_by_name = LaterStage.SHOWN, now, actor.name
    later.version_id = reports.record_published(opening, now=now).pk
    later.save()
    telling.later_shown(later, now=now)
    audit.record(actor=actor, deed="opening.later_shown", object_id=opening.pk, now=now)
    return later


def _note_figures(row: LaterEntry) -> None:
    entry, cover = row.entry, sealed.cover_of(row.entry.path)
    letters = [
        letter
        for part in sealed.parts_of_bid(cover, event=row.later.event)
        for letter in decrypting.letters_in(_folder(entry) / part.name)
    ]
    decrypting.note_figures(entry, cover, letters, earlier=entry.letter)
    entry.save()


def _locked(later_id: UUID) -> LaterOpening:
    found = LaterOpening.objects.select_for_update(of=("self",)).select_related("opening__case")
    return found.get(pk=later_id)
