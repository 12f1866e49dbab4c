"""A passage as its reviewer reads it: every record in the words of the standard."""

from collections.abc import Mapping
from dataclasses import dataclass

from gongheng.data.standard import registry
from gongheng.data.standard.registry import Field, FieldAudience
from gongheng.data.standard.times import instant_of
from gongheng.data.standard.values import is_blank, parts_of
from gongheng.kernel.clock import BEIJING, to_second
from gongheng.trading.cases.gate import Passage


@dataclass(frozen=True, slots=True)
class Value:
    """One field of a record with its words."""

    label: str
    words: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """A record: what everybody will read, and what only other departments receive."""

    name: str
    public: list[Value]
    withheld: list[Value]


LONG = 40
_DAY = len("20261012")


def read(passage: Passage) -> list[ReadRecord]:
    """Return the records of a passage in words; secret and personal values are not shown again."""
    return [_read(code, body) for code, body in passage.records]


def _read(code: str, body: Mapping[str, str]) -> ReadRecord:
    dataset = registry.dataset(code)
    public, withheld = [], []
    for field in dataset.fields:
        value = body.get(field.code, "")
        if is_blank(value):
            continue
        if field.audience is FieldAudience.PUBLIC:
            public.append(_value(field, value))
        elif field.audience is FieldAudience.GOVERNMENT:
            withheld.append(_value(field, value))
    return ReadRecord(dataset.name, public, withheld)


def _value(field: Field, value: str) -> Value:
    words = _words(field, value)
    return Value(field.label, words, len(words) > LONG)


def _words(field: Field, value: str) -> str:
    if field.type in {"datetime", "date"} and (at := instant_of(value)):
        is_day = len(value) == _DAY
        return f"{at.astimezone(BEIJING):%Y-%m-%d}" if is_day else to_second(at)
    parts = parts_of(value) if field.is_multiple else [value]
    if field.code_list:
        codes = registry.code_list(field.code_list)
        parts = [codes.label(part.strip()) for part in parts]
    return "；".join(parts)
