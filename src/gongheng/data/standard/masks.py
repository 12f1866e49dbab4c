"""How values of persons are shown, by the name of the mask that the audience table gives a field."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from gongheng.data.standard.registry import Field
from gongheng.kernel.masking import Personal, hidden, masked as cover

LONGEST_SHOWN = 60
"""Characters of a value that are repeated to its sender."""

_IN_PROSE = frozenset({Personal.IDENTITY, Personal.MOBILE, Personal.EMAIL})
"""What is covered in running text; the account for deposits must stay readable."""

_IN_CODES = frozenset({Personal.IDENTITY})
"""What is covered elsewhere: the code of a subject that is a natural person."""

_MAY_BE_PERSONAL = re.compile("[0-9０-９]{3}|[@＠]")
"""What any personal value has; most names and texts have it not and need no closer look."""

_WITHOUT_PERSONS = frozenset({"integer", "decimal", "date", "datetime"})


def _mobiles(text: str) -> str:
    """Return a text with its mobile numbers covered; numbers of offices stay."""
    return cover(text, {Personal.MOBILE})


def _emails(text: str) -> str:
    return cover(text, {Personal.EMAIL})


MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "phone": _mobiles,
    "email": _emails,
    "whole": hidden,
}


def masked(field: Field, value: str) -> str:
    """Return a value of ``field`` as everybody may see it."""
    if field.mask:
        return MASKS[field.mask](value)
    if field.type in _WITHOUT_PERSONS or _MAY_BE_PERSONAL.search(value) is None:
        return value
    return cover(value, _IN_PROSE if field.type == "text" else _IN_CODES)


def shown(field: Field, value: str) -> str:
    """Return a value of ``field`` as a finding repeats it: masked, printable, not long.

    A wrong telephone may be a mistyped mobile number, so a finding covers it whole.
    """
    beginning = value[: 4 * LONGEST_SHOWN]
    if field.mask:
        return hidden(beginning)[:LONGEST_SHOWN]
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in beginning)
    return masked(field, visible)[:LONGEST_SHOWN]
