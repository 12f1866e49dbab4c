"""Why something is refused: a constant with a code, a text, its law and what to do next."""

from collections.abc import Iterator
from dataclasses import dataclass

from gongheng.kernel.law import Law

_catalogue: dict[str, "Reason"] = {}


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of refusal. Codes are public (``room.cause``): never reused, never renamed.

    A second reason with the same code is a ``ValueError`` when its module is imported.
    """

    code: str
    message: str
    remedy: str
    law: Law | None = None

    def __post_init__(self) -> None:
        """Enter the reason into the catalogue."""
        if self.code in _catalogue:
            msg = f"reason code used twice: {self.code}"
            raise ValueError(msg)
        _catalogue[self.code] = self

    def __str__(self) -> str:
        """Return what is said to people: what happened, why, and what to do next."""
        why = f"依据{self.law}。" if self.law else ""
        return f"{self.message}{why}{self.remedy}"

    def as_json(self) -> dict[str, str]:
        """Return what a program is told: the code, and what is said to people, part by part."""
        return {
            "code": self.code,
            "message": self.message,
            "law": str(self.law or ""),
            "remedy": self.remedy,
        }


class Refusal(Exception):
    """An expected refusal: shown to the person, never logged as a fault.

    ``facts`` are the values the decision rested on, by name.
    """

    def __init__(self, reason: Reason, **facts: object) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.facts = facts

    def __str__(self) -> str:
        """Return the sentence for people."""
        return str(self.reason)


def catalogue() -> Iterator[Reason]:
    """Yield every reason whose module has been imported, by code."""
    yield from (_catalogue[code] for code in sorted(_catalogue))
