"""What is wrong with a code, for people to mend it."""

from dataclasses import dataclass

from gongheng.kernel.findings import Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a code: rule code, what it means, how to mend it."""

    code: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
