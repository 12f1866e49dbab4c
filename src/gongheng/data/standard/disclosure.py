"""What of a record may be seen by whom; deny by default.

The audience of a field is ours (``audiences.csv``): narrower than the standard's mark where people
are concerned - personal and secret values are never public, secret ones never leave a node - and
wider where the law has published what the standard keeps for authorities; each row says which rule.
"""

from collections.abc import Mapping
from functools import cache

from gongheng.data.standard import history
from gongheng.data.standard.masks import contacts, masked
from gongheng.data.standard.registry import Field, FieldAudience, dataset as find_dataset


@cache
def _fields(dataset: str, audiences: frozenset[FieldAudience]) -> tuple[Field, ...]:
    return tuple(field for field in find_dataset(dataset).fields if field.audience in audiences)


_PUBLIC = frozenset({FieldAudience.PUBLIC})
_EXPORTABLE = frozenset(FieldAudience) - {FieldAudience.SECRET}


def public_body(dataset: str, body: Mapping[str, str]) -> dict[str, str]:
    """Return the public fields of a record with the values of persons masked.

    Names, numbers and addresses of official contacts stay; mobile numbers, other e-mail addresses
    and identity numbers in text are masked. Columns that the standard does not know are left out;
    an imported record of any dataset also shows what ``history`` says of it.
    """
    fields = _fields(dataset, _PUBLIC)
    if dataset != history.DATASET and history.is_history(body):
        fields += _fields(history.DATASET, _PUBLIC)
    official = contacts(fields, body)
    return {
        field.code: masked(field, body[field.code], besides=official)
        for field in fields
        if field.code in body
    }


def exportable_body(dataset: str, body: Mapping[str, str]) -> dict[str, str]:
    """Return the record without its secret fields: what may be sent to another node."""
    return {
        field.code: body[field.code]
        for field in _fields(dataset, _EXPORTABLE)
        if field.code in body
    }


def shown_key(dataset: str, body: Mapping[str, str]) -> str:
    """Return the key of a record as people may see it: personal parts are masked."""
    found = find_dataset(dataset)
    return "/".join(masked(found.field(code), body.get(code, "")) for code in found.key)
