"""The page on which a supervisor enters an order to stop a case, and the order that lifts it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongheng.registers.holds import queries as holds, reasons
from gongheng.trading.cases import directives, permissions, step_pages as steps
from gongheng.trust.identity.actors import actor_of
from gongheng.web.clock import legal_now
from gongheng.web.routes import route

MOST_LETTERS = 2000
PLACES = {reasons.ALREADY_HELD: "document", reasons.NO_DOCUMENT: "document"}
_NEEDED = {"required": "必须填写。"}


class HoldForm(forms.Form):
    """An order that stops a case."""

    document = forms.CharField(
        label="暂停通知的文号",
        max_length=100,
        help_text="例如：昆建监停〔2026〕7号",
        error_messages=_NEEDED,
    )
    cause = forms.CharField(
        label="暂停的理由",
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="项目各方会看到，请不要写投诉人的名称。",
        error_messages=_NEEDED,
    )


class LiftForm(forms.Form):
    """The order that lifts one of those that stand."""

    document = forms.ChoiceField(
        label="解除哪一项暂停",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    by_document = forms.CharField(
        label="解除通知的文号",
        max_length=100,
        help_text="例如：昆建监复〔2026〕7号",
        error_messages=_NEEDED,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Enter an order that stops the case, or the one that lifts it."""
    actor, now = actor_of(request), legal_now()
    case = steps.case_of(actor, case_id)
    standing = list(holds.orders_on(case.code))
    lifts = "lift" in request.POST
    stop = HoldForm(request.POST if request.method == "POST" and not lifts else None)
    go_on = LiftForm(request.POST if lifts else None, prefix="lift")
    chosen = go_on.fields["document"]
    assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  it is declared above
    chosen.choices = [(one.document, f"{one.document}：{one.cause}") for one in standing]
    if len(standing) == 1:
        chosen.initial = standing[0].document
    if request.method == "POST" and steps.filed(
        go_on if lifts else stop,
        lambda: (
            directives.lift(case_id=case.pk, actor=actor, now=now, **go_on.cleaned_data)
            if lifts
            else directives.place(case_id=case.pk, actor=actor, now=now, **stop.cleaned_data)
        ),
        name="case.hold_lifted" if lifts else "case.held",
        object_id=case.pk,
        actor=actor,
        now=now,
        places=PLACES,
    ):
        messages.success(request, "暂停已解除。" if lifts else "项目已暂停，解除以前不能办理。")
        return redirect("case", case.pk)
    context = {
        "case": case,
        "standing": standing,
        "stop": stop,
        "go_on": go_on,
        "trail": steps.trail(case),
    }
    status = steps.SHOWN_AGAIN if request.method == "POST" else 200
    return render(request, "cases/hold.html", context, status=status)


ROUTES = [
    route("cases/<uuid:case_id>/hold/", hold, name="case-hold", audience=permissions.HOLD),
]
