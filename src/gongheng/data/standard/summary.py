"""What a list shows of a record: title, kind, time, codes; the columns stand in ``notices.csv``.

In that table a cell names a column of the dataset, or several joined by ``|`` of which the first
that is not blank counts. ``COLUMN[1:7]`` takes a part of the text. The kind is a Chinese word, or
``COLUMN=code:word|...|word`` where the first that holds counts; so is the trade type.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeAlias

from gongheng.data.standard.registry import NoticeColumns, code_list, dataset as find_dataset
from gongheng.data.standard.times import instant_of
from gongheng.data.standard.values import is_blank, parts_of, text_of

Body: TypeAlias = Mapping[str, object]

_CHOICE = re.compile(r"(?P<column>\w+)(?:\[(?P<start>[0-9]+):(?P<end>[0-9]+)\])?")
_CASE = re.compile(r"(?P<column>[A-Z_0-9]+)=(?P<code>\w+):(?P<word>.+)")


@dataclass(frozen=True, slots=True)
class Summary:
    """The words of a list. ``published_at`` is in Beijing's zone, None when the row has no time.

    ``case_code`` joins the records of a case; ``trade_type`` is empty outside the trades;
    ``region_code`` is empty when it is not in the list of regions.
    """

    title: str
    kind: str
    trade_type: str
    transaction_code: str
    region_code: str
    published_at: datetime | None
    case_code: str
    is_notice: bool


def _reader(cell: str) -> Callable[[Body], str]:
    """Return what reads the first column of ``cell`` that is not blank."""
    choices: list[tuple[str, slice]] = []
    for choice in filter(None, cell.split("|")):
        found = _CHOICE.fullmatch(choice)
        if found is None:
            msg = f"not a column: {choice}"
            raise ValueError(msg)
        part = slice(int(found["start"]), int(found["end"])) if found["start"] else slice(None)
        choices.append((found["column"], part))

    def read(body: Body) -> str:
        for column, part in choices:
            text = text_of(body.get(column))
            if not is_blank(text):
                return text.strip()[part]
        return ""

    return read


def _word_reader(cell: str) -> Callable[[Body], str]:
    """Return what gives the word of a kind or trade type."""
    choices: list[tuple[str, str, str]] = []
    otherwise = ""
    for choice in cell.split("|"):
        found = _CASE.fullmatch(choice)
        if found is None:
            otherwise = choice
        else:
            choices.append((found["column"], found["code"], found["word"]))

    def read(body: Body) -> str:
        for column, code, word in choices:
            if body.get(column) == code:
                return word
        return otherwise

    return read


@dataclass(frozen=True, slots=True)
class _Readers:
    columns: NoticeColumns
    kind: Callable[[Body], str]
    trade_type: Callable[[Body], str]
    title: Callable[[Body], str]
    published_at: Callable[[Body], str]
    transaction_code: Callable[[Body], str]
    regions: tuple[Callable[[Body], str], ...]
    case_code: Callable[[Body], str]


@cache
def _readers(dataset: str) -> _Readers:
    columns = find_dataset(dataset).notice
    return _Readers(
        columns=columns,
        kind=_word_reader(columns.kind),
        trade_type=_word_reader(columns.trade_type),
        title=_reader(columns.title),
        published_at=_reader(columns.published_at),
        transaction_code=_reader(columns.transaction_code),
        regions=tuple(_reader(choice) for choice in columns.region.split("|") if choice),
        case_code=_reader(columns.case_code),
    )


def _region(readers: _Readers, body: Body) -> str:
    known = code_list("REGION")
    for read in readers.regions:
        code = read(body)[:6]
        if known.accepts(code):
            return code
    return ""


def _published_at(readers: _Readers, body: Body) -> datetime | None:
    stated = instant_of(readers.published_at(body))
    return stated or instant_of(text_of(body.get("DATA_TIMESTAMP")))


def describe(dataset: str, body: Body) -> Summary:
    """Return what a list shows of ``body``; a wrong body gives blanks, never an error.

    The time is that of publication, else the time stamp of the row. Raises ``Refusal`` for an
    unknown dataset.
    """
    readers = _readers(dataset)
    return Summary(
        title=readers.title(body) or find_dataset(dataset).name,
        kind=readers.kind(body),
        trade_type=readers.trade_type(body),
        transaction_code=parts_of(readers.transaction_code(body))[0],
        region_code=_region(readers, body),
        published_at=_published_at(readers, body),
        case_code=readers.case_code(body),
        is_notice=readers.columns.is_notice,
    )
