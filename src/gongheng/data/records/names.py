"""How records are named in the tables: by dataset and key, their parents by a reference."""

from collections.abc import Mapping
from typing import TypeAlias

from gongheng.data.standard import keys, registry

Name: TypeAlias = tuple[str, str]
"""Dataset and key of a record."""

NO_PARENT = ""


def key_of(dataset: str, body: Mapping[str, object]) -> str:
    """Return the key of a record as it stands in the tables. Raises ``Refusal`` (unknown dataset)."""
    return keys.kept_key(keys.key_of(dataset, body))


def reference(name: Name) -> str:
    """Return how a parent is written in ``Current.parent`` and ``Waiting.parent``."""
    return f"{name[0]}:{name[1]}"


def name_in(reference: str) -> Name:
    """Return the name that a reference holds."""
    dataset, _, key = reference.partition(":")
    return dataset, key


def parents_of(dataset: str, body: Mapping[str, object]) -> list[Name]:
    """Return the names of the records that ``body`` hangs on: several when it names several."""
    parent = registry.dataset(dataset).parent
    if not parent:
        return []
    return [(parent, keys.kept_key(key)) for key in keys.parent_keys_of(dataset, body) if key]


def parent_of(dataset: str, body: Mapping[str, object]) -> str:
    """Return the reference of the (first) record that ``body`` hangs on, or ``NO_PARENT``."""
    parents = parents_of(dataset, body)
    return reference(parents[0]) if parents else NO_PARENT
