"""A column of texts as the loops want it: a buffer of bytes and places in it, once per distinct value."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np

Array: TypeAlias = np.ndarray[Any, Any]
LOOKED_AT: Final = 1000
"""Bytes of a value from which is made what is shown of it."""


@dataclass(slots=True)
class Texts:
    """Texts of so many rows.

    ``starts`` and ``ends`` are places in ``data`` by slot; ``slots`` gives the slot of each row, None
    when each row has its own. What is absent or null is an empty text. ``is_text`` is False by row
    where the value was something else than text; None when all are.
    """

    data: Array
    starts: Array
    ends: Array
    slots: Array | None = None
    is_text: Array | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.starts if self.slots is None else self.slots)

    def by_row(self, by_slot: Array) -> Array:
        """Return what is known by slot, by row."""
        return by_slot if self.slots is None else by_slot[self.slots]

    def places(self, rows: Array | None = None) -> tuple[Array, Array]:
        """Return first and last places by row, of all rows or of some."""
        if rows is None:
            return self.by_row(self.starts), self.by_row(self.ends)
        slots = rows if self.slots is None else self.slots[rows]
        return self.starts[slots], self.ends[slots]

    def text(self, row: int) -> str:
        """Return the text of a row; bytes that are not UTF-8 are shown as such."""
        return self.raw(row).decode("utf-8", "replace")

    def raw(self, row: int) -> bytes:
        """Return the bytes of a row."""
        slot = row if self.slots is None else int(self.slots[row])
        return self.data[self.starts[slot] : self.ends[slot]].tobytes()


def empty(rows: int) -> Texts:
    """Return a column that says nothing."""
    nothing = np.zeros(1, np.int64)
    return Texts(np.zeros(1, np.uint8), nothing, nothing, np.zeros(rows, np.int64))


def of_values(values: list[str | bytes | None]) -> Texts:
    """Return a column of these values."""
    encoded = [
        v.encode("utf-8", "surrogatepass") if isinstance(v, str) else v or b"" for v in values
    ]
    ends = np.cumsum([len(value) for value in encoded], dtype=np.int64)
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    data = np.frombuffer(b"".join(encoded) or b"\0", np.uint8)
    return Texts(data, starts, ends)
