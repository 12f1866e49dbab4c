"""The form of a notice."""

from django import forms

LONGEST = 4000


class NoticeForm(forms.Form):
    """A notice of days off as the State Council's office published it."""

    year = forms.IntegerField(
        label="年份",
        min_value=2019,
        max_value=2100,
        error_messages={
            "required": "请填写安排的是哪一年。",
            "invalid": "年份请填四位数字，例如 2027。",
            "min_value": "年份请填四位数字，例如 2027。",
            "max_value": "年份请填四位数字，例如 2027。",
        },
    )
    title = forms.CharField(
        label="文号",
        max_length=120,
        help_text="例如：国办发明电〔2025〕7号。",
        error_messages={"required": "请填写通知的文号。"},
    )
    announced_on = forms.DateField(
        label="公布日期",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": "请填写公布日期。",
            "invalid": "公布日期请按 2026-11-04 的样子填写。",
        },
    )
    source = forms.URLField(
        label="原文网址",
        max_length=300,
        assume_scheme="https",
        help_text="政府网站上的通知原文，公众据此核对。",
        error_messages={"required": "请填写通知原文的网址。", "invalid": "请填写完整的网址。"},
    )
    text = forms.CharField(
        label="通知正文",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="请原样粘贴逐项写明放假和上班日期的文字。系统读出每一天，并用所写的星期和天数核对；有出入的不予载入。",
        error_messages={
            "required": "请粘贴通知正文。",
            "max_length": f"通知正文不超过 {LONGEST} 字。",
        },
    )
