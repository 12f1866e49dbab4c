"""The self-audit of rules across records: a sample is judged again by looking, without any SQL.

Of what was refused and of what was not, some records of each dataset are put to the judge of one
record, with the rows above, beside and elsewhere found by plain comparison of values. Both must say
the same; where they do not, the fault is in our program and never in the data.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gongheng.data.bulk.audit import chosen
from gongheng.data.bulk.beside import asked_of, case_fields_of
from gongheng.data.bulk.joins import NOT_TEXT
from gongheng.data.bulk.sets import Across
from gongheng.data.standard import faults, keys, summary, validator
from gongheng.data.standard.expressions import Lookup
from gongheng.data.standard.registry import dataset as find_dataset
from gongheng.data.standard.values import parts_of

MOST: Final = 300
"""Records of a dataset that are judged again: so many of the refused, and of the others."""
MOST_NOTED: Final = 2_000_000
MOST_AROUND: Final = 50_000
"""Rows around a sample that are looked at; where more share a value, the sample is left out."""

Place: TypeAlias = tuple[int, int]
Body: TypeAlias = Mapping[str, object]
Row: TypeAlias = tuple[Place, Body]


class TooMany(Exception):
    """So many rows share a value that looking is no way to judge them."""


class Noted:
    """What the engine said across records, by dataset and place: all of it while it is not too much."""

    def __init__(self) -> None:
        self._said: dict[str, dict[Place, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._count = 0

    def take(self, across: Across) -> None:
        """Note what was found of some records of a file."""
        self._count += len(across.rows)
        rows = across.rows
        if self._count > MOST_NOTED:  # what is judged again by chance is noted still
            rows = rows[chosen(rows)]
        for row in rows.tolist():
            self._said[across.dataset][across.file, row].add(across.found.rule)

    def of(self, dataset: str, place: Place) -> set[str]:
        """Return the rules that a record was found to break."""
        return self._said[dataset].get(place, set())

    def refused(self, dataset: str) -> set[Place]:
        """Return some of the records of which everything is noted."""
        places = sorted(self._said[dataset]) if self._count <= MOST_NOTED else []
        return set(places[:: max(1, len(places) // MOST)][:MOST])


class Around:
    """The rows that were put aside, found by their values."""

    def __init__(self, folder: Path) -> None:
        found = sorted(folder.glob("aside/*/*.parquet"))
        self.files: dict[str, list[Path]] = defaultdict(list)
        for path in found:
            self.files[path.parent.name].append(path)

    def sample(self, dataset: str, refused: set[Place]) -> list[Row]:
        """Return these records of a dataset, and others by chance."""
        taken: list[Row] = []
        others = 0
        wanted = pa.array([(file << 40) | row for file, row in sorted(refused)], pa.int64())
        for table in self._tables(dataset):
            numbers = table.column("row").to_numpy()
            places = (table.column("file").to_numpy().astype(np.int64) << 40) | numbers
            is_wanted = pc.is_in(pa.array(places), wanted).to_numpy(zero_copy_only=False)
            by_chance = np.flatnonzero(chosen(numbers) & ~is_wanted)[: max(0, MOST - others)]
            others += len(by_chance)
            rows = np.union1d(np.flatnonzero(is_wanted), by_chance)
            taken.extend(_rows(table.take(pa.array(rows))))
        return taken

    def where(self, dataset: str, field: str, values: set[str]) -> list[Row]:
        """Return the records of which the field, or a part of it, has one of the values."""
        sought = pa.array(sorted(values), pa.large_string())
        found: list[Row] = []
        for table in self._tables(dataset):
            if field not in table.column_names:
                continue
            column = table.column(field).cast(pa.large_string())
            trimmed = pc.utf8_trim_whitespace(column)
            mask = pc.or_(pc.is_in(column, sought), pc.is_in(trimmed, sought))
            if find_dataset(dataset).field(field).is_multiple:
                mask = pc.or_(mask, pc.fill_null(pc.match_substring(column, ";"), fill_value=False))
            if len(found) + (pc.sum(mask).as_py() or 0) > MOST_AROUND:
                raise TooMany
            rows = _rows(table.filter(mask))
            found.extend(row for row in rows if _parts(row[1], field) & values)
        return found

    def _tables(self, dataset: str) -> Iterator[pa.Table]:
        for path in self.files.get(dataset, ()):
            with pq.ParquetFile(path) as source:
                for batch in source.iter_batches():
                    yield pa.Table.from_batches([batch])


def audited(folder: Path, noted: Noted) -> Iterator[tuple[str, Place, set[str], set[str]]]:
    """Judge samples again; yield dataset, place, what the engine said and what looking says."""
    around = Around(folder)
    for dataset in around.files:
        rows = around.sample(dataset, noted.refused(dataset))
        try:
            plain = Plain(around, dataset, rows)
            for place, body in rows:
                yield dataset, place, noted.of(dataset, place), plain.rules(place, body)
        except TooMany:
            continue


class Plain:
    """Judges records of one dataset by looking at what stands around them."""

    def __init__(self, around: Around, dataset: str, rows: list[Row]) -> None:
        self._around, self._dataset = around, dataset
        self._first: dict[tuple[str, str], Row] = {}
        self._asked = asked_of(dataset, around.files)
        self._by_case: dict[str, dict[str, list[Body]]] = defaultdict(lambda: defaultdict(list))
        self._know(dataset, [body for _, body in rows])
        self._climb(dataset, [body for _, body in rows])
        if self._asked is not None:
            cases = {summary.describe(dataset, body).case_code for _, body in rows} - {""}
            for beside in self._asked.datasets & around.files.keys():
                self._beside(beside, cases)
            self._there = {
                lookup: self._sought(lookup, [body for _, body in rows])
                for lookup in self._asked.lookups
            }

    def rules(self, place: Place, body: Body) -> set[str]:
        """Return the rules across records that a record breaks."""
        found = set()
        name = self._dataset, keys.key_of(self._dataset, body)
        if name[1].strip("/") and self._is_later(name, place):
            found.add(faults.DUPLICATE.rule)
        above = find_dataset(self._dataset).parent
        wanted = [key for key in keys.parent_keys_of(self._dataset, body) if key.strip("/")]
        if above in self._around.files and any((above, key) not in self._first for key in wanted):
            return found | {faults.PARENT_MISSING.rule}
        if self._asked is None:
            return found
        asked = {f"std.{rule.rule.kind}.{rule.rule.id}" for rule in self._asked.rules}
        said = validator.check_in_context(
            self._dataset, body, parents=self._parents(body), among=self._among
        )
        return found | ({finding.rule for finding in said} & asked)

    def _is_later(self, name: tuple[str, str], place: Place) -> bool:
        if name not in self._first:
            raise TooMany  # values of this form are not found by looking
        return self._first[name][0] != place

    def _know(self, dataset: str, bodies: list[Body]) -> None:
        """Find the first record of each of these keys."""
        wanted = {keys.key_of(dataset, body) for body in bodies}
        self._find(dataset, {key for key in wanted if key.strip("/")})

    def _find(self, dataset: str, wanted: set[str]) -> list[Body]:
        """Find the first record of each key; return those that were not known."""
        fields = find_dataset(dataset).key
        if not wanted:
            return []
        number = next((n for n in range(len(fields)) if all(_part(k, n) for k in wanted)), None)
        if number is None:
            raise TooMany  # no field of the key is given in all of them
        values = {_part(key, number) for key in wanted}
        new = []
        for place, body in sorted(self._around.where(dataset, fields[number], values), key=_place):
            key = keys.key_of(dataset, body)
            if key in wanted and (dataset, key) not in self._first:
                self._first[dataset, key] = place, body
                new.append(body)
        return new

    def _climb(self, dataset: str, bodies: list[Body]) -> None:
        above = find_dataset(dataset).parent
        seen = {dataset}
        while above in self._around.files and bodies and above not in seen:
            seen.add(above)
            wanted = {key for body in bodies for key in keys.parent_keys_of(dataset, body)}
            bodies = self._find(above, {key for key in wanted if key.strip("/")})
            dataset, above = above, find_dataset(above).parent

    def _beside(self, dataset: str, cases: set[str]) -> None:
        """Take up the records of these cases: of equal keys the first."""
        rows: dict[Place, Body] = {}
        for field in case_fields_of(find_dataset(dataset)):
            rows.update(self._around.where(dataset, field, cases) if cases else ())
        self._know(dataset, list(rows.values()))
        for place, body in sorted(rows.items()):
            name = dataset, keys.key_of(dataset, body)
            if name[1].strip("/") and not self._is_later(name, place):
                self._by_case[summary.describe(dataset, body).case_code][dataset].append(body)

    def _parents(self, body: Body) -> dict[str, dict[str, str]]:
        code = summary.describe(self._dataset, body).case_code
        rest = self._by_case[code] if code else {}
        found = {d: each[0] for d, each in rest.items() if len(each) == 1 and d != self._dataset}
        dataset, at = self._dataset, body
        while True:
            name = find_dataset(dataset).parent, keys.parent_key_of(dataset, at)
            if name not in self._first or name[0] == dataset:
                break
            dataset, at = name[0], self._first[name][1]
            found[dataset] = at
        return {code: _texts(each) for code, each in found.items()}

    def _sought(self, lookup: Lookup, bodies: list[Body]) -> list[Body] | None:
        if lookup.dataset not in self._around.files:
            return None
        values = {part for body in bodies for part in _parts(body, lookup.own[0])}
        return [body for _, body in self._around.where(lookup.dataset, lookup.fields[0], values)]

    def _among(self, lookup: Lookup, values: tuple[str, ...]) -> bool | None:
        there = self._there.get(lookup)
        if there is None:
            return None
        pairs = tuple(zip(lookup.fields, values, strict=True))
        return any(
            all(value in parts_of(str(body.get(field) or "")) for field, value in pairs)
            for body in there
        )


def _rows(table: pa.Table) -> list[Row]:
    return [
        (
            (row["file"], row["row"]),
            {
                name: 0 if value == NOT_TEXT else value
                for name, value in row.items()
                if name not in {"file", "row"}
            },
        )
        for row in table.to_pylist()
    ]


def _texts(body: Body) -> dict[str, str]:
    return {name: value for name, value in body.items() if isinstance(value, str)}


def _parts(body: Body, field: str) -> set[str]:
    value = body.get(field)
    return {*parts_of(value), value, value.strip()} if isinstance(value, str) else set()


def _part(key: str, number: int) -> str:
    """Return a part of a key as it stands in its field."""
    return key.split("/")[number].replace("%2F", "/").replace("%25", "%")


def _place(row: Row) -> Place:
    return row[0]
