"""Reading the import: what became of files and lines, and the quality of each source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet

from gongheng.data.imports.judging import WORDS
from gongheng.data.imports.kinds import Category, Outcome
from gongheng.data.imports.models import File, Line
from gongheng.data.imports.reasons import REFUSALS
from gongheng.data.standard import history, registry

EXAMPLES = 3
_TALLY = """
SELECT fault ->> 'c', fault ->> 'r', COALESCE(fault ->> 'f', ''), line.dataset, count(*),
       (array_agg(line.id ORDER BY line.id))[1:%s]
FROM imports_line AS line, jsonb_array_elements(line.faults) AS fault
WHERE line.source = %s AND line.outcome = 'taken'
GROUP BY 1, 2, 3, 4
ORDER BY 5 DESC, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Source:
    """What came from one source."""

    name: str
    taken: int
    refused: int
    without_dataset: int


@dataclass(frozen=True, slots=True)
class Example:
    """A line that shows a fault; ``value`` is what is wrong, where there is something to show."""

    line: Line
    value: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one thing is missing, wrong or late; ``share`` is of the source's records, percent."""

    category: Category
    rule: str
    words: str
    dataset: str
    count: int
    share: int
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True)
class Refused:
    """How many lines were not taken for one reason."""

    reason: str
    message: str
    remedy: str
    count: int
    examples: Sequence[Line]


def files() -> QuerySet[File]:
    """Return the files that were imported, newest first."""
    return File.objects.order_by("-begun_at", "name")


def file_of(digest: str) -> File:
    """Return a file by its content."""
    return File.objects.get(pk=digest)


def sources() -> list[Source]:
    """Return what came from each source, most first; a line without a source counts to none."""
    rows = (
        Line.objects.values("source")
        .annotate(
            taken=Count("id", filter=Q(outcome=Outcome.TAKEN)),
            refused=Count("id", filter=Q(outcome=Outcome.REFUSED)),
            without=Count("id", filter=Q(outcome=Outcome.TAKEN, dataset=history.DATASET)),
        )
        .order_by("-taken", "source")
    )
    return [Source(row["source"], row["taken"], row["refused"], row["without"]) for row in rows]


def refusals(source: str) -> list[Refused]:
    """Return why lines of a source were not taken, most first, with the first of each."""
    rows = Line.objects.filter(source=source, outcome=Outcome.REFUSED)
    counted = rows.values("reason").annotate(n=Count("id")).order_by("-n", "reason")
    return [
        Refused(
            reason=row["reason"],
            message=REFUSALS[row["reason"]].message,
            remedy=REFUSALS[row["reason"]].remedy,
            count=row["n"],
            examples=list(
                rows.filter(reason=row["reason"]).select_related("file").order_by("id")[:EXAMPLES]
            ),
        )
        for row in counted
    ]


def tallies(source: str) -> list[Tally]:
    """Return everything that is missing, wrong or late in a source, most first."""
    total = Line.objects.filter(source=source, outcome=Outcome.TAKEN).count()
    with connection.cursor() as statement:
        statement.execute(_TALLY, [EXAMPLES, source])
        rows = statement.fetchall()
    wanted = {identity for row in rows for identity in row[5]}
    lines = Line.objects.select_related("file").in_bulk(wanted)
    return [
        Tally(
            category=Category(category),
            rule=rule,
            words=words_of(rule, field, dataset),
            dataset=registry.dataset(dataset).name,
            count=count,
            share=max(round(100 * count / total), 1) if total else 0,
            examples=[
                Example(lines[identity], _value(lines[identity], rule, field))
                for identity in identities
            ],
        )
        for category, rule, field, dataset, count, identities in rows
    ]


def counts(lines: QuerySet[Line]) -> Mapping[str, int]:
    """Return how many lines were taken and refused for each reason."""
    rows = lines.values("outcome", "reason").annotate(n=Count("id")).order_by("outcome", "reason")
    return {row["reason"] or row["outcome"]: row["n"] for row in rows}


def words_of(rule: str, field: str, dataset: str) -> str:
    """Say what a rule found in a field, in the words of the standard."""
    if rule in WORDS:
        return WORDS[rule]
    known = registry.dataset(dataset)
    label = known.by_code[field].label if field in known.by_code else field
    for each in known.rules:
        if rule.endswith(f".{each.id}"):
            return each.message
    return f"{_SHORT.get(rule, '不符合数据规范')}：{label}"


_SHORT = {
    "std.required": "缺少必填项",
    "std.key": "缺少主键",
    "std.length": "长度不符",
    "std.number": "不是数字",
    "std.time": "不是真实的时间",
    "std.code_list": "不在代码表内",
    "std.region": "不是已知的行政区划代码",
    "std.control_character": "含不可见字符",
}


def _value(line: Line, rule: str, field: str) -> str:
    return next(
        (
            str(fault.get("v", ""))
            for fault in line.faults
            if fault["r"] == rule and fault.get("f", "") == field
        ),
        "",
    )
