"""Versions of records against those kept before: what becomes of each, in the order they come.

The same answers as the channel that takes records one by one (``data/records/receiving.py``): a key
has versions, the newest accepted one counts; a child waits for its parents; a parent with living
children is not withdrawn. Nothing here reads or writes: whoever asks brings the versions around.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from gongheng.data.standard.histories import (
    EARLIER_PARENT,
    GRACE,
    HAS_CHILDREN,
    OTHER_CONTENT,
    WAITED_TOO_LONG,
)

DELETE: Final = "delete"
OPERATIONS: Final = ("insert", "update", DELETE)
NEW_PLACE: Final = -1


class State(StrEnum):
    """What is thought of a version, as in the record store."""

    ACCEPTED = "accepted"
    WAITING = "waiting"
    REFUSED = "refused"


class Kind(StrEnum):
    """What a record of a batch was, beside what was kept."""

    NEW = "new"
    SAME = "same"
    CORRECTION = "correction"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(slots=True)
class Version:
    """One version. ``name`` and ``parents`` are ``DATASET:key``; ``arrived`` numbers all versions.

    ``number`` 0: its sender numbers none, the next free one is meant. ``is_wrong``: refused for what
    it says itself; ``reason`` is the code of why it was refused or waits otherwise.
    """

    name: str
    number: int
    operation: str
    digest: bytes
    parents: tuple[str, ...]
    is_wrong: bool = False
    arrived: int = NEW_PLACE
    state: State = State.REFUSED
    awaited: str = ""
    until: int = 0
    reason: str = ""
    kind: Kind = Kind.REFUSED


@dataclass(slots=True)
class Versions:
    """Versions that may matter to each other; ``following`` is the number of the next to arrive."""

    following: int = 1
    changed: dict[int, Version] = field(default_factory=dict)
    _of: dict[str, list[Version]] = field(default_factory=lambda: defaultdict(list))
    _current: dict[str, Version] = field(default_factory=dict)
    _children: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _awaiting: dict[str, dict[int, Version]] = field(default_factory=lambda: defaultdict(dict))

    def know(self, kept: Iterable[Version]) -> None:
        """Take up versions that were kept before, in the order they arrived."""
        for version in kept:
            self._of[version.name].append(version)
            if version.state == State.ACCEPTED:
                self._counts(version)
            elif version.state == State.WAITING:
                self._awaiting[version.awaited][version.arrived] = version

    def receive(self, version: Version, *, now: int) -> tuple[Version, bool]:
        """Judge a version; return it as it is kept, and whether it was kept and settled before."""
        stored = self._stored(version)
        if stored is not None:
            if stored.state != State.REFUSED:
                return stored, True
            stored.is_wrong = version.is_wrong
        else:
            stored = version
            stored.number = version.number or self._highest(version.name) + 1
            stored.arrived, self.following = self.following, self.following + 1
            self._of[version.name].append(stored)
        self._judge(stored, now=now)
        return stored, False

    def look_after_waiting(self, *, now: int) -> list[Version]:
        """Refuse what has waited too long; return it."""
        waiting = [each for group in self._awaiting.values() for each in group.values()]
        given_up = []
        for version in sorted(waiting, key=lambda each: (each.until, each.arrived)):
            if version.state != State.WAITING or version.until > now:
                continue
            self._awaiting[version.awaited].pop(version.arrived, None)
            self._refuse(version, WAITED_TOO_LONG.code)
            given_up.append(version)
        return given_up

    def _stored(self, version: Version) -> Version | None:
        """Return the version that says the same, if one was kept."""
        of_key = self._of.get(version.name, [])
        if version.number:
            return next(
                (v for v in of_key if (v.number, v.digest) == (version.number, version.digest)),
                None,
            )
        last = max(of_key, key=lambda v: (v.number, v.arrived), default=None) if of_key else None
        is_same = last is not None and (last.digest, last.operation) == (
            version.digest,
            version.operation,
        )
        return last if is_same else None

    def _highest(self, name: str) -> int:
        return max((v.number for v in self._of.get(name, ())), default=0)

    def _judge(self, version: Version, *, now: int) -> None:
        self.changed[version.arrived] = version
        if version.is_wrong:
            self._refuse(version, "")
        elif self._is_other_content(version):
            self._refuse(version, OTHER_CONTENT.code)
        elif version.operation == DELETE and self._children.get(version.name):
            self._refuse(version, HAS_CHILDREN.code)
        else:
            missing = next((p for p in version.parents if not self._lives(p)), "")
            if missing:
                version.state, version.kind = State.WAITING, Kind.WAITING
                version.awaited, version.reason = missing, EARLIER_PARENT.code
                version.until = now + int(GRACE.total_seconds())
                self._awaiting[missing][version.arrived] = version
            else:
                self._accept(version, now=now)

    def _refuse(self, version: Version, reason: str) -> None:
        self.changed[version.arrived] = version
        version.state, version.kind, version.reason = State.REFUSED, Kind.REFUSED, reason
        version.awaited, version.until = "", 0

    def _accept(self, version: Version, *, now: int) -> None:
        current = self._current.get(version.name)
        version.state, version.reason, version.awaited, version.until = State.ACCEPTED, "", "", 0
        if current is not None and current.number > version.number:
            version.kind = Kind.LATE
        elif version.operation == DELETE:
            version.kind = Kind.WITHDRAWN
        else:
            version.kind = Kind.NEW if current is None else Kind.CORRECTION
        self._counts(version)
        for _, waiting in sorted(self._awaiting.pop(version.name, {}).items()):
            self._judge(waiting, now=now)

    def _counts(self, version: Version) -> None:
        """Let an accepted version count unless a newer one does."""
        current = self._current.get(version.name)
        if current is not None and current.number > version.number:
            return
        if current is not None and current.parents:
            self._children[current.parents[0]].discard(version.name)
        self._current[version.name] = version
        if version.parents and version.operation != DELETE:
            self._children[version.parents[0]].add(version.name)

    def _lives(self, name: str) -> bool:
        current = self._current.get(name)
        return current is not None and current.operation != DELETE

    def _is_other_content(self, version: Version) -> bool:
        return any(
            v.number == version.number and v.state == State.ACCEPTED and v is not version
            for v in self._of[version.name]
        )
