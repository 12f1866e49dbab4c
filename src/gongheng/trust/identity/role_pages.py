"""The pages of the role templates: what counts, what is proposed, who decides (001-22, A-10)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import (
    permissions,
    role_deciding,
    role_sets,
    role_statement,
    roles,
)
from gongheng.trust.identity.actors import actor_of
from gongheng.trust.identity.models import RoleTemplateSet
from gongheng.trust.identity.role_forms import TemplatesForm
from gongheng.web.clock import legal_now
from gongheng.web.forms import DecisionForm
from gongheng.web.routes import route

SHOWN = 20
SHOWN_AGAIN = 422


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """Show the templates that count, the proposal that waits, and what was decided before."""
    return _templates(request, DecisionForm())


def _templates(request: HttpRequest, form: DecisionForm) -> HttpResponse:
    actor = actor_of(request)
    standing, fault = role_sets.shown()
    proposal = role_sets.proposed()
    keeper = role_statement.keeper()
    is_proposer = proposal is not None and proposal.proposed_by == actor.account_id
    context = {
        "standing": standing,
        "rows": list(standing.templates.items()),
        "fault": fault,
        "trail": [(reverse("identity-accounts"), "账号和角色")],
        "keeper": keeper,
        "proposal": proposal,
        "changes": _changes(proposal) if proposal else [],
        "history": [(row, _changes(row)) for row in role_sets.confirmed()[:SHOWN]],
        "rejected": role_sets.rejected()[:SHOWN],
        "may_propose": keeper is None and proposal is None and actor.may(permissions.PROPOSE),
        "may_confirm": actor.may(permissions.CONFIRM) and not is_proposer,
        "form": form,
    }
    status = SHOWN_AGAIN if form.errors else 200
    return render(request, "identity/role_templates.html", context, status=status)


def _changes(row: RoleTemplateSet) -> list[roles.Change]:
    after = {**roles.shipped(), **roles.read(row.rows)}
    return roles.changes(role_sets.before(row), after)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Propose templates; the system administrator decides."""
    standing, _ = role_sets.shown()
    form = TemplatesForm(
        request.POST if request.method == "POST" else None, templates=standing.templates
    )
    if form.is_bound and form.is_valid():
        try:
            role_deciding.propose(
                templates=form.templates(),
                words=form.cleaned_data["words"],
                actor=actor_of(request),
                now=legal_now(),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "修改已提出，由系统管理员确认后生效。")
            return redirect("identity-role-templates")
    status = SHOWN_AGAIN if form.errors else 200
    context = {"form": form, "number": standing.number + 1}
    return render(request, "identity/propose_role_templates.html", context, status=status)


@require_POST
def decide(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Confirm a proposal, or send it back with a reason."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        actor, now = actor_of(request), legal_now()
        try:
            if form.cleaned_data["decision"] == "confirm":
                role_deciding.confirm(proposal_id=proposal_id, actor=actor, now=now)
                words = "新的角色模板已生效，下级平台会随后取得。"
            else:
                role_deciding.reject(
                    proposal_id=proposal_id, words=form.cleaned_data["words"], actor=actor, now=now
                )
                words = "修改已退回，现行模板不变。"
        except RoleTemplateSet.DoesNotExist:
            raise Http404 from None
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, words)
            return redirect("identity-role-templates")
    return _templates(request, form)


ROUTES = [
    route("roles/", templates, name="identity-role-templates", audience=permissions.LOOK),
    route(
        "roles/propose/",
        propose,
        name="identity-propose-role-templates",
        audience=permissions.PROPOSE,
    ),
    route(
        "roles/<uuid:proposal_id>/decide/",
        decide,
        name="identity-decide-role-templates",
        audience=permissions.CONFIRM,
    ),
]
