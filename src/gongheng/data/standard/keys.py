"""Keys of records: the values of the key fields, escaped and joined by ``/``.

A key may hold the identity number of a person (experts): it is for look-ups, never for pages.
"""

from collections.abc import Mapping
from itertools import product

from gongheng.data.standard.registry import Dataset, dataset as find_dataset
from gongheng.data.standard.values import is_blank, text_of
from gongheng.trust.crypto.digests import sm3

LONGEST_KEPT = 2000
"""Bytes of a key that an index of the database can hold; a longer one is known by its digest."""


def _escape(part: str) -> str:
    return part.replace("%", "%25").replace("/", "%2F")


def _value(body: Mapping[str, object], field: str) -> str:
    text = text_of(body.get(field))
    return "" if is_blank(text) else text


def key_of(dataset: str, body: Mapping[str, object]) -> str:
    """Return the key of a row, e.g. ``E5301000001000001001/昆明…公告/20261012090000``.

    Parts that are blank (optional lot numbers) are empty; a row of a single part is that part.
    Raises ``Refusal`` for an unknown dataset.
    """
    return "/".join(_escape(_value(body, field)) for field in find_dataset(dataset).key)


def kept_key(key: str) -> str:
    """Return how a key stands where versions are kept."""
    raw = key.encode()
    return key if len(raw) <= LONGEST_KEPT else f"#{sm3(raw).hex()}"


def parent_keys_of(dataset: str, body: Mapping[str, object]) -> tuple[str, ...]:
    """Return the keys of the rows that must come first: several when a field holds several parts.

    Empty when the dataset has no parent or rows cannot be joined to one.
    """
    found = find_dataset(dataset)
    if not found.parent or not found.parent_key:
        return ()
    parts = [_parts(found, field, body) for field in found.parent_key]
    return tuple("/".join(combination) for combination in product(*parts))


def _parts(dataset: Dataset, field: str, body: Mapping[str, object]) -> list[str]:
    value = _value(body, field)
    several = value.split(";") if dataset.field(field).is_multiple else [value]
    return [_escape(part) for part in several]


def parent_key_of(dataset: str, body: Mapping[str, object]) -> str:
    """Return the key of the (first) row that must come first, or ``""``."""
    return next(iter(parent_keys_of(dataset, body)), "")
