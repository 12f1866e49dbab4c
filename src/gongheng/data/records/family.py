"""The records that a record hangs on, and those that hang on it."""

from collections.abc import Mapping

from django.db.models import Count

from gongheng.data.records.models import Current
from gongheng.data.standard import keys, registry, summary
from gongheng.trust.crypto.digests import sm3

NO_PARENT = ""
LONGEST_KEY = 2000
"""Bytes of a key that an index of the database can hold; a longer one is known by its digest."""


def key_of(dataset: str, body: Mapping[str, object]) -> str:
    """Return the key of a record as it stands in the tables. Raises ``Refusal`` (unknown dataset)."""
    return _fit(keys.key_of(dataset, body))


def _fit(key: str) -> str:
    raw = key.encode()
    return key if len(raw) <= LONGEST_KEY else f"#{sm3(raw).hex()}"


def reference(dataset: str, key: str) -> str:
    """Return how a parent is written in ``Current.parent`` and ``Waiting.parent``."""
    return f"{dataset}:{key}"


def parent_of(dataset: str, body: Mapping[str, object]) -> str:
    """Return the reference of the record that ``body`` hangs on, or ``NO_PARENT``."""
    parent = registry.dataset(dataset).parent
    key = keys.parent_key_of(dataset, body)
    return reference(parent, _fit(key)) if parent and key else NO_PARENT


def current_of(dataset: str, key: str) -> Current | None:
    """Return the current row of a key that has not been withdrawn."""
    return (
        Current.objects.select_related("version")
        .filter(dataset=dataset, key=key, is_withdrawn=False)
        .first()
    )


def ancestors(dataset: str, body: Mapping[str, object]) -> tuple[dict[str, dict[str, str]], str]:
    """Return the bodies above and beside ``body`` by dataset, and the reference that is missing.

    The missing reference is ``NO_PARENT`` when the record has no parent or every parent is here; a
    record that names several parents (lots of one notice) needs them all, and is shown the first.
    """
    parent = registry.dataset(dataset).parent
    for key in keys.parent_keys_of(dataset, body):
        if parent and key and current_of(parent, _fit(key)) is None:
            return {}, reference(parent, _fit(key))
    found: dict[str, dict[str, str]] = {}
    above = parent_of(dataset, body)
    while above != NO_PARENT:
        parent_dataset, _, parent_key = above.partition(":")
        current = current_of(parent_dataset, parent_key)
        if current is None:
            break
        found[parent_dataset] = current.version.body
        above = current.parent
    return _rest_of_case(dataset, body) | found, NO_PARENT


def _rest_of_case(dataset: str, body: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """Return the other records of the case of which there is just one: the others are ambiguous."""
    case_code = summary.describe(dataset, body).case_code
    if not case_code:
        return {}
    case = Current.objects.filter(case_code=case_code, is_withdrawn=False).exclude(dataset=dataset)
    single = case.values("dataset").annotate(rows=Count("id")).filter(rows=1).values("dataset")
    rows = case.filter(dataset__in=single.order_by()).select_related("version")
    return {row.dataset: row.version.body for row in rows}


def has_children(dataset: str, key: str) -> bool:
    """Tell whether a record that has not been withdrawn hangs on this one."""
    return Current.objects.filter(parent=reference(dataset, key), is_withdrawn=False).exists()
