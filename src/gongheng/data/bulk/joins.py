"""The SQL of rules across records: equal keys, missing parents, the rows above and beside.

Names of tables and fields are ours; values never stand in the text of a question.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from gongheng.data.bulk.beside import Asked, case_fields_of
from gongheng.data.standard.expressions import Lookup
from gongheng.data.standard.registry import Dataset, dataset as find_dataset
from gongheng.data.standard.values import BLANK

NOT_TEXT: Final = "\ufffe\uffff"
"""Stands for what is no text: given, and wrong as any text with such characters."""

_BLANKS: Final = f"'{BLANK}'"
_SPACES: Final = "'" + "".join(chr(n) for n in range(0x3001) if chr(n).isspace()) + "'"
_PLACE: Final = '(CAST(file AS BIGINT) * 1099511627776 + "row")'
"""Files in their order, and records in theirs: 40 bits are the record's."""
_Table: TypeAlias = tuple[str, str]
"""A table of a question: its name, and what it is."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where the engines' SQL differs: ``rows_of`` makes a row of each part of a text.

    ``named`` stands between the name of a table of a question and what it is: none may be kept in
    memory, for they are as large as the files.
    """

    rows_of: str
    named: str


DUCKDB: Final = Dialect("unnest(string_split({}, ';'))", "AS NOT MATERIALIZED")
SPARK: Final = Dialect("explode(split({}, ';', -1))", "AS")


def duplicates(dataset: Dataset) -> str:
    """Return the question for the places of records whose key stood before."""
    key = ", ".join(_said(code) for code in dataset.key)
    columns = ", ".join(f"k{n}" for n in range(len(dataset.key)))
    named = ", ".join(f"{_said(code)} AS k{n}" for n, code in enumerate(dataset.key))
    # Grouping finds the few keys that stand twice; only their records are looked at again.
    return f"""
        WITH twice AS (
            SELECT {named}, min({_PLACE}) AS earliest
            FROM "{dataset.code}" WHERE {_is_given(dataset.key)}
            GROUP BY {key} HAVING count(*) > 1),
        keyed AS (SELECT {_PLACE} AS place, {named} FROM "{dataset.code}")
        SELECT place FROM keyed JOIN twice USING ({columns})
        WHERE place > earliest ORDER BY place"""


def orphans(dataset: Dataset, dialect: Dialect) -> str:
    """Return the question for the places of records that name a record above that is not there."""
    parent = find_dataset(dataset.parent)
    parts = []
    for number, code in enumerate(dataset.parent_key):
        several = dataset.field(code).is_multiple
        part = dialect.rows_of.format(_said(code)) if several else _said(code)
        parts.append(f"{part} AS k{number}")
    above = ", ".join(f"{_said(code)} AS k{n}" for n, code in enumerate(parent.key))
    same = " AND ".join(f"p.k{n} = c.k{n}" for n in range(len(dataset.parent_key)))
    return f"""
        WITH c AS (SELECT {_PLACE} AS place, {", ".join(parts)}
                   FROM "{dataset.code}" WHERE {_is_given(dataset.parent_key)}),
        p AS (SELECT {above} FROM "{parent.code}")
        SELECT DISTINCT place FROM c ANTI JOIN p ON {same} ORDER BY place"""


def joined(asked: Asked, dialect: Dialect, *, there: frozenset[str]) -> str:
    """Return the question for the records with what their rules ask for, in any order.

    Columns: ``place``, own fields by code, ``DATASET.FIELD`` of the rows above and beside, and
    ``exists N`` for each row that must stand elsewhere. The table ``double_CODE`` holds the later
    ones of equal keys of each dataset that is there, ``lost_CODE`` the orphans of those whose
    parents are there.
    """
    dataset = asked.dataset
    chain = list(_unbroken(asked, there))
    beside = sorted(asked.datasets & there)
    numbers = range(len(asked.lookups))
    tables = [_own(dataset, has_lost=has_parents(dataset, there))]
    tables.extend(_above(each, asked) for each in chain)
    for code in beside:
        tables.extend(_alone(find_dataset(code), asked, chain))
    for number, lookup in enumerate(asked.lookups):
        tables.extend(_missed(number, lookup, dialect))
    climbed = {each.code for each in chain}
    columns = ["x.place", *(f'x."{code}"' for code in asked.own)]
    columns.extend(_value(code, field, climbed) for code, field in asked.above)
    columns.extend(f'm{n}.place IS NULL AS "exists {n}"' for n in numbers)
    joins = list(_climb(dataset, chain))
    joins.extend(
        f"""LEFT JOIN "one {code}" ON x.c <> '' AND x.c = "one {code}".c""" for code in beside
    )
    joins.extend(f"LEFT JOIN m{n} ON m{n}.place = x.place" for n in numbers)
    told = ", ".join(f"{name} {dialect.named} ({what})" for name, what in tables)
    return f"WITH {told} SELECT {', '.join(columns)} FROM x {' '.join(joins)}"


def has_parents(dataset: Dataset, there: Collection[str]) -> bool:
    """Tell whether the records above those of a dataset are there."""
    return bool(dataset.parent and dataset.parent_key and dataset.parent in there)


def _unbroken(asked: Asked, there: frozenset[str]) -> Iterator[Dataset]:
    """Yield the datasets above, up to the first that is not there."""
    for each in asked.chain:
        if each.code not in there:
            return
        yield each


def _own(dataset: Dataset, *, has_lost: bool) -> _Table:
    lost = f'ANTI JOIN "lost_{dataset.code}" USING (place)' if has_lost else ""
    parents = _first_parents(dataset)
    return (
        "x",
        f"""SELECT * FROM (SELECT {_PLACE} AS place, {_case(dataset)} AS c, {parents}, *
        FROM "{dataset.code}") {lost}""",
    )


def _first(dataset: Dataset) -> str:
    """Return the SQL of the records whose key is given and did not stand before."""
    return f"""(SELECT * FROM (SELECT {_PLACE} AS place, * FROM "{dataset.code}")
        ANTI JOIN "double_{dataset.code}" USING (place) WHERE {_is_given(dataset.key)})"""


def _fields(dataset: Dataset, asked: Asked) -> list[str]:
    return [field for code, field in asked.above if code == dataset.code]


def _above(dataset: Dataset, asked: Asked) -> _Table:
    keys = [f"{_said(code)} AS k{n}" for n, code in enumerate(dataset.key)]
    fields = [f'"{field}" AS "f {field}"' for field in _fields(dataset, asked)]
    parents = _first_parents(dataset)
    columns = ", ".join(["place", *keys, parents, *fields])
    return f'"up {dataset.code}"', f"SELECT {columns} FROM {_first(dataset)}"


def _alone(dataset: Dataset, asked: Asked, chain: list[Dataset]) -> Iterator[_Table]:
    """Yield the table of the rows that are the only ones of their dataset in a case.

    Where the way up leads to the dataset, only cases with a record are asked that may stray from it.
    """
    few = ""
    if dataset in chain:
        steps = chain[: chain.index(dataset)]
        for number in reversed(range(len(steps) + 1)):
            yield _stray(dataset, asked.dataset, steps, number)
        few = f'SEMI JOIN "stray 0 {dataset.code}" AS s ON s.c = d.c'
    fields = [f'"{field}"' for field in _fields(dataset, asked)]
    columns = ", ".join([f"{_case(dataset)} AS c", *fields])
    values = [f'any_value({field}) AS "f {field[1:]}' for field in fields]
    yield (
        f'"one {dataset.code}"',
        f"""SELECT {", ".join(["d.c", *values])} FROM (SELECT {columns} FROM {_first(dataset)}) AS d
        {few} GROUP BY d.c HAVING count(*) = 1""",
    )


def _stray(to: Dataset, own: Dataset, steps: list[Dataset], number: int) -> _Table:
    """Return the table of the records of a step, 0 for our own, that may not get to a dataset.

    They name no record above, or none that is there, or one that strays.
    """
    at = steps[number - 1] if number else own
    source = f'"up {at.code}"' if number else "x"
    wanted = ", ".join(f"k{n}" for n in range(len(at.key))) if number else "c"
    parents = range(len(at.parent_key))
    ways = ["WHERE " + " AND ".join(f"p{n} = ''" for n in parents)]
    if number:
        ways.append(f'SEMI JOIN "lost_{at.code}" USING (place)')
    if number < len(steps):
        same = " AND ".join(f"s.k{n} = {source}.p{n}" for n in parents)
        ways.append(f'SEMI JOIN "stray {number + 1} {to.code}" AS s ON {same}')
    rows = " UNION ALL ".join(f"SELECT {wanted} FROM {source} {way}" for way in ways)
    return f'"stray {number} {to.code}"', rows


def _climb(dataset: Dataset, chain: list[Dataset]) -> Iterator[str]:
    below = "x"
    for each in chain:
        up = f'"up {each.code}"'
        same = " AND ".join(f"{below}.p{n} = {up}.k{n}" for n in range(len(dataset.parent_key)))
        yield f"LEFT JOIN {up} ON {same}"
        below, dataset = up, each


def _value(code: str, field: str, chain: set[str]) -> str:
    """Return the value of a field above; what is no text is not given there."""
    beside = f'"one {code}"."f {field}"'
    said = beside
    if code in chain:
        up = f'"up {code}"'
        said = f'CASE WHEN {up}.place IS NOT NULL THEN {up}."f {field}" ELSE {beside} END'
    return f"""nullif({said}, '{NOT_TEXT}') AS "{code}.{field}\""""


def _missed(number: int, lookup: Lookup, dialect: Dialect) -> Iterator[_Table]:
    """Yield the tables of the records of which a part is not found in another dataset."""
    own = ", ".join(f'"{code}" AS o{n}' for n, code in enumerate(lookup.own))
    fields = ", ".join(f'"{code}" AS o{n}' for n, code in enumerate(lookup.fields))
    sought = f"(SELECT place, {own} FROM x)"
    there = f'(SELECT {fields} FROM "{lookup.dataset}")'
    names = [f"v{n}" for n in range(len(lookup.own))]
    yield f"s{number}", _in_parts(sought, names, "place", dialect)
    yield f"t{number}", _in_parts(there, names, "", dialect)
    yield (
        f"m{number}",
        f"SELECT DISTINCT place FROM s{number} ANTI JOIN t{number} USING ({', '.join(names)})",
    )


def _in_parts(source: str, names: list[str], also: str, dialect: Dialect) -> str:
    """Return a table with a row for each combination of the parts of its values."""
    for number, name in enumerate(names):
        source = f"(SELECT *, {dialect.rows_of.format(f'o{number}')} AS {name} FROM {source})"
    columns = ", ".join(filter(None, [also, *names]))
    return f"SELECT {columns} FROM {source}"


def _first_parents(dataset: Dataset) -> str:
    """Return the key of the record above, the first of several, as columns."""
    parts = [
        f"split_part({_said(code)}, ';', 1)" if dataset.field(code).is_multiple else _said(code)
        for code in (dataset.parent_key if dataset.parent else ())
    ]
    return ", ".join(f"{part} AS p{number}" for number, part in enumerate(parts)) or "NULL AS p0"


def _case(dataset: Dataset) -> str:
    """Return the code of the case, empty when there is none."""
    codes = [_trimmed(code) for code in case_fields_of(dataset)]
    choices = ", ".join([*codes, "''"])
    return f"coalesce({choices})"


def _trimmed(code: str) -> str:
    # Trimming so many sorts of space costs more than the join: it is for what may have any.
    return (
        f"""CASE WHEN "{code}" >= '!' AND "{code}" < '\x7f' AND substr("{code}", -1) >= '!' """
        f"""AND substr("{code}", -1) < '\x7f' THEN "{code}" """
        f"""ELSE nullif(trim(BOTH {_SPACES} FROM {_said(code)}), '') END"""
    )


def _is_given(codes: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"{_said(code)} <> ''" for code in codes) + ")"


def _said(code: str) -> str:
    """Return the SQL of a field's text, empty when it is blank or no text."""
    # What begins with a letter or digit is neither, and is most of what stands in keys.
    return (
        f"""CASE WHEN "{code}" >= '!' AND "{code}" < '\u3000' THEN "{code}" """
        f"""WHEN trim(BOTH {_BLANKS} FROM coalesce("{code}", '')) IN ('', '{NOT_TEXT}') """
        f"""THEN '' ELSE "{code}" END"""
    )
