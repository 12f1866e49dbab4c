"""What a check of data found: it is told to the sender, never raised."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether a finding stops a record."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in one record: where, which rule, the value found, what it means, how to mend it.

    ``value`` is what may be shown: personal values arrive here masked.
    """

    record: str
    field: str
    rule: str
    value: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR

    def as_json(self) -> dict[str, str]:
        """Return the finding as a JSON object of strings."""
        return {name: str(value) for name, value in asdict(self).items()}
