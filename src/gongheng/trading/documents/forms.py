"""The forms of the editor of tender documents, and of the review of fair competition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms import formset_factory

from gongheng.kernel.reasons import Refusal
from gongheng.kernel.terms.electronic import E_06, E_06_LONGEST
from gongheng.trading.documents import content, rules
from gongheng.trading.documents.fields import MarkField, SumField, days, minutes, words
from gongheng.trading.documents.kinds import (
    PRELIMINARY,
    Adjustment,
    Conclusion,
    CriterionFacts,
    DocumentFacts,
    EvaluationMethod,
    Group,
    Manner,
)
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.projects.models import Lot

if TYPE_CHECKING:
    from django.forms.formsets import BaseFormSet

ADJUSTMENTS = 3
"""Lines for what is added to a price (S-11); a document needs few."""
BLANK_LINES = 2
"""Empty criteria at the end of each group."""
MOST_CRITERIA = 60


class BasicsForm(forms.Form):
    """The basic data of the documents of a lot."""

    revision = forms.IntegerField(widget=forms.HiddenInput())
    evaluation_method = forms.ChoiceField(
        label="评标办法",
        choices=[(one.value, one.label) for one in EvaluationMethod],
        widget=forms.RadioSelect(),
        help_text="技术通用、没有特殊要求的项目用经评审的最低投标价法；其他项目用综合评估法。",
    )
    trims = forms.BooleanField(
        label="主观评分去掉一个最高分和一个最低分（评标委员会七人以上时适用）", required=False
    )
    ceiling = SumField(label="最高投标限价（元）", required=False)
    ceiling_note = words("最高投标限价说明", most=2000, rows=2, required=False)
    bond_amount = SumField(label="投标保证金（元）", required=False)
    validity_days = days(
        "投标有效期（日历天）", hint="从投标截止之日起算；投标保证金有效期与其一致。"
    )
    duration_days = days("工期（日历天）")
    quality = words("质量要求", most=500)
    scope = words("招标范围", most=20000, rows=4)
    requirements = words("技术和质量要求", most=20000, rows=6)
    contract_terms = words("合同主要条款", most=20000, rows=6)
    two_phase_clause = words("两段式解密条款", most=4000, rows=4)
    decryption_minutes = minutes(
        "投标人解密时间（分钟）",
        least=E_06.periods,
        most=E_06_LONGEST.periods,
        hint=f"自开标时间起算，{E_06.periods} 至 {E_06_LONGEST.periods} 分钟；全部投标人解密完毕的，不必等满。",
    )
    allows_recovery = forms.BooleanField(
        label="私钥遗失的，可以在解密时间内用打印的恢复码解密",
        required=False,
        help_text="补救办法对全部投标人一样；不勾选的，开标时平台不接受恢复码。",
    )
    most_lots = forms.IntegerField(
        label="同一投标人最多中标的标段数",
        required=False,
        min_value=1,
        max_value=99,
        help_text="不限制的留空。限制的，按标段编号的顺序定标，达到数量的候选人由其后的候选人递补。",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "请填写整数。",
            "min_value": "至少 1 个标段。",
            "max_value": "不超过 99 个标段。",
        },
    )
    is_technical_blind = forms.BooleanField(
        label="技术部分采用暗标评审",
        required=False,
        help_text="评委评审技术部分时看不到投标人名称；技术部分文件中不得出现投标人的名称和标识。",
    )

    def __init__(self, *args: Any, lot: Lot, on: date, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.lot, self.on = lot, on
        share, most = rules.bond_limits(on)
        highest = rules.highest_bond(lot.estimate, on)
        self.fields[
            "bond_amount"
        ].help_text = f"不收取的留空。{share}；{most}。本标段最高 {highest:,.2f} 元。"
        for number in range(ADJUSTMENTS):
            self.fields[f"adjustment_{number}"] = words(
                f"价格折算因素 {number + 1}", required=False
            )
            self.fields[f"unit_{number}"] = words(
                "计量单位", most=20, required=False, hint="例如：周"
            )
            self.fields[f"percent_{number}"] = words(
                "每单位折算（投标价的百分比）", most=10, required=False, hint="例如：0.5"
            )

    def clean_bond_amount(self) -> Decimal | None:
        """Refuse a deposit above its limits."""
        bond: Decimal | None = self.cleaned_data["bond_amount"]
        try:
            rules.require_bond(bond, estimate=self.lot.estimate, on=self.on)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return bond

    def clean(self) -> dict[str, Any]:
        """Read the lines of what is added to a price."""
        cleaned = super().clean() or {}
        cleaned["adjustments"] = tuple(
            one for number in range(ADJUSTMENTS) if (one := self._adjustment(cleaned, number))
        )
        return cleaned

    def _adjustment(self, cleaned: dict[str, Any], number: int) -> Adjustment | None:
        title, unit, share = (
            str(cleaned.get(f"{name}_{number}", "")).strip()
            for name in ("adjustment", "unit", "percent")
        )
        if not title:
            return None
        mark = MarkField()
        try:
            percent = mark.clean(share)
        except forms.ValidationError:
            self.add_error(f"percent_{number}", "请填写大于0、不超过100的百分数，例如 0.5。")
            return None
        if not unit:
            self.add_error(f"unit_{number}", "请填写计量单位。")
        return Adjustment(title=title, unit=unit, percent=percent)

    def facts(self) -> DocumentFacts:
        """Return the basic data."""
        value = self.cleaned_data
        names = [*content.BASICS, "ceiling", "bond_amount", "trims", "adjustments"]
        return DocumentFacts(**{name: value[name] for name in names})

    @classmethod
    def of(cls, document: TenderDocument, *, lot: Lot, on: date) -> "BasicsForm":
        """Return the form of a draft."""
        facts = content.facts_of(document)
        names = [*content.BASICS, "ceiling", "bond_amount", "trims"]
        initial = {name: getattr(facts, name) for name in names} | {"revision": document.revision}
        for number, one in enumerate(facts.adjustments[:ADJUSTMENTS]):
            initial |= {
                f"adjustment_{number}": one.title,
                f"unit_{number}": one.unit,
                f"percent_{number}": "" if one.percent is None else f"{one.percent:f}",
            }
        return cls(initial=initial, lot=lot, on=on)

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields under their headings."""
        names = list(self.fields)
        lowest = [name for name in names if name.split("_")[0] in {"adjustment", "unit", "percent"}]
        return [
            (
                "评标办法",
                [
                    self[name]
                    for name in ("evaluation_method", "trims", "is_technical_blind", "most_lots")
                ],
            ),
            (
                "报价与保证金",
                [
                    self[name]
                    for name in ("ceiling", "ceiling_note", "bond_amount", "validity_days")
                ],
            ),
            (
                "范围、质量和合同",
                [
                    self[name]
                    for name in (
                        "duration_days",
                        "quality",
                        "scope",
                        "requirements",
                        "contract_terms",
                    )
                ],
            ),
            (
                "开标",
                [
                    self[name]
                    for name in ("two_phase_clause", "decryption_minutes", "allows_recovery")
                ],
            ),
            ("价格折算（只用于经评审的最低投标价法）", [self[name] for name in lowest]),
        ]


class CriterionForm(forms.Form):
    """One criterion; a line without a title is left out."""

    group = forms.CharField(widget=forms.HiddenInput())
    title = words("评审因素", required=False)
    text = words("评审标准", most=4000, rows=2, required=False)
    points = MarkField(label="满分", required=False, help_text="合格制留空")
    is_veto = forms.BooleanField(label="不合格即否决", required=False)
    is_objective = forms.BooleanField(label="客观分", required=False)

    def clean_group(self) -> str:
        """Return the group, one of the six."""
        group = str(self.cleaned_data["group"])
        if group not in content.GROUPS:
            raise forms.ValidationError("没有这一组评审标准。")
        return group

    def facts(self) -> CriterionFacts | None:
        """Return the criterion, nothing for an empty line."""
        value = self.cleaned_data
        title = str(value.get("title", "")).strip()
        if not title:
            return None
        points = value.get("points")
        return CriterionFacts(
            group=value["group"],
            title=title,
            text=str(value.get("text", "")).strip(),
            method=Manner.PASS if points is None else Manner.POINTS,
            points=points,
            is_veto=bool(value.get("is_veto")),
            is_objective=bool(value.get("is_objective")),
        )


_Lines = formset_factory(CriterionForm, extra=0, max_num=MOST_CRITERIA, absolute_max=MOST_CRITERIA)


def criteria_lines(
    document: TenderDocument,
    data: Any = None,  # noqa: ANN401  Django's own shape
) -> "BaseFormSet[CriterionForm]":
    """Return the lines of all criteria, with empty ones at the end of each group."""
    found = content.criterion_facts(document)
    initial: list[dict[str, Any]] = []
    for group in Group:
        initial += [
            {
                "group": one.group,
                "title": one.title,
                "text": one.text,
                "points": one.points,
                "is_veto": one.is_veto,
                "is_objective": one.is_objective,
            }
            for one in found
            if one.group == group
        ]
        initial += [{"group": group.value}] * BLANK_LINES
    return _Lines(data, initial=initial, prefix="criteria")


@dataclass(frozen=True, slots=True)
class GroupOfLines:
    """The lines of a group; one with an error is open, the others are unfolded when needed."""

    group: Group
    lines: Sequence[CriterionForm]

    @property
    def is_scored(self) -> bool:
        """Tell whether the group gives marks."""
        return self.group not in PRELIMINARY

    @property
    def filled(self) -> int:
        """Return how many criteria stand in it."""
        return sum(bool(line["title"].value()) for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Tell whether something in it must be mended."""
        return any(line.errors for line in self.lines)


def by_group(lines: "BaseFormSet[CriterionForm]") -> list[GroupOfLines]:
    """Return the lines under their groups."""
    found: dict[str, list[CriterionForm]] = {group.value: [] for group in Group}
    for line in lines:
        found.setdefault(str(line["group"].value()), []).append(line)
    return [GroupOfLines(group, found[group.value]) for group in Group]


def facts_of_lines(lines: "BaseFormSet[CriterionForm]") -> list[CriterionFacts]:
    """Return the criteria that were typed, in the order of the groups."""
    stated = [fact for line in lines if (fact := line.facts())]
    return sorted(stated, key=lambda one: content.GROUPS.index(one.group))


class UploadForm(forms.Form):
    """A file of the documents."""

    upload = forms.FileField(
        label="附件",
        help_text="工程量清单、图纸等：PDF、ZIP（含 docx、xlsx）、DWG、PNG、JPEG，不超过100MB。",
        error_messages={"required": "请选择文件。", "empty": "附件是空文件，请核对后重新上传。"},
    )


class CopyForm(forms.Form):
    """From which other lot the documents are copied."""

    source = forms.ChoiceField(label="复制另一标段的招标文件")

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        chosen = self.fields["source"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  it is declared above
        chosen.choices = list(choices)


class ReviewForm(forms.Form):
    """The conclusion of a review of fair competition."""

    revision = forms.IntegerField(widget=forms.HiddenInput())
    conclusion = forms.ChoiceField(
        label="审查结论",
        choices=[(one.value, one.label) for one in Conclusion],
        widget=forms.RadioSelect(),
        error_messages={"required": "请选择审查结论。"},
    )
    reasons = words(
        "审查理由",
        most=4000,
        rows=4,
        hint="逐条说明对提示内容的判断；退回的，写明需要修改之处。",
    )
    exceptions = words(
        "例外情形及依据",
        most=4000,
        rows=3,
        required=False,
        hint="结论为例外的必须填写，写明《公平竞争审查条例》第十二条的哪一项和必要期限。",
    )
