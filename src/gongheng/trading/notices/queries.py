"""Reads drafts and notices, always for somebody."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from gongheng.kernel.clock import midnight
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.declaration import IDLE
from gongheng.trading.cases.models import Case, Proposal
from gongheng.trading.notices import rules
from gongheng.trading.notices.kinds import PUBLISH_NOTICE, AnnouncementKind, Cause, QuestionState
from gongheng.trading.notices.models import (
    Announcement,
    Clarification,
    Notice,
    NoticeDraft,
    NoticeLot,
    Question,
)
from gongheng.trading.projects import queries as projects
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trust.identity.actors import Actor

BIDDING = "close_bids"
"""The step that a case awaits while bids are made."""


def drafts_of(actor: Actor) -> QuerySet[NoticeDraft]:
    """Return the drafts that the person may go on with, published ones included."""
    tenders = projects.tender_projects_of(actor).order_by()
    found = NoticeDraft.objects.filter(tender_project__in=tenders)
    return found.select_related("tender_project__project").order_by("-saved_at", "-id")


def open_draft(tender: TenderProject) -> NoticeDraft | None:
    """Return the draft of a tender project that is not published, if there is one."""
    return NoticeDraft.objects.filter(tender_project=tender, published_at=None).first()


def not_yet(lots: Iterable[Lot]) -> list[tuple[Lot, str]]:
    """Return the lots whose case has not come to the notice, with what it awaits."""
    found = []
    for lot in lots:
        case = cases.case_of(lot.code)
        if case is not None and case.awaits != PUBLISH_NOTICE:
            found.append((lot, cases.declaration_of(case).label_of(case.awaits)))
    return found


def open_proposals(draft: NoticeDraft) -> tuple[Proposal, ...]:
    """Return the proposals by which a draft waits for its second person, one for each lot."""
    waiting = Proposal.objects.filter(
        step=PUBLISH_NOTICE, settled_at__isnull=True, facts__draft=str(draft.pk)
    )
    return tuple(waiting.select_related("case").order_by("case__code"))


def standing_notice(lot_code: str) -> Notice | None:
    """Return the notice that invites bids for a lot now."""
    standing = NoticeLot.objects.filter(lot__code=lot_code, is_standing=True)
    row = standing.select_related("notice__tender_project").first()
    return row.notice if row else None


def standing_lots(notice: Notice) -> list[Lot]:
    """Return the lots that a notice still invites bids for, by code."""
    rows = notice.lots.filter(is_standing=True).select_related("lot").order_by("lot__code")
    return [row.lot for row in rows]


def lots_together(case: Case, *, kind: AnnouncementKind) -> list[str]:
    """Return the lots that an announcement is about: those with the same notice at the same point.

    A failure has its cause in one lot, and is that lot's alone.
    """
    notice = standing_notice(case.code)
    if kind is AnnouncementKind.FAILURE or notice is None:
        return [case.code]
    codes = [lot.code for lot in standing_lots(notice)]
    beside = Case.objects.filter(code__in=codes, awaits=case.awaits, is_over=False)
    if kind is AnnouncementKind.RESUMPTION:
        stopped = {other.code for other in beside if suspension_of(other) is not None}
        return sorted(stopped | {case.code})
    return sorted({*beside.values_list("code", flat=True), case.code})


def suspension_of(case: Case) -> Announcement | None:
    """Return the stop that a case stands under."""
    made = Announcement.objects.filter(case_id=case.pk, published_at__isnull=False)
    last = made.filter(kind__in=STOPPING).order_by("-number").first()
    return last if last is not None and last.kind == AnnouncementKind.SUSPENSION else None


STOPPING = (AnnouncementKind.SUSPENSION, AnnouncementKind.RESUMPTION)
_CAUSES = {
    AnnouncementKind.TERMINATION: Cause.TERMINATED,
    AnnouncementKind.SUSPENSION: Cause.SUSPENDED,
    AnnouncementKind.RESUMPTION: Cause.SUSPENDED,
}


def cause_of(case: Case, kind: AnnouncementKind, *, step: str) -> Cause:
    """Return the cause of an announcement: of a failure that of the outcome which led to it."""
    if cases.declaration_of(case).step(step).not_before == IDLE:
        return Cause.IDLE  # the centre ends it, not the tenderer (U-05)
    if kind is not AnnouncementKind.FAILURE:
        return _CAUSES[kind]
    failed = case.steps.filter(led_to="announce_failure").order_by("-number").first()
    if failed is None:
        raise Refusal(rules.NO_FAILURE)
    outcome = cases.declaration_of(case).step(failed.step).outcome(failed.outcome)
    return Cause(outcome.cause if outcome else "")


def notices_of(actor: Actor) -> QuerySet[Notice]:
    """Return the notices that the person may change or withdraw, newest first."""
    tenders = projects.tender_projects_of(actor).order_by()
    return _newest(Notice.objects.filter(tender_project__in=tenders))


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """Return the notices whose handling the person may read, newest first."""
    tenders = projects.tender_projects_for(actor).order_by()
    return _newest(Notice.objects.filter(tender_project__in=tenders))


def _newest(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    return notices.select_related("tender_project").order_by("-published_at", "-id")


def published_notices(tender_code: str) -> QuerySet[Notice]:
    """Return every notice of a tender project by its code, for anybody."""
    return _newest(Notice.objects.filter(tender_project__code=tender_code))


def is_open_to(notice: Notice, *, actor: Actor, now: datetime) -> bool:
    """Tell whether somebody may read a notice: a letter those inside, and whom it names."""
    if not notice.tender_project.is_by_invitation:
        return True
    codes = notice.lots.values_list("lot__code", flat=True)
    found = (cases.case_of(code) for code in codes)
    return any(case and cases.is_open_to(case, actor=actor, now=now) for case in found)


def questions_of_strangers(notice: Notice, *, on: date) -> int:
    """Return how many people who were not signed in asked about a notice on a day."""
    begins = midnight(on)
    strangers = notice.questions.filter(asked_by=None, asked_at__gte=begins)
    return strangers.filter(asked_at__lt=begins + timedelta(days=1)).count()


def open_questions(notice: Notice) -> list[Question]:
    """Return the questions that wait for an answer, in their order; who asked is nobody's to read."""
    waiting = notice.questions.filter(state=QuestionState.OPEN)
    return list(waiting.defer("asked_by", "contact").order_by("asked_at", "id"))


def answered_questions(notices: Iterable[Notice]) -> QuerySet[Question]:
    """Return questions and answers as anybody may read them, newest first."""
    answered = Question.objects.filter(notice__in=list(notices), state=QuestionState.ANSWERED)
    found = answered.select_related("clarification", "notice").defer("asked_by", "contact")
    return found.order_by("-clarification__published_at", "-asked_at", "id")


def notice_of_round(case: Case) -> Notice | None:
    """Return the notice that a round was announced by."""
    done = case.steps.filter(step=PUBLISH_NOTICE).first()
    found = Notice.objects.select_related("tender_project")
    return found.filter(pk=done.facts.get("draft")).first() if done else None


def clarifications_of(notice: Notice) -> QuerySet[Clarification]:
    """Return the published clarifications of a notice, in their order."""
    return notice.clarifications.filter(published_at__isnull=False).order_by("number")


def waiting_clarification(notice: Notice) -> Clarification | None:
    """Return the clarification that was proposed and is not published."""
    return notice.clarifications.filter(published_at=None).first()


def announcements_of(case: Case) -> QuerySet[Announcement]:
    """Return what was announced in a round, in its order."""
    made = Announcement.objects.filter(case_id=case.pk, published_at__isnull=False)
    return made.select_related("lot").order_by("number")


def taken_lots(tender: TenderProject) -> frozenset[str]:
    """Return the codes of the lots that a standing notice invites bids for."""
    standing = NoticeLot.objects.filter(lot__tender_project=tender, is_standing=True)
    return frozenset(standing.values_list("lot__code", flat=True))
