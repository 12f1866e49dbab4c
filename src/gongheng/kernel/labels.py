"""Words with their Chinese labels, for rules that know no framework."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A word that is stored, with the label that people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Return the member of this value, with its label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return value and label of each member, as columns and forms want them."""
        return [(member.value, member.label) for member in cls]
