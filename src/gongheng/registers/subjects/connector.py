"""The business register: what is asked of it, and the local one that a file backs.

A province connects its own by another class with the same two questions; who cannot be reached
raises ``RegisterAway``, and the verification goes on without its answer.
"""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from gongheng.registers.subjects.kinds import SubjectKind
from gongheng.registers.subjects.rules import Entry, core_of

_FILE = Path(__file__).parent / "data" / "business_register.csv"


class RegisterAway(Exception):
    """The business register gave no answer."""


class BusinessRegister(Protocol):
    """What we ask of a business register."""

    def look_up(self, code: str) -> Entry | None:
        """Return the entry of a credit code. Raises ``RegisterAway``."""

    def named_like(self, core: str) -> Sequence[Entry]:
        """Return entries whose names may look like one with this core. Raises ``RegisterAway``."""


class LocalRegister:
    """A register in a file: of demonstrations, and of provinces that deliver a file every night."""

    def __init__(self, path: Path = _FILE) -> None:
        self._entries = _read(path)

    def look_up(self, code: str) -> Entry | None:
        """Return the entry of a credit code."""
        return self._entries.get(code)

    def named_like(self, core: str) -> Sequence[Entry]:
        """Return the entries that share the first or last sign of the core."""
        return [
            entry for entry in self._entries.values() if _may_be_like(core_of(entry.name), core)
        ]


def _may_be_like(one: str, other: str) -> bool:
    return one[:1] == other[:1] or one[-1:] == other[-1:]


@cache
def _read(path: Path) -> Mapping[str, Entry]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: _entry(row) for row in csv.DictReader(file)}


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        code=row["code"],
        name=row["name"],
        kind=SubjectKind(row["kind"]),
        status=row["status"],
        representative=row["representative"],
        legal_type=row["legal_type"],
        region_code=row["region_code"],
        address=row["address"],
        capital=row["capital"],
        industry=row["industry"],
        expires_on=row["expires_on"],
        former_names=tuple(filter(None, row["former_names"].split("|"))),
        successor=row["successor"],
    )


def register() -> BusinessRegister:
    """Return the business register of this node."""
    return LocalRegister()
