"""Pages of the steps that follow a notice: clarification, failure, end, stop and going on."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_http_methods

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.notices import (
    announcing,
    clarifying,
    permissions,
    queries,
    rules,
    unlawful,
)
from gongheng.trading.notices.kinds import CLARIFY, AnnouncementKind
from gongheng.trading.notices.later_forms import AnnouncementForm, ChangeForm, FindingForm
from gongheng.trading.notices.models import Notice
from gongheng.trading.projects.models import Lot
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import Permission, View, route

SHOWN_AGAIN = 422
SUBMITTED = "已提交复核，另一位有权限的人员核对后公布。"


@require_http_methods(["GET", "HEAD", "POST"])
def clarify(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Clarify or change a standing notice and its documents, and answer questions."""
    actor, now = actor_of(request), legal_now()
    case = _case(actor, case_id)
    if waiting := cases.open_proposal(case, CLARIFY):
        return redirect("case-confirm", waiting.pk)
    notice = _notice(case)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        announced=clarifying.announced(notice),
        returned=queries.waiting_clarification(notice),
        questions=queries.open_questions(notice),
        now=now,
    )
    if form.is_bound and form.is_valid():
        with audit.refusals(actor=actor, deed="notice.change_proposed", now=now, object_id=case_id):
            clarifying.propose(
                case_id=case_id,
                changes=_number(request),
                facts=form.facts(),
                actor=actor,
                now=now,
            )
        messages.success(request, SUBMITTED)
        return redirect("case", case_id)
    context = {
        "form": form,
        "notice": notice,
        "trail": _trail(case),
        "term": rules.term("W-07", now),
        "earliest": rules.earliest_deadline_after_change(now=now),
        "lots": queries.standing_lots(notice),
    }
    return render(request, "notices/clarify.html", context, status=_status(form))


def _case(actor: Actor, case_id: UUID) -> Case:
    return get_object_or_404(cases.cases_for(actor), pk=case_id)


def _notice(case: Case) -> Notice:
    notice = queries.standing_notice(case.code)
    if notice is None:
        raise Refusal(rules.NO_NOTICE, lot=case.code)
    return notice


def _trail(case: Case) -> list[tuple[str, str]]:
    return [(reverse("case", args=[case.pk]), case.title)]


def _status(form: forms.Form) -> int:
    return SHOWN_AGAIN if form.is_bound else 200


def _number(request: HttpRequest) -> int:
    text = request.POST.get("number", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("2147483647") else -1


def _announcement(step: str, heading: str, lead: str) -> View:
    """Return the page of a step that announces something."""
    kind = announcing.STEPS[step]

    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, case_id: UUID) -> HttpResponse:
        actor, now = actor_of(request), legal_now()
        case = _case(actor, case_id)
        if waiting := cases.open_proposal(case, step):
            return redirect("case-confirm", waiting.pk)
        data = request.POST if request.method == "POST" else None
        form = AnnouncementForm(data, kind=kind, kept=_kept(case, kind, now), now=now)
        if form.is_bound and form.is_valid():
            deed = f"notice.{kind}_proposed"
            with audit.refusals(actor=actor, deed=deed, now=now, object_id=case_id):
                announcing.propose(
                    case_id=case_id, step=step, facts=form.facts(), actor=actor, now=now
                )
            messages.success(request, SUBMITTED)
            return redirect("case", case_id)
        context = {
            "form": form,
            "case": case,
            "trail": _trail(case),
            "heading": heading,
            "lead": lead,
            "cause": queries.cause_of(case, kind, step=step).label,
            "kept": _kept(case, kind, now),
            "lots": _lots(queries.lots_together(case, kind=kind)),
        }
        return render(request, "notices/announce.html", context, status=_status(form))

    page.__name__ = step
    page.__doc__ = f"{heading}."
    return page


def _lots(codes: list[str]) -> list[Lot]:
    return list(Lot.objects.filter(code__in=codes).order_by("code"))


def _kept(case: Case, kind: AnnouncementKind, now: datetime) -> datetime | None:
    """Return the earliest deadline after a stop, where bids are still being made."""
    stopped, notice = queries.suspension_of(case), queries.standing_notice(case.code)
    is_asked = kind is AnnouncementKind.RESUMPTION and case.awaits == queries.BIDDING
    if not is_asked or stopped is None or notice is None or stopped.since is None:
        return None
    return rules.kept_deadline(bids_due_at=notice.bids_due_at, since=stopped.since, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
def find_unlawful(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Find the tender documents unlawful: the tender fails and is begun anew with right ones."""
    actor, now = actor_of(request), legal_now()
    case = _case(actor, case_id)
    form = FindingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        deed = "notice.found_unlawful"
        with audit.refusals(actor=actor, deed=deed, now=now, object_id=case_id):
            unlawful.find(
                case_id=case_id, statement=form.cleaned_data["statement"], actor=actor, now=now
            )
        messages.success(request, "已认定招标文件违法，请公告招标失败，改正后重新招标。")
        return redirect("case", case_id)
    context = {"form": form, "case": case, "trail": _trail(case)}
    return render(request, "notices/unlawful.html", context, status=_status(form))


def _step(step: str, view: View, audience: Permission) -> URLPattern:
    return route(f"cases/<uuid:case_id>/{step}/", view, name=f"case-{step}", audience=audience)


ROUTES = [
    _step(CLARIFY, clarify, permissions.CHANGE),
    _step(
        "announce_failure",
        _announcement(
            "announce_failure",
            "公告招标失败",
            "失败公告写明原因和后续安排，经复核后公开，本标段不再接收投标。",
        ),
        permissions.ANNOUNCE_FAILURE,
    ),
    _step(
        "terminate",
        _announcement(
            "terminate",
            "终止招标",
            "终止后应当及时退还招标文件费用、投标保证金和银行同期存款利息"
            "（《招标投标法实施条例》第三十一条）。",
        ),
        permissions.TERMINATE,
    ),
    _step(
        "terminate_idle",
        _announcement(
            "terminate_idle",
            "终止闲置项目",
            "经提醒后仍无进展的项目，由交易中心两人办理终止并公告；应退的款项按终止招标退还。",
        ),
        permissions.TERMINATE_IDLE,
    ),
    _step(
        "suspend",
        _announcement(
            "suspend",
            "暂停招标",
            "因系统故障等原因不能正常办理时，暂停并公告；恢复时保留暂停前剩余的时间"
            "（《电子招标投标办法》第五十六条）。",
        ),
        permissions.SUSPEND,
    ),
    _step(
        "resume",
        _announcement("resume", "恢复招标", "恢复后投标截止时间须保留暂停前剩余的时间。"),
        permissions.RESUME,
    ),
    _step("find_unlawful", find_unlawful, permissions.FIND_UNLAWFUL),
]
