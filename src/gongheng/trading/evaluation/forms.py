"""The forms of an evaluation. What is typed stays; a wrong value is told at its field."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from gongheng.data.standard.forms import half_width, moment_typed
from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation import correction, forming
from gongheng.trading.evaluation.asking import LONGEST_TEXT
from gongheng.trading.evaluation.correction import Item
from gongheng.trading.evaluation.forming import Letter, Seat
from gongheng.trading.evaluation.kinds import MemberKind, Opinion, ReplacementCause, RequestKind
from gongheng.trading.evaluation.sources import OpenBid
from gongheng.trust.crypto.digests import sm3

SEATS = 9
LARGEST_LETTER = 20 * 1024 * 1024
DIGEST_LENGTH = 64
ITEMS = 3
LONGEST_NUMBER = 30
REQUIRED = {"required": "必须填写。"}
CHOOSE = {"required": "必须选择一项。", "invalid_choice": "请在列出的选项中选择。"}


class Text(forms.CharField):
    """A text with its own limit, told in Chinese."""

    def __init__(self, *, rows: int = 0, longest: int = LONGEST_TEXT, **more: Any) -> None:  # noqa: ANN401  Django's own shape
        if rows:
            more.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(
            max_length=longest,
            error_messages={
                **REQUIRED,
                "max_length": "不超过 %(limit_value)d 个字符，现在是 %(show_value)d 个字符，请压缩。",
                "null_characters_not_allowed": "有不能保存的控制字符，请删去。",
            },
            **more,
        )


class Day(forms.CharField):
    """A day as people type it."""

    def clean(self, value: Any) -> Any:  # noqa: ANN401  Django's own shape
        """Return the day. Raises ``ValidationError``."""
        moment = moment_typed(half_width(str(super().clean(value))), needs_time=False)
        return moment.date() if isinstance(moment, datetime) else None


class Amount(forms.CharField):
    """A sum in yuan above zero, whole fen."""

    def clean(self, value: Any) -> Decimal | None:  # noqa: ANN401  Django's own shape
        """Return the sum, nothing for nothing. Raises ``ValidationError``."""
        text = half_width(str(super().clean(value)))
        if not text:
            return None
        try:
            return correction.read_price(text)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None


class Number(forms.CharField):
    """A quantity or a unit price: a decimal above zero, up to six places (S-01)."""

    places = 6

    def clean(self, value: Any) -> Decimal | None:  # noqa: ANN401  Django's own shape
        """Return the number, nothing for nothing. Raises ``ValidationError``."""
        text = half_width(str(super().clean(value))).replace(",", "")
        if not text:
            return None
        try:
            number = Decimal(text) if len(text) < LONGEST_NUMBER else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or number <= 0:
            raise ValidationError("请填写大于零的数字，例如 120 或 85.50。")
        if number != round(number, self.places):
            raise ValidationError("最多保留六位小数。")
        return number


class CommitteeForm(forms.Form):
    """The draw letter of the province and the members whom it names."""

    letter_number = Text(label="抽取函文号", longest=60)
    letter_on = Day(
        label="抽取函日期",
        help_text="例如：2026-11-02",
        error_messages=REQUIRED,
    )
    letter_file = forms.FileField(
        label="抽取函扫描件",
        error_messages={
            "required": "必须选择抽取函文件。",
            "empty": "选择的文件是空的，请重新选择。",
        },
        help_text="系统只计算并封存文件的摘要，不保存文件本身，文件请随卷归档。不超过 20 MB。",
    )
    letter_digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, case: Case, now: datetime, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.case, self.now = case, now
        if _is_digest(str(self.data.get("letter_digest", ""))):
            self.fields["letter_file"].required = False  # it was read with an earlier submission
        for number in range(1, SEATS + 1):
            self.fields[f"username_{number}"] = Text(
                label=f"第 {number} 席账号", longest=60, required=False
            )
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label=f"第 {number} 席来源",
                choices=MemberKind.choices(),
                required=False,
                error_messages=CHOOSE,
            )

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the two fields of each seat."""
        return [
            (self[f"username_{number}"], self[f"kind_{number}"]) for number in range(1, SEATS + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """Digest the letter and look for each member."""
        cleaned = super().clean() or {}
        file = cleaned.get("letter_file")
        if file is not None and file.size > LARGEST_LETTER:
            self.add_error("letter_file", "文件超过 20 MB，请压缩后重新选择。")
        elif file is not None:
            cleaned["letter_digest"] = sm3(file.read()).hex()
        for number in range(1, SEATS + 1):
            self._look_for(number)
        return cleaned

    def _look_for(self, number: int) -> None:
        username = self.cleaned_data.get(f"username_{number}", "")
        if not username:
            return
        kind = self.cleaned_data.get(f"kind_{number}") or MemberKind.EXPERT
        try:
            forming.person_for(Seat(username=username, kind=kind), case=self.case, now=self.now)
        except Refusal as refusal:
            self.add_error(f"username_{number}", str(refusal))

    def letter(self) -> Letter:
        """Return the letter."""
        value = self.cleaned_data
        on: date = value["letter_on"]
        return Letter(number=value["letter_number"], on=on, digest=value["letter_digest"])

    def seats(self) -> list[Seat]:
        """Return the members in the order of their rows."""
        value = self.cleaned_data
        return [
            Seat(
                username=value[f"username_{number}"],
                kind=value[f"kind_{number}"] or MemberKind.EXPERT,
            )
            for number in range(1, SEATS + 1)
            if value.get(f"username_{number}")
        ]


def _is_digest(text: str) -> bool:
    return len(text) == DIGEST_LENGTH and set(text) <= set("0123456789abcdef")


class ReplacementForm(forms.Form):
    """A seat, the cause of the law, and who takes it."""

    seat = forms.TypedChoiceField(label="被更换的席位", coerce=int, error_messages=CHOOSE)
    cause = forms.TypedChoiceField(
        label="更换事由",
        choices=ReplacementCause.choices(),
        coerce=ReplacementCause,
        error_messages=CHOOSE,
    )
    note = Text(label="情况说明", rows=3)
    letter_number = Text(label="补充抽取函文号", longest=60)
    username = Text(label="补充成员的账号", longest=60)

    def __init__(self, *args: Any, seats: Sequence[tuple[int, str]], **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        which = self.fields["seat"]
        if isinstance(which, forms.ChoiceField):
            which.choices = list(seats)


class Moment(forms.CharField):
    """An instant as people type it."""

    def clean(self, value: Any) -> Any:  # noqa: ANN401  Django's own shape
        """Return the instant. Raises ``ValidationError``."""
        return moment_typed(half_width(str(super().clean(value))), needs_time=True)


class ExtensionForm(forms.Form):
    """Until when the committee has time (W-23)."""

    until = Moment(
        label="评标时间延长至", help_text="例如：2026-11-20 18:00", error_messages=REQUIRED
    )


class DeclarationForm(forms.Form):
    """No conflict of interest, or stepping back for one."""

    avoids = forms.TypedChoiceField(
        label="声明",
        choices=[
            ("0", "本人与投标人、招标人和代理机构没有法定应当回避的关系，承诺独立、客观评审并保密"),
            ("1", "本人有应当回避的情形，申请回避"),
        ],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    reason = Text(label="回避事由", rows=2, required=False, help_text="申请回避的须写明。")


class ChoiceOfBid(forms.TypedChoiceField):
    """One of the opened bids, by its place."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(label="投标人", coerce=int, error_messages=CHOOSE, **more)


class RequestForm(forms.Form):
    """A question to a bidder."""

    bid = ChoiceOfBid()
    kind = forms.TypedChoiceField(
        label="事项",
        choices=[
            (kind.value, kind.label) for kind in (RequestKind.CLARIFICATION, RequestKind.LOW_PRICE)
        ],
        coerce=RequestKind,
        error_messages=CHOOSE,
    )
    question = Text(
        label="书面要求",
        rows=4,
        help_text="写明投标文件的位置和需要说明的内容；不得暗示或诱导投标人作出实质性修改。",
    )
    hours = forms.TypedChoiceField(
        label="答复时间",
        choices=[("1", "1 小时"), ("2", "2 小时"), ("4", "4 小时"), ("24", "24 小时")],
        coerce=lambda value: timedelta(hours=int(value)),
        initial="2",
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, bids: Sequence[OpenBid], **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        which = self.fields["bid"]
        if isinstance(which, forms.ChoiceField):
            which.choices = [(bid.number, f"{bid.alias}　{bid.bidder_name}") for bid in bids]


class CorrectionForm(RequestForm):
    """An arithmetic correction: the sum in words, and items whose figures contradict each other."""

    kind = None  # type: ignore[assignment]  # Django's way to leave a field of the parent out
    words = Amount(
        label="大写金额（元，以数字填写）",
        required=False,
        help_text="与小写金额不一致时填写，以大写为准。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.fields["question"].label = "修正说明"
        for number in range(1, ITEMS + 1):
            self.fields |= _item_fields(number)

    def items(self) -> list[Item]:
        """Return the items that were filled in."""
        value = self.cleaned_data
        return [
            Item(
                label=value[f"label_{number}"],
                quantity=value[f"quantity_{number}"],
                unit_price=value[f"unit_price_{number}"],
                total=value[f"total_{number}"],
                has_slipped=value[f"slipped_{number}"],
            )
            for number in range(1, ITEMS + 1)
            if value.get(f"label_{number}")
        ]

    def rows(self) -> list[list[forms.BoundField]]:
        """Return the fields of each item."""
        names = ("label", "quantity", "unit_price", "total", "slipped")
        return [[self[f"{name}_{number}"] for name in names] for number in range(1, ITEMS + 1)]

    def clean(self) -> dict[str, Any]:
        """Ask for every figure of an item that was begun."""
        cleaned = super().clean() or {}
        for number in range(1, ITEMS + 1):
            names = [f"{name}_{number}" for name in ("label", "quantity", "unit_price", "total")]
            filled = [name for name in names if cleaned.get(name)]
            if filled and len(filled) < len(names):
                for name in names:
                    if name not in filled and name not in self.errors:
                        self.add_error(name, "请把这一项的名称、数量、单价和总价填写完整。")
        return cleaned


def _item_fields(number: int) -> Mapping[str, forms.Field]:
    return {
        f"label_{number}": Text(label=f"第 {number} 项名称", longest=100, required=False),
        f"quantity_{number}": Number(label=f"第 {number} 项数量", required=False),
        f"unit_price_{number}": Number(label=f"第 {number} 项单价（元）", required=False),
        f"total_{number}": Amount(label=f"第 {number} 项总价（元）", required=False),
        f"slipped_{number}": forms.BooleanField(
            label=f"第 {number} 项单价小数点明显错位，以总价为准", required=False
        ),
    }


class AnswerForm(forms.Form):
    """A bidder's answer; a correction is accepted or not."""

    accepts = forms.TypedChoiceField(
        label="对算术修正的意见",
        choices=[
            ("1", "接受修正后的报价，对本单位有约束力"),
            ("0", "不接受，知悉投标将被否决"),
        ],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    text = Text(
        label="书面答复",
        rows=6,
        help_text="答复不得超出投标文件的范围，不得改变投标文件的实质性内容。",
    )

    def __init__(self, *args: Any, is_correction: bool, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        if is_correction:
            self.fields["text"].required = False
        else:
            del self.fields["accepts"]


class SignatureForm(forms.Form):
    """What a member says to the report, under the password."""

    opinion = forms.TypedChoiceField(
        label="意见",
        choices=[
            (Opinion.AGREED.value, "同意评标结果并签字"),
            (Opinion.DISSENTED.value, "签字，并书面说明不同意见和理由"),
            (Opinion.REFUSED_WITH_REASON.value, "拒绝签字，并书面说明不同意见和理由"),
            (Opinion.REFUSED.value, "拒绝签字，不作说明（依法视为同意评标结果）"),
        ],
        coerce=Opinion,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    reason = Text(label="不同意见和理由", rows=3, required=False)
    password = forms.CharField(
        label="登录密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        help_text="签署须再次输入密码确认是本人。",
        error_messages=REQUIRED,
    )
