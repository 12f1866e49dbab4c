"""The rows that a transaction has changed so far, and what they were before (E-16).

Kept with the transaction itself and gone with it, whether it is committed or rolled back. What is
written outside a transaction is of no deed, and what goes past Django (SQL of our own) is not seen:
``tests/architecture/test_followed.py`` names each such place.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from gongheng.kernel.canonical import canonical

Key = tuple[str, str]
"""The label of a model, and the key of a row."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is not what it was; ``before`` is missing for a new one, ``after`` for one that is gone.

    Both are canonical bytes of all columns.
    """

    what: str
    row: str
    before: bytes | None
    after: bytes | None


class _Touched(dict[Key, bytes | None]):
    """What the rows were when the transaction first wrote them; ``told`` are those taken already."""

    def __init__(self) -> None:
        super().__init__()
        self.told: set[Key] = set()

    def __call__(self) -> None:
        """Do nothing: the transaction is committed, and this goes with it."""


def is_followed(model: type[models.Model]) -> bool:
    """Tell whether what is written of a table now is remembered."""
    return bool(getattr(model, "is_followed", False)) and connection.in_atomic_block


def touch(row: models.Model) -> None:
    """Remember what the database has of a row that is about to be written."""
    if is_followed(type(row)):
        is_new = row._state.adding or row.pk is None  # noqa: SLF001  Django's own name
        _remember(type(row), [_key(row)], are_new=is_new)


def touch_made(rows: Sequence[models.Model], *, may_stand: bool) -> None:
    """Remember that the database has none of these rows, or has them if they ``may_stand`` already."""
    if rows:
        _remember(type(rows[0]), [_key(row) for row in rows], are_new=not may_stand)


def touch_found(rows: models.QuerySet[Any]) -> list[str] | None:
    """Remember what the database has of rows that are about to be written, and lock them.

    Returns their keys, so that no other is written with them; nothing when they are not followed.
    """
    if not is_followed(rows.model):
        return None
    of_nothing_else = rows.select_related(None).order_by().only("pk")
    held = [str(row.pk) for row in of_nothing_else.select_for_update(of=("self",))]
    if held:
        _remember(rows.model, held, are_new=False)
    return held


def _remember(model: type[models.Model], rows: Iterable[str], *, are_new: bool) -> None:
    touched = _of_this_transaction()
    if touched is None:
        touched = _Touched()
        # Django drops what waits for the commit with its transaction or savepoint, as this must be.
        transaction.on_commit(touched)
    what = model._meta.label_lower  # noqa: SLF001  Django's own name
    fresh = [row for row in rows if (what, row) not in touched or (what, row) in touched.told]
    states = {} if are_new or not fresh else _states(what, fresh)
    for row in fresh:
        touched[what, row] = states.get(row)
        touched.told.discard((what, row))


def take(object_id: str = "") -> list[Change]:
    """Return what was changed and not taken yet; of the row with this key, since it was last asked for."""
    touched = _of_this_transaction()
    if touched is None:
        return []
    asked = {key for key in touched if key not in touched.told or key[1] == object_id}
    found = sorted(_changes(touched, asked), key=lambda change: (change.what, change.row))
    for key in asked:
        if key[1] == object_id:
            del touched[key]
        else:
            touched.told.add(key)
    return found


def _changes(touched: _Touched, asked: set[Key]) -> Iterator[Change]:
    rows = defaultdict(list)
    for what, row in asked:
        rows[what].append(row)
    for what, keys in rows.items():
        now = _states(what, keys)
        for row in keys:
            before, after = touched[what, row], now.get(row)
            if before != after:
                yield Change(what, row, before, after)


def _of_this_transaction() -> _Touched | None:
    waiting = (call[1] for call in connection.run_on_commit)
    return next((call for call in waiting if isinstance(call, _Touched)), None)


def _key(row: models.Model) -> str:
    if row.pk is None:
        row.pk = row._meta.pk.get_default()  # noqa: SLF001  Django's own name
    return str(row.pk)


def _states(what: str, rows: list[str]) -> Mapping[str, bytes]:
    model = apps.get_model(what)
    columns = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001  Django's own name
    found = model._base_manager.filter(pk__in=rows).values(*columns)  # noqa: SLF001  no filter of a default manager
    return {
        str(row["id"]): canonical({name: _exact(value) for name, value in row.items()})
        for row in found
    }


def _exact(value: Any) -> str | int | bool | None:  # noqa: ANN401  whatever a column holds
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
