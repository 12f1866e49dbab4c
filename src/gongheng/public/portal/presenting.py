"""The facts of a record in the words of the standard: labels, code values, times and money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.utils.safestring import mark_safe

from gongheng.data.standard import markup, registry
from gongheng.data.standard.registry import Field
from gongheng.data.standard.times import instant_of
from gongheng.data.standard.values import is_blank, parts_of
from gongheng.kernel.clock import to_second
from gongheng.public.search.plain import plain

LETTER_LIMIT = 200_000
"""Characters of one text that a page shows; the whole is in the downloadable proof."""

_LONG = 40
_CURRENCY, _UNIT = "CURRENCY", "PRICE_UNIT"
_YUAN = "156"


@dataclass(frozen=True, slots=True)
class Fact:
    """One value with its label; ``is_wide`` for what needs a whole line."""

    label: str
    value: str
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A dated point of the case; ``id`` is the column it stands in."""

    id: str
    label: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A long text of the record: plain paragraphs, or ``markup`` that was made safe to show."""

    label: str
    text: str
    is_cut: bool
    markup: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of a record; ``moments`` in the order of time."""

    moments: list[Moment]
    facts: list[Fact]
    letters: list[Letter]


def shown(dataset: str, body: Mapping[str, str], *, title: str) -> Shown:
    """Return the public body in the order of the standard; the title itself is left out."""
    fields = [field for field in registry.dataset(dataset).fields if field.code in body]
    money = _money_columns(registry.dataset(dataset).fields)
    moments, facts, letters = [], [], []
    for field in fields:
        value = body[field.code]
        if is_blank(value) or value.strip() == title or field.code_list in {_CURRENCY, _UNIT}:
            continue
        if field.type == "datetime" and (at := instant_of(value)):
            moments.append(Moment(field.code, field.label, at))
        elif field.type == "text" and field.code_list == "" and not field.is_multiple:
            letters.append(letter(field.label, value))
        else:
            text = _worded(field, value, body, money)
            facts.append(Fact(field.label, text, is_wide=len(text) > _LONG))
    short = [
        each for each in letters if len(each.text) <= _LONG * 2 and "<table" not in each.markup
    ]
    facts += [Fact(each.label, each.text, is_wide=True) for each in short]
    moments.sort(key=lambda moment: moment.at)
    return Shown(moments, facts, [each for each in letters if each not in short])


def said(dataset: str, body: Mapping[str, str], column: str) -> str:
    """Return one value as a page says it, empty when the body does not have it."""
    known = registry.dataset(dataset)
    if column not in known.by_code or is_blank(body.get(column, "")):
        return ""
    return _worded(known.field(column), body[column], body, _money_columns(known.fields))


def _money_columns(fields: tuple[Field, ...]) -> dict[str, dict[str, str]]:
    """Return for each amount its columns of currency and unit: they stand behind it."""
    columns: dict[str, dict[str, str]] = {}
    amount = ""
    for field in fields:
        if field.type == "decimal":
            amount = field.code
        elif field.code_list in {_CURRENCY, _UNIT} and amount:
            columns.setdefault(amount, {}).setdefault(field.code_list, field.code)
    return columns


def _worded(
    field: Field, value: str, body: Mapping[str, str], money: Mapping[str, Mapping[str, str]]
) -> str:
    if field.type in {"datetime", "date"}:
        return _time(value)
    if field.type == "decimal":
        return _amount(value, body, money.get(field.code, {}))
    parts = parts_of(value) if field.is_multiple else [value]
    if field.code_list:
        codes = registry.code_list(field.code_list)
        parts = [codes.label(part.strip()) for part in parts]
    return "；".join(part.strip() for part in parts if not is_blank(part))


def _time(value: str) -> str:
    instant = instant_of(value)
    if instant is None:
        return value
    return f"{instant:%Y-%m-%d}" if len(value) == len("20261012") else to_second(instant)


def _amount(value: str, body: Mapping[str, str], columns: Mapping[str, str]) -> str:
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > len(value):
        return value
    if not columns:
        return f"{number:,f}"
    unit = body.get(columns.get(_UNIT, ""), "0")
    currency = body.get(columns.get(_CURRENCY, ""), _YUAN)
    word = registry.code_list(_UNIT).label(unit)
    if currency != _YUAN:
        word = f"{word.replace('元', '')}{registry.code_list(_CURRENCY).label(currency)}"
    return f"{number:,.2f} {word}" if number == round(number, 2) else f"{number:,f} {word}"


def fact(label: str, value: str) -> Fact:
    """Return a value with its label, on a line of its own when it is long."""
    return Fact(label, value, is_wide=len(value) > _LONG)


def letter(label: str, value: str) -> Letter:
    """Return a text with its tables and paragraphs; whatever else it holds is gone."""
    beginning = value[:LETTER_LIMIT]
    is_cut = len(value) > LETTER_LIMIT
    if not markup.has_markup(beginning):
        return Letter(label, beginning.strip(), is_cut)
    # Clean already when it was taken in, and made so again here: rows can be changed behind us.
    safe = mark_safe(markup.clean(beginning))  # noqa: S308  nothing but what the cleaner lets through
    return Letter(label, plain(beginning), is_cut, safe)
