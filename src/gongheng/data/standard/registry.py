"""The national data standard as tables: datasets, fields, code lists, rules, audiences.

The tables are the CSV files of the folder ``tables``; they are read once, when first asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from gongheng.data.standard.lengths import Length, length_of
from gongheng.data.standard.lists import CodeList, read_code_lists
from gongheng.data.standard.table_files import Stage, rows as _rows
from gongheng.kernel.reasons import Reason, Refusal

UNKNOWN_DATASET: Final = Reason(
    code="standard.unknown_dataset",
    message="数据标准中没有这个数据集。",
    remedy="请核对数据集英文名，数据集目录见“数据标准”页面。",
)
UNKNOWN_CODE_LIST: Final = Reason(
    code="standard.unknown_code_list",
    message="数据标准中没有这个代码表。",
    remedy="请核对代码表名称，代码表目录见“数据标准”页面。",
)


class Need(StrEnum):
    """Whether a field must be given."""

    MANDATORY = "M"
    CONDITIONAL = "C"
    OPTIONAL = "O"


class FieldAudience(StrEnum):
    """Who may see a field; deny by default, personal and secret values are never public.

    A secret value never leaves the node where it was made.
    """

    PUBLIC = "public"
    GOVERNMENT = "government"
    PERSONAL = "personal"
    SECRET = "secret"  # noqa: S105  # a kind of audience, no password


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a dataset, as it is on the wire.

    ``check`` names the check digit its values carry: ``uscc``, ``subject`` (unified social credit
    code or identity number), ``identity``, ``deal_code``; ``signed`` lets a number be negative.
    ``mask`` names how a value is masked where it is shown: ``phone`` (mobile numbers only),
    ``email``, ``whole``; without one only identity numbers inside are covered. ``is_multiple``:
    the value holds several parts, joined by ``;``.
    """

    code: str
    label: str
    name: str
    type: str
    length: Length
    need: Need
    code_list: str
    is_multiple: bool
    is_immutable: bool
    check: str
    disclosure: str
    scope: str
    audience: FieldAudience
    mask: str
    note: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on a record, or on a record and those above it; expressions in ``expressions``.

    A rule is broken when ``when`` is true (or empty) and ``assertion`` is false. ``field`` is where
    the finding is shown. ``stage`` says where it is asked, ``is_key_item`` that what breaks it counts
    as a wrong key item, ``version`` which wording of it this is. ``valid_from`` and ``valid_until``
    are days as ``yyyyMMdd`` or empty, ``valid_until`` is the last day.
    """

    id: str
    dataset: str
    field: str
    kind: str
    when: str
    assertion: str
    severity: str
    message: str
    remedy: str
    stage: Stage
    is_key_item: bool
    version: str
    law: str
    handbook: str
    valid_from: str
    valid_until: str


@dataclass(frozen=True, slots=True)
class NoticeColumns:
    """Which columns of a dataset give the words of a list: see ``summary``."""

    is_notice: bool
    kind: str
    trade_type: str
    title: str
    published_at: str
    transaction_code: str
    region: str
    case_code: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """One table of the standard.

    ``key`` are the fields that identify a row; ``parent`` the dataset whose row must come first and
    ``parent_key`` the fields here that form its key (empty when rows cannot be joined).
    """

    code: str
    name: str
    domain: str
    stage: str
    key: tuple[str, ...]
    parent: str
    parent_key: tuple[str, ...]
    scope: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    notice: NoticeColumns
    by_code: Mapping[str, Field]

    def field(self, code: str) -> Field:
        """Return the field called ``code``. Raises ``KeyError``."""
        return self.by_code[code]


_DEFAULT_AUDIENCE = {"public": FieldAudience.PUBLIC}


def _audiences() -> dict[tuple[str, str], tuple[FieldAudience, str]]:
    """Return our own audience and mask by dataset (or ``*``) and field."""
    return {
        (row["dataset"], row["field"]): (FieldAudience(row["audience"]), row["mask"])
        for row in _rows("audiences.csv")
    }


def _field(
    row: Mapping[str, str], audiences: Mapping[tuple[str, str], tuple[FieldAudience, str]]
) -> Field:
    code = row["field"]
    audience, mask = (
        audiences.get((row["dataset"], code))
        or audiences.get(("*", code))
        or (_DEFAULT_AUDIENCE.get(row["disclosure"], FieldAudience.GOVERNMENT), "")
    )
    return Field(
        code,
        row["label"],
        row["name"],
        row["type"],
        length_of(row["length"]),
        Need(row["need"]),
        row["code_list"],
        row["multi"] == "1",
        row["immutable"] == "1",
        row["check"],
        row["disclosure"],
        row["scope"],
        audience,
        mask,
        row["note"],
    )


def _rules() -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for row in _rows("rules.csv"):
        row.pop("comment")
        assertion, stage = row.pop("assert"), Stage(row.pop("stage"))
        is_key_item = row.pop("key_item") == "1"
        if assertion:
            rule = Rule(assertion=assertion, stage=stage, is_key_item=is_key_item, **row)
            found[row["dataset"]].append(rule)
    return found


def _dated_rule(dataset: str, field: Field) -> Rule:
    """Return the rule that the codes of a field stood in their list on the day of the record."""
    return Rule(
        id=f"CL-{dataset}-{field.code}",
        dataset=dataset,
        field=field.code,
        kind="code_list",
        when="",
        assertion=f"listed('{field.code_list}', {field.code})",
        severity="error",
        message=f"“{field.label}”的代码在该记录的日期不在代码表{field.code_list}内。",
        remedy="请改用当日有效的代码。",
        stage=Stage.BOTH,
        is_key_item=False,
        version="1",
        law="",
        handbook="",
        valid_from="",
        valid_until="",
    )


def _dated_rules(dataset: str, fields: Iterable[Field]) -> Iterator[Rule]:
    for field in fields:
        if field.code_list and code_list(field.code_list).dated:
            yield _dated_rule(dataset, field)


def _notice(row: Mapping[str, str]) -> NoticeColumns:
    return NoticeColumns(
        is_notice=row["is_notice"] == "1",
        kind=row["kind"],
        trade_type=row["trade_type"],
        title=row["title"],
        published_at=row["published_at"],
        transaction_code=row["transaction_code"],
        region=row["region"],
        case_code=row["case_code"],
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split("+")) if text else ()


@cache
def _datasets() -> Mapping[str, Dataset]:
    audiences = _audiences()
    fields: dict[str, list[Field]] = defaultdict(list)
    for row in _rows("fields.csv"):
        fields[row["dataset"]].append(_field(row, audiences))
    rules = _rules()
    notices = {row["dataset"]: _notice(row) for row in _rows("notices.csv")}
    return {
        row["dataset"]: Dataset(
            code=row["dataset"],
            name=row["label"],
            domain=row["domain"],
            stage=row["stage"],
            key=_parts(row["key"]),
            parent=row["parent"],
            parent_key=_parts(row["parent_key"]),
            scope=row["scope"],
            fields=tuple(fields[row["dataset"]]),
            rules=(
                *rules.get(row["dataset"], ()),
                *_dated_rules(row["dataset"], fields[row["dataset"]]),
            ),
            notice=notices[row["dataset"]],
            by_code={field.code: field for field in fields[row["dataset"]]},
        )
        for row in _rows("datasets.csv")
    }


def dataset(code: str) -> Dataset:
    """Return the dataset called ``code``. Raises ``Refusal`` (``UNKNOWN_DATASET``)."""
    try:
        return _datasets()[code]
    except (KeyError, TypeError):
        raise Refusal(UNKNOWN_DATASET, dataset=code) from None


def datasets() -> tuple[Dataset, ...]:
    """Return every dataset, in the order of the standard."""
    return tuple(_datasets().values())


@cache
def _code_lists() -> Mapping[str, CodeList]:
    return read_code_lists(_rows("codelists.csv"), _rows("regions.csv"))


def code_list(name: str) -> CodeList:
    """Return the code list called ``name``. Raises ``Refusal`` (``UNKNOWN_CODE_LIST``)."""
    try:
        return _code_lists()[name]
    except (KeyError, TypeError):
        raise Refusal(UNKNOWN_CODE_LIST, code_list=name) from None


def code_lists() -> tuple[CodeList, ...]:
    """Return every code list by name."""
    return tuple(_code_lists().values())
