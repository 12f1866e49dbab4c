"""The records that a record hangs on, and those that hang on it."""

from collections.abc import Mapping

from gongheng.data.records.models import Current
from gongheng.data.records.names import NO_PARENT, Name, name_in, parents_of, reference
from gongheng.data.records.surroundings import Surroundings
from gongheng.data.standard import summary

Bodies = dict[str, dict[str, str]]


def ancestors(dataset: str, body: Mapping[str, object], around: Surroundings) -> tuple[Bodies, str]:
    """Return the bodies above and beside ``body`` by dataset, and the reference that is missing.

    The missing reference is ``NO_PARENT`` when the record has no parent or every parent is here; a
    record that names several parents (lots of one notice) needs them all, and is shown the first.
    """
    parents = parents_of(dataset, body)
    for name in parents:
        if around.current(name) is None:
            return {}, reference(name)
    found: Bodies = {}
    above = around.current(parents[0]) if parents else None
    while above is not None:
        found[above.dataset] = above.version.body
        above = around.current(name_in(above.parent)) if above.parent else None
    return _rest_of_case(dataset, body, around) | found, NO_PARENT


def _rest_of_case(dataset: str, body: Mapping[str, object], around: Surroundings) -> Bodies:
    """Return the other records of the case of which there is just one: the others are ambiguous."""
    case_code = summary.describe(dataset, body).case_code
    rows = around.single_rows(case_code) if case_code else {}
    return {code: row.version.body for code, row in rows.items() if code != dataset}


def has_children(name: Name) -> bool:
    """Tell whether a record that has not been withdrawn hangs on this one."""
    return Current.objects.filter(parent=reference(name), is_withdrawn=False).exists()
