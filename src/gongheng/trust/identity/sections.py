"""What other rooms show of an account, on its owner's page and on that of the officers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page: its template finds ``facts`` under ``section``."""

    template: str
    facts: dict[str, Any]


Source = Callable[..., Section]
"""``source(account_id, is_own=...)``: what to show to the owner, or masked to an officer."""

_sources: list[Source] = []


def provides_section(source: Source) -> Source:
    """Enter what shows something of an account (decorator)."""
    _sources.append(source)
    return source


def of(account_id: UUID, *, is_own: bool) -> list[Section]:
    """Return the sections of an account's page."""
    return [source(account_id, is_own=is_own) for source in _sources]
