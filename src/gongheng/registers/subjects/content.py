"""A subject as a row of the standard: its labels, its words for people, its masks."""

from collections.abc import Mapping
from functools import cache

from gongheng.data.standard import disclosure, regions, registry
from gongheng.data.standard.masks import masked
from gongheng.data.standard.registry import Field, FieldAudience
from gongheng.registers.subjects.kinds import SubjectKind

SENDER_COLUMNS = frozenset({"PLATFORM_CODE", "PUB_SERVICE_PLAT_CODE", "DATA_TIMESTAMP"})


@cache
def labels(kind: SubjectKind) -> Mapping[str, str]:
    """Return the Chinese names of the columns of such a subject, in the order of the standard."""
    return {
        field.code: field.label
        for field in registry.dataset(kind.dataset).fields
        if field.code not in SENDER_COLUMNS
    }


def words(kind: SubjectKind, field: str, value: str) -> str:
    """Return a value as people read it: codes by their names, days with hyphens."""
    row = registry.dataset(kind.dataset).by_code.get(field)
    if row is None or not value:
        return value
    if row.code_list:
        return "、".join(_named(row.code_list, code) for code in value.split(";"))
    if row.type == "date":
        return f"{value[:4]}-{value[4:6]}-{value[6:8]}"
    return value


def _named(code_list: str, code: str) -> str:
    if code_list == "REGION" and regions.is_known(code):
        return regions.full_name(code)
    return registry.code_list(code_list).label(code) or code


def rows(
    kind: SubjectKind, body: Mapping[str, str], *, is_covered: bool
) -> list[tuple[str, str, str]]:
    """Return field, label and words of a body; ``is_covered`` hides what belongs to persons."""
    known = registry.dataset(kind.dataset).by_code
    return [
        (field, label, _covered(known[field], shown) if is_covered else shown)
        for field, label in labels(kind).items()
        if (shown := words(kind, field, body.get(field, "")))
    ]


def _covered(field: Field, value: str) -> str:
    if field.audience is FieldAudience.PUBLIC:
        return masked(field, value)
    return "（不公开）"


def public(kind: SubjectKind, body: Mapping[str, str]) -> dict[str, str]:
    """Return what everybody may see of a subject."""
    return disclosure.public_body(kind.dataset, body)
