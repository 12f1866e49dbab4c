"""A batch of files beside what was kept before: what each record is, and what becomes of it.

A record of which no version is told is the next one, or the same as the last. Records are taken in the
order of upload, some at a time, so that memory does not grow with the batch.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow.parquet as pq

from gongheng.data.bulk.arrivals import Place
from gongheng.data.bulk.judging import Found
from gongheng.data.bulk.keeping import Kept
from gongheng.data.bulk.reasons import NO_VERSION
from gongheng.data.bulk.texts import Array
from gongheng.data.bulk.versions import DELETE, Kind, State, Version, Versions
from gongheng.data.standard.histories import EARLIER_PARENT
from gongheng.kernel.findings import Severity

AT_ONCE: Final = 100_000

Tell: TypeAlias = Callable[[int, str, Array, Found], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Where earlier batches are kept, the hour of machine time, and whether this one is kept, too."""

    folder: Path
    now: datetime
    keeps: bool = False


class Incoming:
    """The versions that the tasks of a run put aside, held against what was kept."""

    def __init__(self, aside: Path, kept: Kept, *, now: datetime) -> None:
        self._aside, self._kept = aside, kept
        self._now = int(now.timestamp())
        self._waiting: dict[int, tuple[str, Place]] = {}
        self.kinds: dict[str, Counter[str]] = defaultdict(Counter)
        self.given_up: Counter[str] = Counter()
        self._refused: dict[tuple[int, str, str], list[int]] = defaultdict(list)

    def settle(self, wrong: Collection[Place], tell: Tell) -> None:
        """Say what becomes of every record; ``wrong`` are those that a rule across records refused."""
        is_first = True
        for rows in self._rows():
            self._some(rows, wrong, is_first=is_first)
            is_first = False
        for name, place in self._waiting.values():
            self._count(name, Kind.WAITING)
            self._refused[place[0], _dataset_in(name), EARLIER_PARENT.code].append(place[1])
        for (file, dataset, rule), numbers in sorted(self._refused.items()):
            severity = Severity.WARNING if rule == EARLIER_PARENT.code else Severity.ERROR
            found = Found(rule, "", str(severity), np.arange(len(numbers)), None)
            tell(file, dataset, np.array(sorted(numbers), np.int64), found)

    def _rows(self) -> Iterator[list[dict[str, Any]]]:
        """Yield what the tasks put aside, in the order of upload, some rows at a time."""
        some: list[dict[str, Any]] = []
        for path in sorted(self._aside.glob("versions/*.parquet")):
            with pq.ParquetFile(path) as source:
                for batch in source.iter_batches(AT_ONCE):
                    some.extend(batch.to_pylist())
                    while len(some) >= AT_ONCE:
                        yield some[:AT_ONCE]
                        some = some[AT_ONCE:]
        yield some

    def _some(
        self, rows: list[dict[str, Any]], wrong: Collection[Place], *, is_first: bool
    ) -> None:
        names = {name for row in rows for name in (row["name"], *row["parents"])}
        withdrawn = {row["name"] for row in rows if row["operation"] == DELETE}
        versions = Versions(following=self._kept.following)
        versions.know(self._kept.around(names, withdrawn=withdrawn))
        if is_first:
            for version in versions.look_after_waiting(now=self._now):
                self.given_up[_dataset_in(version.name)] += 1
        taken = []
        for row in rows:
            place = row["file"], row["row"]
            if not row["is_version"]:
                self._refused[place[0], _dataset_in(row["name"]), NO_VERSION.code].append(place[1])
                self._count(row["name"], Kind.REFUSED)
                continue
            version = Version(
                name=row["name"],
                number=row["number"],
                operation=row["operation"],
                digest=row["digest"],
                parents=tuple(row["parents"]),
                is_wrong=row["wrong"] or place in wrong,
            )
            taken.append((place, *versions.receive(version, now=self._now)))
        self._told(taken, versions)
        self._kept.add(versions.changed.values(), following=versions.following)

    def _told(self, taken: list[tuple[Place, Version, bool]], versions: Versions) -> None:
        for place, version, is_same in taken:
            if is_same:
                self._count(version.name, Kind.SAME)
            elif version.state == State.WAITING:
                self._waiting[version.arrived] = version.name, place
            else:
                self._ended(version, place)
        for arrived in self._waiting.keys() & versions.changed.keys():
            version = versions.changed[arrived]
            if version.state != State.WAITING:
                self._ended(version, self._waiting.pop(arrived)[1])

    def _ended(self, version: Version, place: Place) -> None:
        self._count(version.name, version.kind)
        if version.reason:
            self._refused[place[0], _dataset_in(version.name), version.reason].append(place[1])

    def _count(self, name: str, kind: Kind) -> None:
        self.kinds[_dataset_in(name)][kind.value] += 1


def _dataset_in(name: str) -> str:
    return name.partition(":")[0]
