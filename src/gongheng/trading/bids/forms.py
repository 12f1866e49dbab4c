"""What people fill in: the earliest deadline, the signed rules, the confirmation of a withdrawal."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from gongheng.kernel.reasons import Reason
from gongheng.trading.bids import rules
from gongheng.trust.envelope.reasons import HOLDER_UNPROVEN, POLICY_UNREADABLE

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LARGEST_POLICY = rules.ONE_MEBIBYTE


class PolicyForm(forms.Form):
    """When the earliest deadline may be."""

    not_before = forms.DateTimeField(
        label="最早开启时间",
        help_text=(
            "任何部分在此之前都打不开。填预定的投标截止时间或更早；公告的投标截止时间不得早于它，"
            "以后顺延不必重签。格式：2026-11-20 09:00"
        ),
        widget=forms.DateTimeInput(format="%Y-%m-%d %H:%M"),
    )
    takes_fingerprint = forms.BooleanField(
        label="投标文件须随附制作环境信息（封存在文件内，开启后才能看到）",
        required=False,
        initial=True,
    )

    opens_price_later = forms.BooleanField(
        label="双信封：报价部分在评标委员会结束技术评审以后才开启",
        required=False,
        help_text="开标时只开启资格审查和技术部分；技术评审结束后，由招标人签署决定、保管方交出份额，再开启报价。",
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self._now = now

    def clean_not_before(self) -> datetime:
        """Refuse an instant that is past."""
        found: datetime = self.cleaned_data["not_before"]
        if found <= self._now:
            raise forms.ValidationError(
                f"{rules.DEADLINE_PAST.message}{rules.DEADLINE_PAST.remedy}"
            )
        return found


class SignedPolicyForm(forms.Form):
    """The file that the tenderer signed on its own machine."""

    signed = forms.FileField(
        label="签署后的规则文件", help_text="gongheng policy sign 生成的 JSON 文件"
    )

    def clean_signed(self) -> object:
        """Return the JSON in the file."""
        return _json_in(self.cleaned_data["signed"], POLICY_UNREADABLE)


class AnnouncementForm(forms.Form):
    """The announcement of a body's key, made on its own machine by hand."""

    announcement = forms.FileField(
        label="保管方的声明",
        help_text="保管方的服务停用时，由其人员用 gongheng holder keygen 生成的 JSON 文件；内容由保管方的签名证明。",
        error_messages={"required": "请选择保管方交来的声明文件。"},
    )

    def clean_announcement(self) -> object:
        """Return the JSON in the file."""
        return _json_in(self.cleaned_data["announcement"], HOLDER_UNPROVEN)


def _json_in(file: "UploadedFile", otherwise: Reason) -> object:
    if (file.size or 0) > LARGEST_POLICY:
        raise forms.ValidationError(str(otherwise))
    try:
        return json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise forms.ValidationError(str(otherwise)) from error


class WithdrawalForm(forms.Form):
    """The confirmation that a bid is taken back."""

    is_sure = forms.BooleanField(
        label="本单位确认撤回这份投标文件，并知道撤回后在截止时间前可以重新递交",
        error_messages={"required": "请先确认撤回。"},
    )
