"""The rows that a transaction has changed so far, and what they were before (E-16).

Kept with the transaction itself and gone with it, whether it is committed or rolled back. Rows that
are written many at once (``bulk_create``, ``update``) are not seen: they belong to one that is.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
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


def touch(row: models.Model) -> None:
    """Remember what the database has of a row that is about to be written."""
    if not connection.in_atomic_block:
        return
    is_new = row._state.adding or row.pk is None  # noqa: SLF001  Django's own name
    if row.pk is None:
        row.pk = row._meta.pk.get_default()  # noqa: SLF001
    key = _key(row)
    touched = _of_this_transaction()
    if touched is None:
        touched = _Touched()
        # Django drops what waits for the commit with its transaction or savepoint, as this must be.
        transaction.on_commit(touched)
    if key in touched and key not in touched.told:
        return
    touched[key] = None if is_new else _states(key[0], [key[1]]).get(key[1])
    touched.told.discard(key)


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


def _key(row: models.Model) -> Key:
    return row._meta.label_lower, str(row.pk)  # noqa: SLF001  Django's own name


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
