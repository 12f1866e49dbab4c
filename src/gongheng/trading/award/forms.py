"""The forms between the report and the contract."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict

from django import forms

from gongheng.data.standard.forms import DayField, StandardField
from gongheng.trading.award import rules
from gongheng.trading.award.kinds import (
    LossCause,
    PublicityFacts,
    RecheckCause,
    ResultFacts,
    Statement,
)
from gongheng.trading.award.models import Bulletin
from gongheng.trading.award.rules import Ranked
from gongheng.web import files
from gongheng.web.files import Paper
from gongheng.web.paper_field import PaperField

PUBLICITY, RESULT = "TENDER_CANDIDATE_ANNOUNCE", "WIN_RESULT_ANNO"
NOBODY = "nobody"
LONGEST_NAME = 200
REQUIRED = {"required": "必须填写。"}

PLACES = {
    rules.VIEW_TOO_SHORT: "ends_on",
    rules.ENDS_ON_REST_DAY: "ends_on",
    rules.OUT_OF_ORDER: "choice",
    rules.CANNOT_WIN: "choice",
    rules.NOT_A_CANDIDATE: "choice",
    rules.SOMEBODY_LEFT: "choice",
    rules.BIDS_EXPIRED: "consent",
    rules.NO_PROOF: "paper",
    files.EMPTY: "paper",
    files.TOO_LARGE: "paper",
    files.UNKNOWN_TYPE: "paper",
}
"""Which field of a form a refusal is about."""


class PublicityForm(forms.Form):
    """The publicity of candidates (B-06): what the report does not say."""

    title = StandardField(PUBLICITY, "PUBLICITY_NAME", label="公示标题")
    ends_on = DayField(PUBLICITY, "PUBLICITY_END_TIME", label="公示截止日", example="2026-11-12")
    summary = StandardField(
        PUBLICITY,
        "PUBLICITY_CONTENT",
        label="评标情况",
        rows=4,
        hint="评标办法、否决投标的单位和理由等，随公示公开；不得写评标委员会成员的姓名。",
    )
    objection_method = StandardField(
        PUBLICITY, "OBJECTION_METHOD", rows=3, hint="写明受理异议的单位、联系人、电话和平台入口。"
    )
    responsible = StandardField(PUBLICITY, "BULLETIN_DUTY", label="发布责任人")
    other = StandardField(PUBLICITY, "OTHER_CONTENT", label="其他内容", rows=3)

    def __init__(self, *args: Any, candidates: Sequence[Ranked], **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        for row in candidates:
            self.fields[f"certificate_{row.rank}"] = forms.CharField(
                label=f"第{row.rank}名的项目负责人证书名称和编号",
                max_length=LONGEST_NAME,
                error_messages=REQUIRED,
            )
            self.fields[f"qualification_{row.rank}"] = forms.CharField(
                label=f"第{row.rank}名响应招标文件要求的资格能力条件",
                widget=forms.Textarea(attrs={"rows": 3}),
                error_messages=REQUIRED,
            )

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields by candidate, for the page."""
        return [
            (
                f"第{row.rank}中标候选人：{row.bidder_name}",
                [self[f"certificate_{row.rank}"], self[f"qualification_{row.rank}"]],
            )
            for row in self.candidates
        ]

    @property
    def general(self) -> list[forms.BoundField]:
        """Return the fields that are about all candidates."""
        names = ("title", "ends_on", "summary", "objection_method", "responsible", "other")
        return [self[name] for name in names]

    def facts(self) -> PublicityFacts:
        """Return the facts of a form without errors."""
        clean = self.cleaned_data
        ends_on = clean["ends_on"]
        assert isinstance(ends_on, date)  # noqa: S101  a required day
        return PublicityFacts(
            title=clean["title"],
            ends_on=ends_on,
            summary=clean["summary"],
            objection_method=clean["objection_method"],
            responsible=clean["responsible"],
            other=clean["other"],
            statements={
                row.bidder_code: Statement(
                    certificate=clean[f"certificate_{row.rank}"],
                    qualification=clean[f"qualification_{row.rank}"],
                )
                for row in self.candidates
            },
        )


def publicity_again(bulletin: Bulletin | None) -> dict[str, Any]:
    """Return what was drafted before, so that nobody types it twice."""
    if bulletin is None:
        return {}
    initial: dict[str, Any] = dict(bulletin.details)
    initial.pop("ends_on", None)
    for row in bulletin.candidates.order_by("rank"):
        initial[f"certificate_{row.rank}"] = row.certificate
        initial[f"qualification_{row.rank}"] = row.qualification
    return initial


def _story() -> forms.CharField:
    return forms.CharField(
        label="经过和理由",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=REQUIRED,
    )


class LossFacts(TypedDict):
    """Why a candidate is lost, and the paper that shows it."""

    cause: LossCause
    reason: str
    paper: Paper | None


class LossForm(forms.Form):
    """Why a candidate cannot be awarded."""

    cause = forms.ChoiceField(
        label="法定事由",
        choices=LossCause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    reason = _story()
    paper = PaperField(label="证明材料", required=True)

    def facts(self) -> LossFacts:
        """Return what the acts that record a loss ask for."""
        return {
            "cause": LossCause(self.cleaned_data["cause"]),
            "reason": self.cleaned_data["reason"],
            "paper": self.cleaned_data["paper"],
        }


class RecheckForm(forms.Form):
    """Why the original committee is asked to look again."""

    cause = forms.ChoiceField(
        label="事由",
        choices=RecheckCause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。"},
    )
    choice = forms.ChoiceField(
        label="涉及的候选人", required=False, help_text="因异议或责令改正而复核的，可以不选。"
    )
    reason = _story()
    paper = PaperField(label="证明材料", required=True)

    def __init__(self, *args: Any, candidates: Sequence[Ranked], **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.fields["choice"] = forms.ChoiceField(
            label="涉及的候选人",
            required=False,
            help_text="因异议或责令改正而复核的，可以不选。",
            choices=[("", "不涉及某一候选人"), *_choices(candidates)],
        )
        self.order_fields(["cause", "choice", "reason", "paper"])


class AwardForm(forms.Form):
    """Whom to award."""

    choice = forms.ChoiceField(
        label="中标人",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择一项。", "invalid_choice": "请从列表中选择一项。"},
    )
    consent = forms.CharField(
        label="候选人同意延长投标有效期的文件",
        required=False,
        max_length=LONGEST_NAME,
        help_text="投标有效期已经届满、候选人又没有在平台上同意延长的，填写其书面同意的名称和文号。",
    )
    reason = forms.CharField(
        label="定标说明",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不选第一中标候选人的，写明所依据的事由。",
    )

    def __init__(self, *args: Any, candidates: Sequence[Ranked], **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.fields["choice"] = forms.ChoiceField(
            label="中标人",
            widget=forms.RadioSelect,
            choices=[*_choices(candidates), (NOBODY, "候选人均不能中标，重新招标")],
            error_messages={"required": "请选择一项。", "invalid_choice": "请从列表中选择一项。"},
        )
        self.order_fields(["choice", "consent", "reason"])

    @property
    def bidder_code(self) -> str:
        """Return the code of the chosen candidate, empty for nobody."""
        chosen = str(self.cleaned_data["choice"])
        return "" if chosen == NOBODY else chosen


def _choices(candidates: Sequence[Ranked]) -> list[tuple[str, str]]:
    return [(row.bidder_code, f"第{row.rank}名　{row.bidder_name}") for row in candidates]


class ResultForm(forms.Form):
    """The award notice (B-07)."""

    title = StandardField(RESULT, "NOTICE_NAME", label="公告标题")
    responsible = StandardField(RESULT, "BULLETIN_DUTY", label="发布责任人")
    other = StandardField(RESULT, "OTHER_CONTENT", label="其他内容", rows=3)

    def facts(self) -> ResultFacts:
        """Return the facts of a form without errors."""
        return ResultFacts(**self.cleaned_data)


class ReportForm(forms.Form):
    """The written report, one box for each part that its contents must have."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  Django's own shape
        sections: Sequence[tuple[str, str]],
        **kwargs: Any,  # noqa: ANN401  Django's own shape
    ) -> None:
        super().__init__(*args, **kwargs)
        self.headings = [heading for heading, _ in sections]
        for number, (heading, text) in enumerate(sections, start=1):
            self.fields[f"section_{number}"] = forms.CharField(
                label=heading,
                initial=text,
                widget=forms.Textarea(attrs={"rows": 5}),
                error_messages=REQUIRED,
            )

    def sections(self) -> list[tuple[str, str]]:
        """Return headings and texts of a form without errors."""
        return [
            (heading, str(self.cleaned_data[f"section_{number}"]))
            for number, heading in enumerate(self.headings, start=1)
        ]
