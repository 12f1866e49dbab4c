"""The forms of decisions, keys and agreements."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from gongheng.data.standard.forms import half_width, moment_typed
from gongheng.registers.subjects import content, reasons
from gongheng.registers.subjects.forms import REQUIRED
from gongheng.registers.subjects.kinds import Commission, Correction, SubjectKind
from gongheng.trust.crypto.digests import sm3

LARGEST_PAPER = 10 * 1024 * 1024


class DecisionForm(forms.Form):
    """What an officer decides on an application."""

    corrections = forms.CharField(
        label="需要补正的全部内容",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="只能退回一次，请一次写全；每行一项，例如：法定代表人：与营业执照不一致，请核对。",
    )
    reason = forms.CharField(
        label="不予通过的理由",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def found(self, kind: SubjectKind) -> list[Correction]:
        """Return one correction a line; a line that begins with a field's label is about it."""
        names = {label: field for field, label in content.labels(kind).items()}
        lines = [line.strip() for line in self.cleaned_data["corrections"].splitlines()]
        return [
            Correction(names.get(line.replace(":", "：").partition("：")[0], ""), line)
            for line in lines
            if line
        ]


class ReasonForm(forms.Form):
    """A reason for a suspension or its end."""

    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=REQUIRED,
    )


class KeyForm(forms.Form):
    """The proof that ``gongheng subject key`` printed."""

    proof = forms.CharField(
        label="持有证明",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="在自己的电脑上运行 gongheng subject key，把输出的一行 JSON 粘贴在这里。私钥不要上传。",
        error_messages=REQUIRED,
    )

    def clean_proof(self) -> str:
        """Return the proof if it names a key."""
        text = str(self.cleaned_data["proof"]).strip()
        try:
            self.public_key_hex = str(json.loads(text)["key"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ValidationError(str(reasons.BAD_PROOF)) from None
        return text


class AgreementForm(forms.Form):
    """An agreement with the other side."""

    other_code = forms.CharField(
        label="对方的统一社会信用代码", max_length=18, error_messages=REQUIRED
    )
    own_side = forms.ChoiceField(
        label="本单位是",
        choices=[("tenderer", "招标人（委托方）"), ("agency", "招标代理机构（受托方）")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    commissions = forms.TypedMultipleChoiceField(
        label="委托事项",
        choices=Commission.choices(),
        coerce=Commission,
        widget=forms.CheckboxSelectMultiple,
        help_text="代理机构只能办理选中的事项；没有选中的，由招标人自己办理。",
        error_messages={"required": "请至少选择一项。"},
    )
    scope = forms.CharField(
        label="委托项目和说明",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：示例第一中学教学楼建设工程施工招标。",
        error_messages=REQUIRED,
    )
    starts_on = forms.CharField(
        label="委托开始日期", max_length=40, help_text="例如：2026-10-12", error_messages=REQUIRED
    )
    ends_on = forms.CharField(
        label="委托结束日期", max_length=40, help_text="例如：2027-10-11", error_messages=REQUIRED
    )
    document = forms.FileField(
        label="委托协议（PDF）",
        help_text="不超过10 MB；系统记录文件的SM3摘要。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )

    def clean(self) -> dict[str, Any]:
        """Read the days and the paper."""
        cleaned = super().clean() or {}
        for name in ("starts_on", "ends_on"):
            if cleaned.get(name):
                try:
                    moment = moment_typed(half_width(cleaned[name]), needs_time=False)
                    cleaned[name] = moment.date() if moment else None
                except ValidationError as wrong:
                    self.add_error(name, wrong)
        paper = cleaned.get("document")
        if paper is not None:
            if paper.size > LARGEST_PAPER:
                self.add_error("document", "文件超过10 MB，请压缩后再选择。")
            else:
                cleaned["digest"] = sm3(paper.read()).hex()
        return cleaned
