"""Fields of this room's forms: sums, marks, lines and paragraphs."""

from decimal import Decimal, InvalidOperation
from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError

from gongheng.kernel.money import yuan
from gongheng.kernel.reasons import Refusal

NEEDED = "必须填写。"
_LENGTH = "不超过 %(limit_value)d 个字符，现在是 %(show_value)d 个字符，请压缩。"


def words(
    label: str, *, most: int = 200, rows: int = 0, required: bool = True, hint: str = ""
) -> forms.CharField:
    """Return a field for a line or, with ``rows``, for several."""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(),
        error_messages={"required": NEEDED, "max_length": _LENGTH},
    )


def days(label: str, *, hint: str = "") -> forms.IntegerField:
    """Return a field for a number of calendar days."""
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=3650,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": NEEDED,
            "invalid": "请填写整数天数。",
            "min_value": "至少 1 天。",
            "max_value": "不超过 3650 天。",
        },
    )


def minutes(label: str, *, least: int, most: int, hint: str = "") -> forms.IntegerField:
    """Return a field for a number of minutes."""
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": NEEDED,
            "invalid": "请填写整数分钟。",
            "min_value": f"不少于 {least} 分钟。",
            "max_value": f"不超过 {most} 分钟。",
        },
    )


class SumField(forms.CharField):
    """A sum in yuan, typed with or without separators."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401  Django's own arguments
        super().__init__(max_length=40, **more)

    def clean(self, value: Any) -> Decimal | None:  # noqa: ANN401  Django's own shape
        """Return the sum with two places."""
        text = normalize("NFKC", str(super().clean(value)))
        if not text:
            return None
        try:
            amount = yuan(text)
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from None
        if amount < 0:
            raise ValidationError("不能是负数。")
        return amount

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  Django's own shape
        """Write a sum with separators."""
        return f"{value:,.2f}" if isinstance(value, Decimal) else value


class MarkField(forms.CharField):
    """A full mark: up to two places, empty for what is only passed or failed."""

    def __init__(self, **more: Any) -> None:  # noqa: ANN401  Django's own arguments
        super().__init__(max_length=10, **more)

    def clean(self, value: Any) -> Decimal | None:  # noqa: ANN401  Django's own shape
        """Return the mark."""
        text = normalize("NFKC", str(super().clean(value)))
        if not text:
            return None
        try:
            mark = Decimal(text)
        except InvalidOperation:
            raise ValidationError("请填写数字，例如 10 或 7.5。") from None
        if not mark.is_finite() or not 0 < mark <= 100 or mark != round(mark, 2):  # noqa: PLR2004
            raise ValidationError("满分应当大于0、不超过100，最多两位小数。")
        return mark

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  Django's own shape
        """Write a mark without needless zeros."""
        return f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) else value
