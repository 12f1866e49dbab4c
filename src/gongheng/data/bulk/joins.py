"""The SQL of rules across records: equal keys, missing parents, the rows above and beside.

Names of tables and fields are ours; values never stand in the text of a question.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where the engines' SQL differs: ``rows_of`` makes a row of each part of a text."""

    rows_of: str


DUCKDB: Final = Dialect("unnest(string_split({}, ';'))")
SPARK: Final = Dialect("explode(split({}, ';', -1))")


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


def joined(asked: Asked, dialect: Dialect, *, there: frozenset[str], has_lost: bool) -> str:
    """Return the question for the records with what their rules ask for, in the order of upload.

    Columns: ``place``, own fields by code, ``DATASET.FIELD`` of the rows above and beside, and
    ``exists N`` for each row that must stand elsewhere. The table ``double_CODE`` holds the later
    ones of equal keys of each dataset that is there, ``lost_CODE`` the orphans.
    """
    dataset = asked.dataset
    chain = [each for each in asked.chain if each.code in there]
    beside = sorted(asked.datasets & there)
    numbers = range(len(asked.lookups))
    tables = [_own(dataset, has_lost=has_lost), *(_above(each, asked) for each in chain)]
    tables.extend(_alone(find_dataset(code), asked) for code in beside)
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
    return f"""
        WITH {", ".join(tables)}
        SELECT {", ".join(columns)} FROM x {" ".join(joins)} ORDER BY x.place"""


def _own(dataset: Dataset, *, has_lost: bool) -> str:
    lost = f'ANTI JOIN "lost_{dataset.code}" USING (place)' if has_lost else ""
    parents = _first_parents(dataset)
    return f"""x AS (SELECT * FROM (
        SELECT {_PLACE} AS place, {_case(dataset)} AS c, {parents}, * FROM "{dataset.code}") {lost})"""


def _first(dataset: Dataset) -> str:
    """Return the SQL of the records whose key is given and did not stand before."""
    return f"""(SELECT * FROM (SELECT {_PLACE} AS place, * FROM "{dataset.code}")
        ANTI JOIN "double_{dataset.code}" USING (place) WHERE {_is_given(dataset.key)})"""


def _fields(dataset: Dataset, asked: Asked) -> list[str]:
    return [field for code, field in asked.above if code == dataset.code]


def _above(dataset: Dataset, asked: Asked) -> str:
    keys = [f"{_said(code)} AS k{n}" for n, code in enumerate(dataset.key)]
    fields = [f'"{field}" AS "f {field}"' for field in _fields(dataset, asked)]
    parents = _first_parents(dataset)
    columns = ", ".join(["place", *keys, parents, *fields])
    return f'"up {dataset.code}" AS (SELECT {columns} FROM {_first(dataset)})'


def _alone(dataset: Dataset, asked: Asked) -> str:
    """Return the table of the rows that are the only ones of their dataset in a case."""
    fields = [f'any_value("{field}") AS "f {field}"' for field in _fields(dataset, asked)]
    columns = ", ".join([f"{_case(dataset)} AS c", *fields])
    return f"""\"one {dataset.code}\" AS (
        SELECT {columns} FROM {_first(dataset)} GROUP BY 1 HAVING count(*) = 1)"""


def _climb(dataset: Dataset, chain: list[Dataset]) -> Iterator[str]:
    below = "x"
    for each in chain:
        if each.code != dataset.parent:
            return  # a step between is not there
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


def _missed(number: int, lookup: Lookup, dialect: Dialect) -> Iterator[str]:
    """Return the tables of the records of which a part is not found in another dataset."""
    own = ", ".join(f'"{code}" AS o{n}' for n, code in enumerate(lookup.own))
    fields = ", ".join(f'"{code}" AS o{n}' for n, code in enumerate(lookup.fields))
    sought = f"(SELECT place, {own} FROM x)"
    there = f'(SELECT {fields} FROM "{lookup.dataset}")'
    names = [f"v{n}" for n in range(len(lookup.own))]
    yield f"s{number} AS ({_in_parts(sought, names, 'place', dialect)})"
    yield f"t{number} AS ({_in_parts(there, names, '', dialect)})"
    yield (
        f"m{number} AS (SELECT DISTINCT place FROM s{number} "
        f"ANTI JOIN t{number} USING ({', '.join(names)}))"
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
    codes = [
        f"nullif(trim(BOTH {_SPACES} FROM {_said(code)}), '')" for code in case_fields_of(dataset)
    ]
    choices = ", ".join([*codes, "''"])
    return f"coalesce({choices})"


def _is_given(codes: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"{_said(code)} <> ''" for code in codes) + ")"


def _said(code: str) -> str:
    """Return the SQL of a field's text, empty when it is blank or no text."""
    return (
        f"""CASE WHEN trim(BOTH {_BLANKS} FROM coalesce("{code}", '')) IN ('', '{NOT_TEXT}') """
        f"""THEN '' ELSE "{code}" END"""
    )
