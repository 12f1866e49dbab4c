"""Forms that follow from the standard: label, need, length and codes of a field are its row.

What people type is helped along where nothing can be lost: full-width digits and letters of codes,
numbers and times become half-width, and the form says so in ``notes``; characters that nobody sees
go. What is then in doubt is refused with its remedy.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError

from gongheng.data.standard import regions, registry, validator
from gongheng.data.standard.times import wire_time
from gongheng.kernel import invisible
from gongheng.kernel.clock import BEIJING, to_minute
from gongheng.kernel.findings import Finding, Severity
from gongheng.kernel.money import yuan
from gongheng.kernel.reasons import Refusal

_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})[-/.年](?P<month>[0-9]{1,2})[-/.月](?P<day>[0-9]{1,2})日?"
    r"(?:[ T]*(?P<hour>[0-9]{1,2})[:时](?P<minute>[0-9]{2})?分?(?::(?P<second>[0-9]{2}))?)?"
)
_END_OF_DAY = 24
_LONGEST_TYPED = 2_000_000
_MOST_NAMED = 8
"""Namesakes that an error lists."""


class StandardField(forms.CharField):
    """A form field for one field of a dataset; ``wire`` writes its value as on the wire."""

    is_normalised = False

    def __init__(
        self,
        dataset: str,
        code: str,
        *,
        label: str = "",
        hint: str = "",
        example: str = "",
        rows: int = 0,
        required: bool | None = None,
        **more: Any,  # noqa: ANN401  Django's own arguments
    ) -> None:
        self.standard = (dataset, code)
        row = registry.dataset(dataset).field(code)
        if required is None:
            required = row.need is registry.Need.MANDATORY
        hints = [hint, f"例如：{example}" if example else ""]
        if rows:
            more.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(
            label=label or row.label,
            help_text=" ".join(filter(None, hints)),
            required=required,
            max_length=self.longest(row),
            error_messages={
                "required": "必须填写。",
                "max_length": "不超过 %(limit_value)d 个字符，现在是 %(show_value)d 个字符，请压缩。",
            },
            **more,
        )

    def longest(self, row: registry.Field) -> int:
        """Return how many characters may be typed."""
        return row.length.size or _LONGEST_TYPED

    def to_python(self, value: Any) -> Any:  # noqa: ANN401  Django's own shape
        """Return the text with one sort of line end, half-width where the field is of digits."""
        seen = invisible.without("" if value is None else str(value))
        text = str(super().to_python(seen)).replace("\r\n", "\n").replace("\r", "\n")
        return half_width(text) if self.is_normalised else text

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Return no length: a browser would cut what is pasted without a word."""
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs

    def wire(self, value: object) -> str:
        """Return a clean value as text on the wire, empty for none."""
        return "" if value is None else str(value)


class CodeField(StandardField):
    """A code or a telephone number: full-width letters and digits become half-width."""

    is_normalised = True


class MailField(StandardField):
    """An address of electronic mail."""

    is_normalised = True

    def clean(self, value: Any) -> Any:  # noqa: ANN401  Django's own shape
        """Return the address if it has the shape of one."""
        text = str(super().clean(value))
        if text and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) is None:
            raise ValidationError("邮箱地址格式不正确，请核对，例如 zhaobiao@example.cn。")
        return text


class MoneyField(StandardField):
    """A sum in yuan; typed with or without separators."""

    is_normalised = True

    def longest(self, row: registry.Field) -> int:
        """Return room for separators and spaces."""
        return 2 * row.length.size

    def clean(self, value: Any) -> Decimal | None:  # noqa: ANN401  Django's own shape
        """Return the sum with two places."""
        text = str(super().clean(value))
        if not text:
            return None
        try:
            amount = yuan(text.replace(" ", ""))
        except Refusal as refusal:
            raise ValidationError(str(refusal)) from refusal
        if amount < 0:
            raise ValidationError("金额不能是负数。")
        return amount


class WholeField(StandardField):
    """A whole number."""

    is_normalised = True

    def clean(self, value: Any) -> int | None:  # noqa: ANN401  Django's own shape
        """Return the number."""
        text = str(super().clean(value))
        if not text:
            return None
        if re.fullmatch(r"[0-9]+", text) is None:
            raise ValidationError("请填写整数，只用阿拉伯数字，不带单位，例如 180。")
        return int(text)


class DayField(StandardField):
    """A day, typed as people write it."""

    is_normalised = True

    def longest(self, row: registry.Field) -> int:  # noqa: ARG002  the same for every row
        """Return room for any way of writing a day."""
        return 40

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  Django's own shape
        """Return a day as it is shown in the box."""
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:  # noqa: ANN401  Django's own shape
        """Return the day."""
        moment = moment_typed(str(super().clean(value)), needs_time=False)
        return moment.date() if moment else None

    def wire(self, value: object) -> str:
        """Return the eight digits."""
        return f"{value:%Y%m%d}" if isinstance(value, date) else ""


class MomentField(DayField):
    """An instant in Beijing time, to the minute or second."""

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  Django's own shape
        """Return an instant as it is shown in the box."""
        if not isinstance(value, datetime):
            return value
        return to_minute(value)

    def clean(self, value: Any) -> datetime | None:  # noqa: ANN401  Django's own shape
        """Return the instant, aware."""
        return moment_typed(str(StandardField.clean(self, value)), needs_time=True)

    def wire(self, value: object) -> str:
        """Return the fourteen digits."""
        return wire_time(value) if isinstance(value, datetime) else ""


class CodeListField(StandardField):
    """A choice from a code list, or from ``codes`` of it."""

    def __init__(
        self,
        dataset: str,
        code: str,
        *,
        codes: Iterable[str] | None = None,
        radio: bool = False,
        **more: Any,  # noqa: ANN401  Django's own arguments
    ) -> None:
        row = registry.dataset(dataset).field(code)
        known = registry.code_list(row.code_list)
        choices = [(code, known.label(code)) for code in (codes or known.codes)]
        self.labels = dict(choices)
        if radio:
            more["widget"] = forms.RadioSelect(choices=choices)
        else:
            more["widget"] = forms.Select(choices=[("", "请选择"), *choices])
        super().__init__(dataset, code, **more)

    def clean(self, value: Any) -> str:  # noqa: ANN401  Django's own shape
        """Return the code if it may be chosen."""
        code = str(super().clean(value))
        if code and code not in self.labels:
            raise ValidationError("请从列表中选择一项。")
        return code


class RegionField(StandardField):
    """An administrative division, typed by name or code: a list of all 3,600 helps nobody."""

    is_normalised = True

    def __init__(self, dataset: str, code: str, **more: Any) -> None:  # noqa: ANN401  Django's own arguments
        more.setdefault("hint", "填写名称或六位行政区划代码；同名的请连同上级一起填写。")
        more.setdefault("example", "昆明市官渡区")
        super().__init__(dataset, code, **more)

    def longest(self, row: registry.Field) -> int:  # noqa: ARG002  the same for every row
        """Return room for the longest name with all above it."""
        return 60

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  Django's own shape
        """Return a code with its name, as it may be typed."""
        is_code = isinstance(value, str) and regions.named(value) == [value]
        return f"{regions.full_name(value)}（{value}）" if is_code else value

    def clean(self, value: Any) -> str:  # noqa: ANN401  Django's own shape
        """Return the code of the one division that is meant."""
        text = str(super().clean(value))
        if not text:
            return ""
        found = regions.named(text)
        if not found:
            raise ValidationError(
                f"没有找到“{text}”，请填写现行的省、市、县名称，例如昆明市官渡区，或六位行政区划代码。"
            )
        if len(found) > 1:
            named = "、".join(
                f"{regions.full_name(code)}（{code}）" for code in found[:_MOST_NAMED]
            )
            more = f"等 {len(found)} 个" if len(found) > _MOST_NAMED else ""
            raise ValidationError(f"“{text}”可能是{named}{more}，请填写其中一个。")
        return found[0]


class StandardForm(forms.Form):
    """A form of such fields: the standard judges each record of it before anything is written.

    ``notes`` are sentences on what was helped along.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        super().__init__(*args, **kwargs)
        self.notes: list[str] = []

    def clean(self) -> dict[str, Any]:
        """Note what was helped along, and let the standard judge what is here of each record."""
        for name, field in self._standard_fields():
            typed = str(self.data.get(self.add_prefix(name), "")).strip()
            if field.is_normalised and typed != half_width(typed):
                self.notes.append(f"“{field.label}”中的全角字符已改为半角：{half_width(typed)}")
        for dataset in {field.standard[0] for _, field in self._standard_fields()}:
            self.add_findings(dataset, validator.check(dataset, self.wire(dataset)))
        return self.cleaned_data

    def wire(self, dataset: str) -> dict[str, str]:
        """Return the clean values for a dataset as on the wire."""
        return {
            field.standard[1]: field.wire(self.cleaned_data[name])
            for name, field in self._standard_fields()
            if field.standard[0] == dataset and self.cleaned_data.get(name) not in {None, ""}
        }

    def add_findings(self, dataset: str, findings: Iterable[Finding]) -> None:
        """Put errors to the fields that they are about; one error for a field is enough."""
        names = {field.standard: name for name, field in self._standard_fields()}
        for finding in findings:
            name = names.get((dataset, finding.field))
            if finding.severity is Severity.ERROR and name and name not in self.errors:
                self.add_error(name, f"{finding.message}{finding.remedy}")

    def shown_values(self) -> Mapping[str, str]:
        """Return clean values by field name in words: labels of codes, written instants."""
        return {
            name: shown(field, self.cleaned_data.get(name)) for name, field in self.fields.items()
        }

    def standards(self) -> list[tuple[str, str]]:
        """Return which fields of which datasets the form asks for."""
        return [field.standard for _, field in self._standard_fields()]

    def _standard_fields(self) -> list[tuple[str, StandardField]]:
        return [
            (name, field) for name, field in self.fields.items() if isinstance(field, StandardField)
        ]


def half_width(text: str) -> str:
    """Return text with full-width letters, digits and punctuation in their half-width form."""
    return normalize("NFKC", text).strip()


def shown(field: forms.Field, value: object) -> str:
    """Return a clean value as people read it."""
    if isinstance(value, datetime):
        return to_minute(value)
    if isinstance(value, Decimal):
        return f"{value:,.2f} 元"
    if isinstance(field, CodeListField):
        return field.labels.get(str(value), "")
    return "" if value is None else str(value)


def moment_typed(text: str, *, needs_time: bool) -> datetime | None:
    """Return the moment that people typed, in Beijing time; None for nothing.

    Raises ``ValidationError`` with the remedy for 24:00, for days that do not exist and the like.
    """
    if not text:
        return None
    parts = _MOMENT.fullmatch(text)
    if parts is None or (needs_time and parts["hour"] is None):
        example = "2026-11-02 09:00" if needs_time else "2026-11-02"
        raise ValidationError(f"没有看懂这个时间，请按“{example}”的样子填写。")
    year, month, day = (int(parts[name]) for name in ("year", "month", "day"))
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    try:
        if hour == _END_OF_DAY and not minute and not second:
            _refuse_end_of_day(datetime(year, month, day, tzinfo=BEIJING))
        return datetime(year, month, day, hour, minute, second, tzinfo=BEIJING)
    except (ValueError, OverflowError) as wrong:
        raise ValidationError("日历上没有这个日期或时间，请核对年、月、日、时、分。") from wrong


def _refuse_end_of_day(day: datetime) -> None:
    following = day + timedelta(days=1)
    raise ValidationError(
        f"24:00 不作为时刻填写。如指当日结束，请填次日零点（{following:%Y-%m-%d} 00:00），"
        f"或当日 {day:%Y-%m-%d} 23:59。"
    )
