"""A paper of a case, as every part of the page reads it: plain data, no tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongheng.data.standard.values import parts_of
from gongheng.public.dossier.kinds import Stage

_LOT_COLUMNS = ("BID_SECTION_CODE", "BID_SECTION_CODES")


@dataclass(frozen=True, slots=True)
class Edition:
    """A public version of a paper; ``body`` is its public part."""

    id: UUID
    number: int
    deed: str
    at: datetime
    body: Mapping[str, str]
    is_proven: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A public record of a case; ``id`` is the version in force, ``editions`` oldest first.

    ``at`` is when it was published, None where the source of history does not tell. ``origin`` is
    the platform that made it, in words. ``is_ours``: made by this node.
    """

    id: UUID
    dataset: str
    key: str
    stage: Stage
    kind: str
    title: str
    at: datetime | None
    origin: str
    trade: str
    region_code: str
    transaction_code: str
    is_ours: bool
    is_history: bool
    is_withdrawn: bool
    body: Mapping[str, str]
    editions: tuple[Edition, ...] = ()

    @property
    def lots(self) -> tuple[str, ...]:
        """Return the codes of the lots that the paper is about; none where it names none."""
        named = next((self.body[column] for column in _LOT_COLUMNS if self.body.get(column)), "")
        return tuple(code.strip() for code in parts_of(named) if code.strip()) if named else ()

    @property
    def stands(self) -> bool:
        """Tell whether the paper has not been withdrawn."""
        return not self.is_withdrawn

    @property
    def is_proven(self) -> bool:
        """Tell whether the log proves the version in force."""
        return any(edition.is_proven for edition in self.editions if edition.id == self.id)


@dataclass(frozen=True, slots=True)
class Plan:
    """A tender plan: the standard has no dataset for it, so it is a public act."""

    id: UUID
    title: str
    at: datetime
    lot: str
    is_proven: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A public act of a case: what happened, without a dataset of the standard."""

    id: UUID
    kind: str
    title: str
    at: datetime
    case_code: str
    actor_code: str
    facts: Mapping[str, object]
    is_proven: bool
