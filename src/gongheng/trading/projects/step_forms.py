"""The forms of the steps before the notice, and of the decision after a failure."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.models import Case
from gongheng.trading.projects.kinds import (
    Anew,
    Approval,
    FilingFacts,
    Ground,
    IntakeVerdict,
    PlanFacts,
    Recogniser,
    Recognition,
)
from gongheng.trading.projects.models import Filing, TenderProject
from gongheng.trading.projects.papers import PAPERS

DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]
_DIGEST = re.compile(r"[0-9a-f]{64}")
RECOGNITION = ("ground", "recognised_by", "recognition_number", "recognised_on")
"""The fields of a tender by invitation that the law demands."""
_NEEDED = {"required": "必须填写。"}


class DayInput(forms.DateField):
    """A day, typed or chosen."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401  Django's own arguments
        super().__init__(
            input_formats=DAYS,
            widget=forms.DateInput(format="%Y-%m-%d"),
            error_messages={**_NEEDED, "invalid": "请填写日历上有的日期，例如 2026-09-01。"},
            **more,
        )


def words(
    label: str, *, most: int = 200, rows: int = 0, required: bool = True, hint: str = ""
) -> forms.CharField:
    """Return a field for a line or, with ``rows``, for several."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=hint,
        widget=widget,
        error_messages={
            **_NEEDED,
            "max_length": "不超过 %(limit_value)d 个字符，现在是 %(show_value)d 个字符，请压缩。",
        },
    )


class FilingForm(forms.Form):
    """The papers of an intake: the approval with its file, and the grounds of an exception."""

    approval_name = words("审批文件名称", most=500)
    approval_number = words("审批文号", most=100, hint="例如：昆发改审批〔2026〕88号")
    approval_authority = words("审批单位")
    approval_on = DayInput(label="批准日期", help_text="审批文件上的日期，例如 2026-09-01。")
    upload = forms.FileField(
        label="审批文件",
        help_text="PDF 扫描件或图片，不超过100MB。",
        error_messages={"required": "请上传审批文件。", "empty": "审批文件是空文件。"},
    )
    kept_file = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=200)
    kept_digest = forms.CharField(required=False, widget=forms.HiddenInput(), max_length=64)
    exception_reason = words("例外理由", most=2000, rows=3)
    exception_approver = words("批准单位")
    exception_document = words("批准文号")
    ground = forms.ChoiceField(
        label="采用邀请招标的法定情形",
        choices=[(one.value, one.label) for one in Ground],
        widget=forms.RadioSelect(),
        help_text="《招标投标法实施条例》第八条。",
        error_messages={"required": "请选择一项。"},
    )
    recognised_by = forms.ChoiceField(
        label="认定部门",
        widget=forms.RadioSelect(),
        help_text="需要审批、核准的项目由审批、核准部门认定；其他项目因费用采用邀请招标的，由行政监督部门认定。",
        error_messages={"required": "请选择认定部门。"},
    )
    recognition_number = words("认定文号", most=100, hint="例如：昆发改审批〔2026〕89号")
    recognised_on = DayInput(label="认定日期")

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own shape
        tender: TenderProject,
        earlier: Filing | None,
        is_exception: bool,
        **kwargs: Any,  # noqa: ANN401  Django's own shape
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_exception:
            for name in ("exception_reason", "exception_approver", "exception_document"):
                del self.fields[name]
        needs_ground = tender.is_by_invitation and tender.is_statutory
        if not needs_ground:
            for name in RECOGNITION:
                del self.fields[name]
        else:
            by = self.fields["recognised_by"]
            assert isinstance(by, forms.ChoiceField)  # noqa: S101  it is declared above
            bodies = (tender.approver_name, tender.supervisor_name)
            by.choices = [
                (one.value, f"{one.label}：{body}")
                for one, body in zip(Recogniser, bodies, strict=True)
            ]
        names = ("approval_name", "approval_number", "approval_authority")
        self.initial = {name: getattr(earlier or tender.project, name) for name in names}
        if earlier:
            self.initial |= {
                "approval_on": earlier.approval_on,
                "kept_file": earlier.approval_file,
                "kept_digest": earlier.approval_digest,
                "exception_reason": earlier.exception_reason,
                "exception_approver": earlier.exception_approver,
                "exception_document": earlier.exception_document,
                **{name: getattr(earlier, name) for name in RECOGNITION},
            }

        self.fields["upload"].required = not self._is_kept

    @property
    def _is_kept(self) -> bool:
        """Tell whether the file that the form names is really here."""
        digest = str(self["kept_digest"].value() or "")
        return _DIGEST.fullmatch(digest) is not None and PAPERS.path_of(digest).exists()

    @property
    def kept_name(self) -> str:
        """Return the name of the file that need not be uploaded again."""
        return str(self["kept_file"].value() or "") if self._is_kept else ""

    def clean(self) -> dict[str, Any]:
        """Keep what was uploaded, so that another error does not lose it."""
        cleaned = super().clean() or {}
        upload = cleaned.get("upload")
        if upload:
            try:
                kept = PAPERS.keep(upload.chunks(), name=upload.name)
            except Refusal as refusal:
                self.add_error("upload", str(refusal))
                return cleaned
            self._keep(upload.name, kept.digest)
        cleaned |= {
            "kept_digest": str(self.data.get("kept_digest", "")),
            "kept_file": str(self.data.get("kept_file", ""))[:200],
        }
        return cleaned

    def _keep(self, name: str, digest: str) -> None:
        kept = {"kept_file": name[:200], "kept_digest": digest}
        self.data = {**dict(self.data.items()), **kept}
        self.fields["upload"].required = False

    def facts(self) -> FilingFacts:
        """Return what was stated."""
        value = self.cleaned_data
        return FilingFacts(
            approval=approval_of(value),
            file=value["kept_file"],
            digest=value["kept_digest"],
            exception_reason=value.get("exception_reason", ""),
            exception_approver=value.get("exception_approver", ""),
            exception_document=value.get("exception_document", ""),
            recognition=self._recognition(),
        )

    def _recognition(self) -> Recognition | None:
        value = self.cleaned_data
        if not value.get("ground"):
            return None
        return Recognition(
            ground=Ground(value["ground"]),
            by=Recogniser(value["recognised_by"]),
            number=value["recognition_number"],
            on=value["recognised_on"],
        )


def approval_of(value: dict[str, Any]) -> Approval:
    """Return an approval as it was typed."""
    return Approval(
        name=value["approval_name"],
        number=value["approval_number"],
        authority=value["approval_authority"],
        on=value["approval_on"],
    )


class IntakeForm(forms.Form):
    """What an officer decides on a filing."""

    verdict = forms.ChoiceField(
        label="办理结果",
        choices=[
            (IntakeVerdict.ACCEPTED, "受理"),
            (IntakeVerdict.RETURNED, "退回，一次性告知补正"),
        ],
        widget=forms.RadioSelect(),
        error_messages={"required": "请选择办理结果。"},
    )
    corrections = words(
        "需要补正的内容",
        most=4000,
        rows=5,
        required=False,
        hint="退回时填写，每行一项；应一次性写全，以后不能再提出新的要求。",
    )

    def lines(self) -> list[str]:
        """Return the corrections, one a line."""
        text = str(self.cleaned_data["corrections"])
        return [line.strip() for line in text.splitlines() if line.strip()]


class AbandonForm(forms.Form):
    """Which lots are taken back, and why."""

    lots = forms.MultipleChoiceField(
        label="撤回的标段",
        widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": "请至少选择一个标段。"},
    )
    reason = words("撤回理由", most=2000, rows=3)

    def __init__(self, *args: Any, cases: list[Case], **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        chosen = self.fields["lots"]
        assert isinstance(chosen, forms.MultipleChoiceField)  # noqa: S101  it is declared above
        chosen.choices = [(case.code, f"{case.title}（{case.code}）") for case in cases]


class CloseForm(forms.Form):
    """Why a project in which nothing goes on is closed."""

    statement = words(
        "说明", most=2000, rows=3, hint="例如：已于某日电话联系经办人，项目资金未落实。"
    )


class PlanForm(forms.Form):
    """What a tender plan says beyond the project."""

    planned_on = DayInput(label="计划发布招标公告的日期")
    scope = words("拟招标的内容和规模", most=4000, rows=4)
    remark = words("说明", most=2000, rows=3, required=False, hint="可以写明资金、工期等安排。")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_planned_on(self) -> date:
        """Refuse a day that is over."""
        day: date = self.cleaned_data["planned_on"]
        if day < self.today:
            raise ValidationError("计划日期不能早于今天。")
        return day

    def facts(self) -> PlanFacts:
        """Return what was stated."""
        return PlanFacts(**self.cleaned_data)


class AnewForm(forms.Form):
    """What a tenderer decides after a failure; the approval is only for dropping the lot."""

    outcome = forms.ChoiceField(
        label="决定",
        choices=[(one.value, one.label) for one in Anew],
        widget=forms.RadioSelect(),
        error_messages={"required": "请选择一项。"},
    )
    reason = words("理由", most=2000, rows=3)
    approval_name = words("批准文件名称", most=500, required=False, hint="不再招标的必须填写。")
    approval_number = words("批准文号", most=100, required=False)
    approval_authority = words("批准单位", required=False)
    approval_on = DayInput(label="批准日期", required=False)
