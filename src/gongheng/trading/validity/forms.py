"""The forms by which longer validity is asked for, and replied to."""

from django import forms

from gongheng.trading.validity import rules

PLACES = {rules.NOT_LONGER: "until", rules.REPLY_PAST: "reply_by"}
"""Which field a refusal is about."""
MISSING = {"required": "必须填写。"}


class ExtensionForm(forms.Form):
    """Until when, why, and when the replies must be there."""

    until = forms.DateField(
        label="延长至",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="投标有效期的最后一日。",
        error_messages={**MISSING, "invalid": "请按“2026-12-31”的格式填写日期。"},
    )
    reply_by = forms.DateTimeField(
        label="答复期限",
        widget=forms.DateTimeInput(format="%Y-%m-%d %H:%M"),
        help_text="逾期不答复的，视为不同意。格式：2026-12-01 17:00",
        error_messages={**MISSING, "invalid": "请按“2026-12-01 17:00”的格式填写时间。"},
    )
    reason = forms.CharField(
        label="原因",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="发给每一家投标人。例如：异议尚在处理，不能在有效期内确定中标人。",
        error_messages=MISSING,
    )


class ReplyForm(forms.Form):
    """Yes or no."""

    consents = forms.TypedChoiceField(
        label="答复",
        choices=[("yes", "同意延长，投标文件的内容不变"), ("no", "不同意，原有效期届满后投标失效")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择。"},
    )
