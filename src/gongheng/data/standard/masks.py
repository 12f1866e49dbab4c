"""How values of persons are shown, by the name of the mask that the audience table gives a field."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from gongheng.data.standard.registry import Field
from gongheng.kernel.codes import identity

HIDDEN: Final = "***"
LONGEST_SHOWN = 60
"""Characters of a value that are repeated to its sender."""

_SHORTEST_NUMBER = 10
"""A number of a document or an account that is shorter is hidden whole."""

_MOBILE = re.compile(r"(?<![0-9])(1[3-9][0-9])[0-9]{4}([0-9]{4})(?![0-9])")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_CONTACT = re.compile(
    r"((?:电话|手机|联系方式|联系人|[Tt]el|TEL|[Mm]obile)[^0-9\n]{0,20}1[3-9][0-9])[0-9]{4}([0-9]{4})(?![0-9])"
)
_EMAIL = re.compile(r"([^@\s;])[^@\s;]*(@[^@\s;]+)")


def _number(text: str) -> str:
    """Return a number with all but three and four characters hidden."""
    if len(text) <= _SHORTEST_NUMBER:
        return HIDDEN
    return text[:3] + "*" * (len(text) - 7) + text[-4:]


def _mobiles(text: str) -> str:
    """Return a text with its mobile numbers masked; numbers of offices stay."""
    return _MOBILE.sub(r"\1****\2", text)


def _emails(text: str) -> str:
    return _EMAIL.sub(r"\1***\2", text)


def _hidden(_text: str) -> str:
    return HIDDEN


def _found_identity(found: re.Match[str]) -> str:
    number = found[0]
    return _number(number) if identity.is_plausible(number.upper()) else number


def mask_persons(text: str) -> str:
    """Return prose with identity numbers, and mobile numbers given as a contact, masked.

    Eleven digits elsewhere may be a sum of money and stay.
    """
    return _CONTACT.sub(r"\1****\2", _IDENTITY.sub(_found_identity, text))


MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "": mask_persons,
    "identity": _number,
    "account": _number,
    "phone": _mobiles,
    "email": _emails,
    "hidden": _hidden,
}


def masked(field: Field, value: str) -> str:
    """Return a value of ``field`` as everybody may see it."""
    if field.type in {"integer", "decimal", "date", "datetime"} and not field.mask:
        return value
    return MASKS[field.mask](value)


def shown(field: Field, value: str) -> str:
    """Return a value of ``field`` as a finding repeats it: masked, printable, not long.

    A wrong telephone may be a mistyped mobile number, so findings hide it whole.
    """
    if not value:
        return ""
    if field.mask == "phone":
        return _number(value) if value.isdigit() else HIDDEN
    short = value[: 4 * LONGEST_SHOWN]
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short)
    return masked(field, visible)[:LONGEST_SHOWN]
