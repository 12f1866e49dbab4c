"""Decrypting the listed bids: by the worker, never in a request; killed anywhere, it goes on.

Plaintext appears under its final name only when every byte of the part was right; what a killed
worker left under a hidden name is swept away.
"""

import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from gongheng.kernel.faults import reached
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import figures, queries, reports, sealed
from gongheng.trading.opening.kinds import Stage, State
from gongheng.trading.opening.models import Entry, FrozenPart, Opening, ShareRelease
from gongheng.trust.envelope import bidder_release, derivation, reasons
from gongheng.trust.envelope.bidder_release import BidderRelease
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.opening import open_part
from gongheng.trust.envelope.recombination import Recombined, ValidShares, key_of
from gongheng.trust.envelope.share_release import ShareStatement

FINAL_FAULTS = frozenset(
    {
        reasons.PLANTED,
        reasons.CONTENT_BROKEN,
        reasons.DAMAGED,
        reasons.NOT_AN_ENVELOPE,
        reasons.RELEASE_INVALID,
        reasons.TOO_FEW_SHARES,
    }
)
"""What ends the attempt to open a bid; anything else is our fault and tried again."""
FILE_LOST = "opening.file_lost"
AT_ONCE = 8
"""So many bids share one look at the statements, of which each names every bid."""
_DRAFT = re.compile(r"\..+\.[0-9a-f]{16}")


def sweep(case: Case) -> int:
    """Remove the drafts of decryptions that were cut off; return how many there were."""
    folder = sealed.opened_folder(case)
    found = [path for path in folder.glob("*/.*") if _DRAFT.fullmatch(path.name)]
    for path in found:
        shutil.rmtree(path, ignore_errors=True)
    return len(found)


def step(*, opening_id: UUID, now: datetime, most: int = AT_ONCE) -> bool:
    """Decrypt ``most`` bids of an opening, or end the phase; tell whether something was done.

    Several workers may do this at once: a bid is passed over while another has its row's lock.
    """
    opening = Opening.objects.get(pk=opening_id)
    if opening.stage != Stage.HOLDERS:
        return False
    shares = shares_of(queries.first_lists(opening))
    threshold = _threshold(opening)
    least = min((len(each.by_holder) for each in shares.values()), default=0)
    done = 0
    if least >= threshold:
        waiting = opening.entries.filter(state=State.RELEASED, tried__lt=_count(opening))
        for entry_id in waiting.order_by("number").values_list("pk", flat=True):
            done += _decrypt(entry_id, shares, now=now)
            if done == most:
                return True
    return done > 0 or _finish(opening_id, now=now)


def _threshold(opening: Opening) -> int:
    policy = sealed.signed_policy(opening.case).policy
    return max(part.threshold for part in sealed.parts_to_open(policy))


def shares_of(lists: Iterable[FrozenPart]) -> Mapping[str, ValidShares]:
    """Return each frozen list with the newest statement of each holder, by part."""
    return {
        frozen.part: ValidShares.of(
            sealed.signed_policy(frozen.opening.case).policy,
            FrozenList.of_json(frozen.statement),
            [ShareStatement.of_json(row.statement) for row in queries.newest_shares(frozen)],
        )
        for frozen in lists
    }


def _count(opening: Opening) -> int:
    """Return how many statements there are, replaced ones included: a new one may mend a bad one."""
    return ShareRelease.objects.filter(frozen__opening=opening, frozen__event="").count()


@transaction.atomic
def _decrypt(entry_id: UUID, shares: Mapping[str, ValidShares], *, now: datetime) -> bool:
    """Open one bid under its row's lock; tell whether its state changed."""
    entry = (
        Entry.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=entry_id, state=State.RELEASED)
        .select_related("opening__case")
        .first()
    )
    if entry is None:
        return False
    reached("opening.before_decryption")
    try:
        _open(entry, shares, now=now)
    except Refusal as refusal:
        if refusal.reason not in FINAL_FAULTS:
            raise
        return _failed(entry, refusal, shares)
    except FileNotFoundError:
        return _fail(entry, FILE_LOST, "平台保存的投标文件不在原处")
    return True


def _open(entry: Entry, shares: Mapping[str, ValidShares], *, now: datetime) -> None:
    cover = sealed.cover_of(entry.path)
    home = sealed.opened_folder(entry.opening.case) / str(entry.bid_id)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    letter: list[bytes] = []
    for part in sealed.parts_of_bid(cover):
        found = recombined(entry, cover, shares[part.name])
        target = home / part.name
        # What a killed worker had finished is whole, but nobody wrote down what is in it.
        shutil.rmtree(target, ignore_errors=True)
        manifest = open_part(
            sealed.envelope_file(entry.path), cover, part.name, found.content_key, target
        )
        reached("opening.part_decrypted")
        entry.fingerprint[part.name] = dict(manifest.fingerprint)
        letter += letters_in(target)
    # A letter that is not there may lie in a part that waits for its event (E-29).
    if letter or not has_sealed_parts(entry, cover):
        note_figures(entry, cover, letter, earlier={})
    entry.state, entry.opened_at = State.OPENED, now
    entry.fault = entry.fault_words = ""
    entry.save()
    reached("opening.bid_opened")


def has_sealed_parts(entry: Entry, cover: Cover) -> bool:
    """Tell whether parts of a bid are still to be opened."""
    return any(part.name not in entry.fingerprint for part in cover.header.parts)


def recombined(entry: Entry, cover: Cover, shares: ValidShares) -> Recombined:
    """Return the keys of one part of a bid; holders with a bad share are named. Raises ``Refusal``."""
    half = _half(entry, cover, shares.frozen.part)
    found = key_of(cover, half, shares)
    _note_bad(entry, shares, found.bad)
    return found


def _half(entry: Entry, cover: Cover, part: str) -> bytes:
    if not cover.header.policy.part(part).bidder:
        return b""
    case = entry.opening.case
    return bidder_release.take_half(
        BidderRelease.of_json(entry.releases.get(part=part).statement),
        cover,
        closing=sealed.closing_of(case),
        opening_key=sealed.opening_key(case),
    )


def _note_bad(entry: Entry, shares: ValidShares, holders: Sequence[str]) -> None:
    """Name the holders whose share of this bid is not the one that was sealed to them."""
    frozen = FrozenPart.objects.get(opening=entry.opening, part=shares.frozen.part)
    named = [row.pk for row in queries.newest_shares(frozen) if row.holder in holders]
    # Locked in one order: another worker may name the same holders for its bid.
    for row in ShareRelease.objects.select_for_update().filter(pk__in=named).order_by("pk"):
        if entry.envelope not in row.bad:
            row.bad = [*row.bad, entry.envelope]
            row.save(update_fields=["bad"])


def letters_in(folder: Path) -> list[bytes]:
    """Return the letter's data in the folder of an opened part, if it is there."""
    path = folder / figures.FILE
    if not path.is_file():
        return []
    with path.open("rb") as file:
        return [file.read(figures.LARGEST + 1)]


def note_figures(
    entry: Entry, cover: Cover, letters: Sequence[bytes], *, earlier: Mapping[str, Any]
) -> None:
    """Set the key figures of a bid as its letters state them; the caller saves.

    ``letters`` are those of the parts that are opened now, ``earlier`` what was said before.
    """
    found = figures.read(
        letters[0] if letters else None,
        earlier=earlier,
        is_whole=not has_sealed_parts(entry, cover),
    )
    findings = [*found.findings]
    if len(letters) > 1:
        findings.append(figures.finding("opening.letter_twice"))
    entry.price, entry.duration_days = found.price, found.duration_days
    entry.project_manager, entry.quality = found.project_manager, found.quality
    entry.letter = found.letter
    entry.findings = [each.as_json() for each in findings]


def _failed(entry: Entry, refusal: Refusal, shares: Mapping[str, ValidShares]) -> bool:
    """Write down why a bid was not opened; with holders still to come it simply waits."""
    if refusal.reason is reasons.TOO_FEW_SHARES:
        note_all_bad(entry, shares)
        policy = sealed.signed_policy(entry.opening.case).policy
        answered = all(
            set(shares[part.name].by_holder) >= set(part.holders)
            for part in sealed.parts_to_open(policy)
        )
        if not answered:
            Entry.objects.filter(pk=entry.pk).update(tried=_count(entry.opening))
            return False
    words = "；".join(f"{name}：{fact}" for name, fact in refusal.facts.items())
    return _fail(entry, refusal.reason.code, f"{refusal.reason.message}{words}")


def note_all_bad(entry: Entry, shares: Mapping[str, ValidShares]) -> None:
    """Name the holders of every bad share of a bid, where too few good ones are left."""
    cover = sealed.cover_of(entry.path)
    for part in (each for each in cover.header.policy.parts if each.name in shares):
        if part.name not in {each.name for each in cover.header.parts}:
            continue
        context = cover.header.context(part.name)
        digests = [each.digest for each in cover.header.part(part.name).shares]
        bad = [
            one.holder
            for one in shares[part.name].by_holder.values()
            if (share := one.shares.get(cover.digest))
            and derivation.share_digest(context, part.index_of(one.holder), share)
            != digests[part.index_of(one.holder) - 1]
        ]
        _note_bad(entry, shares[part.name], bad)


def _fail(entry: Entry, fault: str, words: str) -> bool:
    home = sealed.opened_folder(entry.opening.case) / str(entry.bid_id)
    shutil.rmtree(home, ignore_errors=True)
    Entry.objects.filter(pk=entry.pk).update(
        state=State.FAILED, fault=fault, fault_words=words, fingerprint={}
    )
    reached("opening.bid_failed")
    return True


@transaction.atomic
def _finish(opening_id: UUID, *, now: datetime) -> bool:
    opening = Opening.objects.select_for_update(of=("self",)).get(pk=opening_id)
    if opening.stage != Stage.HOLDERS or opening.entries.filter(state=State.RELEASED).exists():
        return False
    sweep(opening.case)
    opening.stage, opening.judged_at = Stage.JUDGED, now
    opening.save(update_fields=["stage", "judged_at"])
    reports.judged(opening, now=now)
    reached("opening.judged")
    return True
