"""Addresses that only the tests of this room use."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_protect

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.web import display, errors

TOO_LATE = Reason(
    code="web_tests.too_late",
    message="投标截止时间已过，系统不再接收投标文件。",
    law=Law("招标投标法实施条例", "第三十六条"),
    remedy="如有疑问，请联系招标代理机构。",
)


class Example(forms.Form):
    name = forms.CharField(label="项目名称", help_text="与立项批文一致 <b>", max_length=5)
    kind = forms.ChoiceField(
        label="公告性质", choices=[("1", "正常公告"), ("2", "变更公告")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    agrees = forms.BooleanField(label="已核对")


@csrf_protect
def form(request: HttpRequest) -> HttpResponse:
    return render(request, "web_tests/form.html", {"form": Example(request.POST or None)})


def refuse(_request: HttpRequest) -> HttpResponse:
    raise Refusal(TOO_LATE)


def fail(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    *display.ROUTES,
    path("form/", form),
    path("refuse/", refuse),
    path("fail/", fail),
    path("bad/", errors.bad_request),
    path("denied/", errors.permission_denied),
]
handler400 = errors.bad_request
handler404 = errors.page_not_found
handler500 = errors.server_error
