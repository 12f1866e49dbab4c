"""How values of persons are shown, by the name of the mask that the audience table gives a field."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from gongheng.data.standard.registry import Field
from gongheng.kernel.masking import Personal, hidden, masked as cover

LONGEST_SHOWN = 60
"""Characters of a value that are repeated to its sender."""

_IN_PROSE = frozenset({Personal.IDENTITY, Personal.MOBILE, Personal.EMAIL})
"""What is covered in names and running text; the account for deposits must stay readable."""

_IN_CODES = frozenset({Personal.IDENTITY})
"""What is covered in codes and addresses of pages: eleven digits may be a number of a project."""

_CODE_LABELS = ("编号", "代码", "文号", "号码", "标识码", "URL", "链接")
"""How the labels of codes and addresses end."""

_MAY_BE_PERSONAL = re.compile("[0-9０-９]{3}|[@＠]")
"""What any personal value has; most names and texts have it not and need no closer look."""

_WITHOUT_PERSONS = frozenset({"integer", "decimal", "date", "datetime"})


def _phone(text: str) -> str:
    """Return a text with its mobile numbers covered; numbers of offices stay."""
    return cover(text, {Personal.MOBILE, Personal.IDENTITY})


def _contact(text: str) -> str:
    """Return the address of an office: the law wants it in the notice (B-03)."""
    return cover(text, {Personal.MOBILE, Personal.IDENTITY})


def _email(text: str) -> str:
    return cover(text, _IN_PROSE)


MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "phone": _phone,
    "email": _email,
    "contact": _contact,
    "whole": hidden,
}


def _is_code(field: Field) -> bool:
    return bool(field.check or field.code_list) or field.label.endswith(_CODE_LABELS)


def contacts(fields: Iterable[Field], body: Mapping[str, str]) -> frozenset[str]:
    """Return the values of a record that are official contacts, wherever its texts repeat them."""
    return frozenset(body[f.code] for f in fields if f.mask == "contact" and f.code in body)


def masked(field: Field, value: str, *, besides: Collection[str] = ()) -> str:
    """Return a value of ``field`` as everybody may see it; official ``contacts`` stay."""
    if field.mask:
        return MASKS[field.mask](value)
    if field.type in _WITHOUT_PERSONS or _MAY_BE_PERSONAL.search(value) is None:
        return value
    return cover(value, _IN_CODES if _is_code(field) else _IN_PROSE, besides=besides)


def shown(field: Field, value: str) -> str:
    """Return a value of ``field`` as a finding repeats it: masked, printable, not long.

    A wrong telephone may be a mistyped mobile number, so a finding covers it whole.
    """
    beginning = value[: 4 * LONGEST_SHOWN]
    if field.mask:
        return hidden(beginning)[:LONGEST_SHOWN]
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in beginning)
    return masked(field, visible)[:LONGEST_SHOWN]
