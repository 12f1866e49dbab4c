"""Proposes and publishes what is announced beside the usual course: failure, end, stop, going on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from gongheng.data.records import queries as records
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.registers.codes import actions as codes
from gongheng.trading.cases import actions as cases, gate, queries as cases_queries
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trading.notices import letters, locking, queries, reports, rules
from gongheng.trading.notices.content import written
from gongheng.trading.notices.kinds import (
    DATASET,
    EXCEPTIONS,
    AnnouncementFacts,
    AnnouncementKind,
    Cause,
    NoticeState,
)
from gongheng.trading.notices.models import Announcement, Notice, NoticeLot
from gongheng.trading.projects.models import Lot
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

STEPS = {
    "announce_failure": AnnouncementKind.FAILURE,
    "terminate": AnnouncementKind.TERMINATION,
    "terminate_idle": AnnouncementKind.TERMINATION,
    "suspend": AnnouncementKind.SUSPENSION,
    "resume": AnnouncementKind.RESUMPTION,
}
"""The steps of a case that announce something, with what each announces."""
ENDING = frozenset({AnnouncementKind.FAILURE, AnnouncementKind.TERMINATION})
"""After these a lot's notice invites bids no more."""
LETTERS = {
    AnnouncementKind.FAILURE: "LB",
    AnnouncementKind.TERMINATION: "ZZ",
    AnnouncementKind.SUSPENSION: "ZT",
    AnnouncementKind.RESUMPTION: "HF",
}


@transaction.atomic
def propose(
    *, case_id: UUID, step: str, facts: AnnouncementFacts, actor: Actor, now: datetime
) -> tuple[Proposal, ...]:
    """Propose an announcement in a step of ``STEPS``, for the lots that go together.

    A failure is one lot's; the lots of a notice that stand at the same point end, stop and go on
    together, since they have one deadline. Raises ``Refusal``.
    """
    kind = STEPS[step]
    rules.require_reason(facts.statement)
    if facts.since is not None:
        rules.require_begun(since=facts.since, now=now)
    case = cases_queries.cases_for(actor).get(pk=case_id)
    matter = uuid7()
    proposals = [
        _proposed(one, step=step, kind=kind, facts=facts, actor=actor, now=now, matter=matter)
        for one in locking.locked(queries.lots_together(case, kind=kind))
    ]
    audit.record(actor=actor, deed=f"notice.{kind}_proposed", object_id=case.pk, now=now)
    return tuple(proposals)


def _proposed(
    case: Case,
    *,
    step: str,
    kind: AnnouncementKind,
    facts: AnnouncementFacts,
    actor: Actor,
    now: datetime,
    matter: UUID,
) -> Proposal:
    made = _kept(case, kind, facts, step=step, actor=actor, now=now)
    stated: dict[str, str | datetime] = {"announcement": str(made.pk), "cause": made.cause}
    if kind is AnnouncementKind.SUSPENSION:
        stated |= {"document": made.document, "outage_since": made.since or now}
    if kind is AnnouncementKind.RESUMPTION:
        stopped = queries.suspension_of(case)
        if stopped is None:
            raise Refusal(rules.NOT_STOPPED)
        stated |= {"document": stopped.document, "answer_document": made.document}
        if made.bids_due_at is not None:
            stated |= {"bids_due_at": made.bids_due_at, "opening_at": made.bids_due_at}
    return cases.propose(
        case_id=case.pk, step=step, facts=stated, actor=actor, now=now, matter=matter
    )


def _kept(
    case: Case,
    kind: AnnouncementKind,
    facts: AnnouncementFacts,
    *,
    step: str,
    actor: Actor,
    now: datetime,
) -> Announcement:
    """Keep what is proposed, over what a second person returned."""
    lot = Lot.objects.select_related("tender_project").get(code=case.code)
    made = Announcement.objects.filter(lot=lot, kind=kind, published_at=None).first()
    if made is None:
        last = lot.announcements.aggregate(last=Max("number"))["last"] or 0
        made = Announcement(
            region_code=lot.region_code,
            lot=lot,
            kind=kind,
            number=last + 1,
            document=codes.issue_reference(
                region_code=settings.NODE.region_code, letters=LETTERS[kind], day=day_of(now)
            ),
        )
    made.case_id = case.pk
    made.cause = queries.cause_of(case, kind, step=step)
    made.statement, made.duties = facts.statement, facts.duties
    made.since, made.bids_due_at = facts.since, _deadline(case, kind, facts)
    made.proposed_by_name, made.proposed_at = actor.name, now
    made.save()
    return made


def _deadline(case: Case, kind: AnnouncementKind, facts: AnnouncementFacts) -> datetime | None:
    """Return the deadline that a resumption sets: only where bids are still being made."""
    is_bidding = kind is AnnouncementKind.RESUMPTION and case.awaits == queries.BIDDING
    return facts.bids_due_at if is_bidding else None


@dataclass(frozen=True, slots=True)
class _Matter:
    """The announcements of one matter beside their proposals."""

    proposals: tuple[Proposal, ...]
    made: tuple[Announcement, ...]


def _matter(proposal: Proposal) -> _Matter:
    proposals = gate.proposals_of(proposal.matter)
    found = Announcement.objects.select_related("lot__tender_project__project")
    made = tuple(found.get(pk=str(one.facts["announcement"])) for one in proposals)
    return _Matter(proposals, made)


def passage(proposal: Proposal, now: datetime) -> gate.Passage:
    """Return the announcements as they would be published, and what follows for the notice."""
    made = _matter(proposal).made
    bodies = [(EXCEPTIONS, reports.exception_body(one, now=now)) for one in made]
    if (notice := _resumed(made)) is not None:
        bodies.append((DATASET, _resumed_body(notice, made[0], now)))
    first = made[0]
    facts = [
        ("事项", first.kind_label),
        ("原因", first.cause_label),
        ("标段", "；".join(f"{one.lot.name}（{one.lot.code}）" for one in made)),
    ]
    if first.duties:
        facts.append(("后续安排", first.duties))
    if first.bids_due_at:
        facts.append(("恢复后的投标截止和开标时间", written(first.bids_due_at)))
    return gate.Passage(
        title=first.title,
        records=tuple((dataset, reports.timeless(body)) for dataset, body in bodies),
        facts=tuple(facts),
    )


def _resumed(made: Sequence[Announcement]) -> Notice | None:
    """Return the notice whose deadline a resumption sets anew."""
    if made[0].kind != AnnouncementKind.RESUMPTION or made[0].bids_due_at is None:
        return None
    return queries.standing_notice(made[0].lot.code)


def _resumed_body(notice: Notice, made: Announcement, now: datetime) -> dict[str, str]:
    standing = records.own_record(notice.version_id)
    if standing is None:
        raise Refusal(rules.WITHDRAWN)
    return reports.resumed_body(notice, made, standing=standing, now=now)


@transaction.atomic
def carry_out(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Publish what a second person confirmed, in each case of the matter."""
    matter = _matter(proposal)
    for one in matter.proposals:
        cases.advance(
            case_id=one.case_id,
            step=one.step,
            facts=one.facts,
            outcome=one.outcome,
            actor=actor,
            now=now,
        )
    for made in matter.made:
        made.version_id = reports.announced(made, actor=actor, now=now).pk
        made.published_at = now
        made.save(update_fields=["version_id", "published_at"])
    if (notice := _resumed(matter.made)) is not None:
        _move_deadline(notice, matter.made[0], actor=actor, now=now)
    for one, made in zip(matter.proposals, matter.made, strict=True):
        letters.tell_announcement(made, one.case, now=now)
    if AnnouncementKind(matter.made[0].kind) in ENDING:
        _end(matter.made, actor=actor, now=now)
    audit.record(
        actor=actor,
        deed=f"notice.{matter.made[0].kind}_published",
        object_id=proposal.case_id,
        now=now,
    )


def _move_deadline(notice: Notice, made: Announcement, *, actor: Actor, now: datetime) -> None:
    body = _resumed_body(notice, made, now)
    due = made.bids_due_at or notice.bids_due_at
    version = reports.notice_changed(notice, body, reason=made.statement, actor=actor, now=now)
    notice.version_id = version.pk
    notice.bids_due_at = notice.opening_at = due
    notice.save(update_fields=["version_id", "bids_due_at", "opening_at"])


def _end(made: Sequence[Announcement], *, actor: Actor, now: datetime) -> None:
    """Let the lots' notice invite bids for them no more; without lots it stands no more itself."""
    lots = [one.lot_id for one in made]
    notice = queries.standing_notice(made[0].lot.code)
    NoticeLot.objects.filter(lot__in=lots, is_standing=True).update(is_standing=False)
    if notice is None or notice.lots.filter(is_standing=True).exists():
        return
    notice.state = NoticeState.WITHDRAWN
    if made[0].cause == Cause.TERMINATED and now < notice.bids_due_at:
        # Nobody shall prepare a bid by a notice that is over; after the deadline it is history.
        version = reports.notice_ended(notice, reason=made[0].statement, actor=actor, now=now)
        notice.version_id = version.pk
    notice.save(update_fields=["version_id", "state"])
