"""Reads openings: for who takes part, and for the rooms that go on with what was opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.deposits import queries as deposits
from gongheng.trading.documents import queries as documents
from gongheng.trading.opening import particulars, permissions, rules, sealed
from gongheng.trading.opening.kinds import LaterStage, Stage, State
from gongheng.trading.opening.models import (
    Decision,
    Entry,
    FrozenPart,
    LaterEntry,
    LaterOpening,
    Opening,
    ShareRelease,
)
from gongheng.trust.envelope import reasons
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role

HOUR = "opening_at"
FILE_LOST = "opening.file_lost"
FAULTS_OF_PLATFORM = frozenset({FILE_LOST, reasons.DAMAGED.code, reasons.NOT_AN_ENVELOPE.code})
"""The stored file is not what was received: the platform's to mend (E-09)."""


def is_fault_of_platform(bid: Entry | LaterEntry) -> bool:
    """Tell whether a bid was not decrypted because of what the platform stored (E-09)."""
    return bid.state == State.FAILED and bid.fault in FAULTS_OF_PLATFORM


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedBid:
    """A bid after the opening, for the rooms that go on with it; ``price`` as the letter states it.

    ``price`` and ``duration_days`` are empty where ``findings`` say that they cannot be read.
    ``folder`` holds one folder for each opened part; only those in ``parts`` are made known.
    """

    id: UUID
    bid_id: UUID
    bidder_code: str
    bidder_name: str
    price: Decimal | None
    duration_days: int | None
    project_manager: str
    quality: str
    bond_ok: bool
    folder: Path
    parts: frozenset[str]
    state: State
    letter: Mapping[str, Any]
    fingerprint: Mapping[str, Any]
    findings: Sequence[Mapping[str, str]]

    @property
    def partners(self) -> tuple[tuple[str, str], ...]:
        """Return code and name of everybody whom the letter names besides the bidder (J-01)."""
        return particulars.partners(self.letter, bidder_code=self.bidder_code)


def opening_at(case: Case) -> datetime | None:
    """Return the hour of the opening, as notice, addenda and resumptions have set it."""
    return cases.known_instant(case, HOUR)


def window(case: Case) -> timedelta:
    """Return how long bidders may decrypt in a round, as its documents say (E-06)."""
    document = documents.issued_in(case)
    return rules.window(document.decryption_minutes if document else None)


def allows_recovery(case: Case) -> bool:
    """Tell whether the documents of a round let a bidder decrypt by its recovery code (E-08)."""
    document = documents.issued_in(case)
    return document is None or document.allows_recovery


def of_case(case_id: UUID) -> Opening | None:
    """Return the opening of a round, once it has begun."""
    return Opening.objects.filter(case_id=case_id).select_related("case").first()


def of_code(case_code: str) -> Opening | None:
    """Return the opening of the latest round of a lot, once it has begun."""
    case = cases.case_of(case_code)
    return of_case(case.pk) if case else None


def opened(case_code: str) -> list[OpenedBid]:
    """Return the bids that were decrypted, once they have been made known; none before.

    Raises ``Refusal`` (NOT_SHOWN) until the opening's content is public to those who take part.
    """
    opening = of_code(case_code)
    if opening is None or not Stage(opening.stage).shows_prices:
        raise Refusal(rules.NOT_SHOWN)
    rows = opening.entries.filter(state=State.OPENED).order_by("number")
    shared = _shared_by(opening)
    return [_opened(opening, entry, shared) for entry in rows]


def bidders_shown(case: Case) -> list[dict[str, str]]:
    """Return code and name of those whose bids were decrypted, nobody before that is made known."""
    opening = of_case(case.pk)
    if opening is None or not Stage(opening.stage).shows_prices:
        return []
    rows = opening.entries.filter(state=State.OPENED).order_by("number")
    return [{"code": entry.bidder_code, "name": entry.bidder_name} for entry in rows]


def opened_bid(entry_id: UUID) -> OpenedBid | None:
    """Return one opened bid that has been made known."""
    entry = Entry.objects.filter(pk=entry_id).select_related("opening__case").first()
    if entry is None or entry.state != State.OPENED or not Stage(entry.opening.stage).shows_prices:
        return None
    return _opened(entry.opening, entry, _shared_by(entry.opening))


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is asked once for all bids: whose bond was there, none asked; which parts are known."""

    secured: frozenset[str] | None
    parts: frozenset[str]


def _opened(opening: Opening, entry: Entry, shared: _Shared) -> OpenedBid:
    return OpenedBid(
        id=entry.pk,
        bid_id=entry.bid_id,
        bidder_code=entry.bidder_code,
        bidder_name=entry.bidder_name,
        price=entry.price,
        duration_days=entry.duration_days,
        project_manager=entry.project_manager,
        quality=entry.quality,
        bond_ok=shared.secured is None or entry.bidder_code in shared.secured,
        folder=sealed.opened_folder(opening.case) / str(entry.bid_id),
        parts=shared.parts,
        state=State(entry.state),
        letter=entry.letter,
        fingerprint=entry.fingerprint,
        findings=entry.findings,
    )


def _shared_by(opening: Opening) -> _Shared:
    document, due = documents.issued_in(opening.case), deposits.bids_due_at(opening.case)
    asked = document.bond_amount if document else None
    secured = (
        deposits.secured(opening.case, asked=asked, by=due or opening.begins_at) if asked else None
    )
    return _Shared(secured, _known(opening))


def _known(opening: Opening) -> frozenset[str]:
    """Return the parts whose content is made known: those of the hour, and what came later."""
    shown = opening.later.filter(stage=LaterStage.SHOWN).values("event")
    lists = opening.lists.filter(Q(event="") | Q(event__in=shown))
    return frozenset(lists.values_list("part", flat=True))


# Who takes part.


def attends(case: Case, opening: Opening | None, actor: Actor) -> bool:
    """Tell whether a person may be in the hall of a case.

    Before the opening begins every bidder may wait there: who waits must say nothing of who bids.
    """
    if not actor.may(permissions.ATTEND):
        return False
    if Role.BIDDER in actor.roles:
        return opening is None or entry_of(opening, actor) is not None
    if actor.roles & {Role.OFFICER, Role.SUPERVISOR}:
        return actor.reaches(case.region_code)
    return is_host(case, actor)


def is_host(case: Case, actor: Actor) -> bool:
    """Tell whether a person acts for the tenderer, who hosts the opening."""
    is_own = actor.is_of(case.tenderer_code, case.agency_code)
    return Role.CLERK in actor.roles and is_own and actor.reaches(case.region_code)


def is_centre(case: Case, actor: Actor) -> bool:
    """Tell whether a person is the trading centre's."""
    return Role.OFFICER in actor.roles and actor.reaches(case.region_code)


def entry_of(opening: Opening, actor: Actor) -> Entry | None:
    """Return the bid of a person's own firm."""
    if not actor.organisation_code:
        return None
    return opening.entries.filter(bidder_code=actor.organisation_code).first()


def attended_by(actor: Actor) -> QuerySet[Opening]:
    """Return the openings in which a person's own firm has a bid."""
    own = Entry.objects.filter(bidder_code=actor.organisation_code).exclude(bidder_code="")
    return Opening.objects.filter(pk__in=own.values("opening_id")).select_related("case")


# Where it stands.


def needs_cause(opening: Opening, entry: Entry) -> bool:
    """Tell whether the host decides, or may still correct, why a bid was not opened."""
    if opening.stage not in {Stage.HOLDERS, Stage.JUDGED}:
        return False
    return entry.state in {State.ABSENT, State.FAILED}


def without_cause(opening: Opening) -> QuerySet[Entry]:
    """Return the bids whose cause the host has yet to decide."""
    return opening.entries.filter(state__in=[State.ABSENT, State.FAILED], cause="")


def decrypted(opening: Opening) -> int:
    """Return how many bids were decrypted."""
    return opening.entries.filter(state=State.OPENED).count()


def open_decision(opening: Opening) -> Decision | None:
    """Return the decision that waits for its second person."""
    return opening.decisions.filter(decided_at__isnull=True).first()


def newest_shares(frozen: FrozenPart) -> list[ShareRelease]:
    """Return the newest statement of each holder of a part."""
    newest: dict[str, ShareRelease] = {}
    for row in frozen.shares.order_by("received_at", "id"):
        newest[row.holder] = row
    return [newest[holder] for holder in sorted(newest)]


def first_lists(opening: Opening) -> QuerySet[FrozenPart]:
    """Return the frozen lists of the opening's hour, without those of parts opened later."""
    return opening.lists.filter(event="").order_by("part")


def later_of(opening: Opening, event: str) -> LaterOpening | None:
    """Return the opening of the parts that waited for an event, once that is recorded."""
    return opening.later.filter(event=event).first() if event else None


def takes_shares(opening: Opening, frozen: FrozenPart) -> bool:
    """Tell whether holders may release shares for a list now."""
    if not frozen.event:
        return opening.stage == Stage.HOLDERS
    later = later_of(opening, frozen.event)
    return later is not None and later.stage == LaterStage.HOLDERS


def is_sealed_still(case: Case, event: str) -> bool:
    """Tell whether parts of the bids wait for an event, or were opened but not made known yet."""
    opening = of_case(case.pk)
    signed = sealed.policy_of(case)
    if opening is None or signed is None or not sealed.parts_waiting_for(signed.policy, event):
        return False
    later = later_of(opening, event)
    return later is None or later.stage != LaterStage.SHOWN


def waits_for(case: Case, event: str) -> bool:
    """Tell whether parts of a round's bids are opened only after an event."""
    signed = sealed.policy_of(case)
    return signed is not None and bool(sealed.parts_waiting_for(signed.policy, event))


def known_parts(entry: Entry) -> frozenset[str]:
    """Return the parts of an opened bid whose content was made known."""
    first = set(first_lists(entry.opening).values_list("part", flat=True))
    shown = entry.later.filter(state=State.OPENED, later__stage=LaterStage.SHOWN)
    events = shown.values("later__event")
    later = entry.opening.lists.filter(event__in=events).values_list("part", flat=True)
    return frozenset(first | set(later))


def awaiting(stage: Stage) -> list[UUID]:
    """Return the openings at a stage, the longest waiting first."""
    return list(
        Opening.objects.filter(stage=stage).order_by("begins_at").values_list("pk", flat=True)
    )


def due_for_opening(*, now: datetime) -> list[UUID]:
    """Return the cases whose hour of opening has come and whose opening has not begun."""
    waiting = Case.objects.filter(awaits="open_bids", is_over=False, opening__isnull=True)
    return cases.reached_instant(waiting.order_by("code"), HOUR, now=now)
