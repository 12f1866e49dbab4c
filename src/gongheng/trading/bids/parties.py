"""Who a firm is to this room: name, frozen version of the registration, registered signing key."""

from dataclasses import dataclass
from uuid import UUID

from gongheng.registers.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class Party:
    """A verified subject; ``key`` (hex) is empty when it has registered none."""

    code: str
    name: str
    version: UUID
    key: str


def registered(code: str) -> Party:
    """Return a verified subject by its credit code. Raises ``Refusal`` (of the register)."""
    version = subjects.require_verified(code)
    return Party(code=code, name=version.name, version=version.pk, key=subjects.key_of(code) or "")
