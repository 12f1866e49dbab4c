"""What a witness writes down."""

from datetime import datetime
from typing import Any

from django import forms

from gongheng.kernel.clock import BEIJING
from gongheng.trading.witness.kinds import EntryKind
from gongheng.trading.witness.rules import Seen

MOMENTS = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_WRITTEN = [kind for kind in EntryKind if kind is not EntryKind.WITNESS]


def _moment(label: str, *, required: bool = True, hint: str = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=hint,
        input_formats=MOMENTS,
        widget=forms.DateTimeInput(format="%Y-%m-%d %H:%M"),
        error_messages={
            "required": "必须填写。",
            "invalid": "请按“2026-11-05 09:00”的格式填写时间。",
        },
    )


class EntryForm(forms.Form):
    """One thing that was seen; which fields are needed depends on its kind."""

    kind = forms.ChoiceField(
        label="类型",
        choices=[(kind.value, kind.label) for kind in _WRITTEN],
        error_messages={"required": "请选择类型。"},
    )
    happened_at = _moment("时间")
    person_name = forms.CharField(
        label="姓名", max_length=60, required=False, help_text="签到、签退、门禁出入填写。"
    )
    person_role = forms.CharField(
        label="身份",
        max_length=60,
        required=False,
        help_text="例如：招标人代表、评标专家、监督人员。",
    )
    words = forms.CharField(
        label="经过",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="事项、异常、更正填写。",
    )
    corrects = forms.IntegerField(
        label="更正第几条", min_value=1, required=False, help_text="更正时填写；原来的内容保留。"
    )
    until = _moment("结束时间", required=False, hint="音视频填写。")
    file_name = forms.CharField(
        label="音视频文件名", max_length=200, required=False, help_text="文件由交易中心保存。"
    )
    file_digest = forms.RegexField(
        regex=r"^[0-9a-f]{64}$",
        label="音视频文件的 SM3 摘要",
        required=False,
        help_text="64 位十六进制小写。",
        error_messages={"invalid": "摘要是 64 位十六进制小写。"},
    )

    def seen(self) -> Seen:
        """Return what a valid form says."""
        told: dict[str, Any] = {**self.cleaned_data, "kind": EntryKind(self.cleaned_data["kind"])}
        return Seen(**told)

    @staticmethod
    def first(now: datetime) -> dict[str, Any]:
        """Return what a new entry begins with."""
        return {"kind": EntryKind.ARRIVAL.value, "happened_at": now.astimezone(BEIJING)}
