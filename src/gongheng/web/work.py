"""What rooms show on the workbench and on the page of a case: tasks and tabs.

A room's ``tasks.py`` provides a source of tasks, its ``panels.py`` a tab; ``node`` imports both
when it starts. Who asks is an actor of identity, known here by its shape alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that is a person's to do: what, where, by when, and which rule says so.

    ``case_code`` is empty for what belongs to no case; ``due_at`` is legal time.
    """

    title: str
    address: str
    subject: str = ""
    case_code: str = ""
    due_at: datetime | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A tab on the page of a case: its words, and the template with its context.

    ``reads``: the deed under which showing it is written down, as with a route.
    """

    code: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    reads: str = ""


TaskSource = Callable[..., Iterable[Task]]
"""``source(actor=..., now=...)``: the tasks of a person at that instant."""
PanelSource = Callable[..., Panel | None]
"""``source(case=..., actor=..., now=...)``: the tab, or nothing for who may not see it."""

_tasks: list[TaskSource] = []
_panels: list[PanelSource] = []


def provides_tasks(source: TaskSource) -> TaskSource:
    """Enter a source of tasks (decorator)."""
    _tasks.append(source)
    return source


def provides_panel(source: PanelSource) -> PanelSource:
    """Enter the source of a tab (decorator)."""
    _panels.append(source)
    return source


def tasks_of(actor: object, *, now: datetime) -> list[Task]:
    """Return everything that is a person's to do, what is due first at the top."""
    found = [task for source in _tasks for task in source(actor=actor, now=now)]
    return sorted(found, key=lambda task: (task.due_at is None, task.due_at or now))


def panels_of(case: object, actor: object, *, now: datetime) -> list[Panel]:
    """Return the tabs of a case that a person may see, in the order of the rooms."""
    shown = (source(case=case, actor=actor, now=now) for source in _panels)
    return [panel for panel in shown if panel is not None]
