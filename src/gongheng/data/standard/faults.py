"""What can be wrong with one value, by the rows of ``faults.csv``: rule, weight, words.

A row has a name of ours, the rule's public code, its severity, its stage, whether wrong values are
counted as wrong key items, its version, the law, the days on which it binds, and the words, in which
``{label}`` and ``{limit}`` are filled in from the field.
"""

from dataclasses import dataclass
from typing import Final

from gongheng.data.standard.table_files import Stage, rows
from gongheng.kernel.findings import Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """A sort of fault; ``valid_from`` and ``valid_until`` are days as ``yyyyMMdd`` or empty."""

    name: str
    rule: str
    severity: Severity
    stage: Stage
    is_key_item: bool
    version: str
    law: str
    valid_from: str
    valid_until: str
    message: str
    remedy: str


def _read() -> dict[str, Fault]:
    return {
        row["name"]: Fault(
            name=row["name"],
            rule=row["rule"],
            severity=Severity(row["severity"]),
            stage=Stage(row["stage"]),
            is_key_item=row["key_item"] == "1",
            version=row["version"],
            law=row["law"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            message=row["message"],
            remedy=row["remedy"],
        )
        for row in rows("faults.csv")
    }


ALL: Final = _read()
"""Every sort of fault by its name."""

REQUIRED = ALL["REQUIRED"]
KEY = ALL["KEY"]
UNKNOWN_FIELD = ALL["UNKNOWN_FIELD"]
NOT_TEXT = ALL["NOT_TEXT"]
NOT_A_RECORD = ALL["NOT_A_RECORD"]
CONTROL = ALL["CONTROL"]
TOO_LONG = ALL["TOO_LONG"]
EXACT_LENGTH = ALL["EXACT_LENGTH"]
NUMBER = ALL["NUMBER"]
TIME = ALL["TIME"]
CODE = ALL["CODE"]
REGION = ALL["REGION"]
EMPTY_PART = ALL["EMPTY_PART"]
USCC = ALL["USCC"]
SUBJECT = ALL["SUBJECT"]
IDENTITY = ALL["IDENTITY"]
DEAL_CODE = ALL["DEAL_CODE"]
DEAL_CATEGORY = ALL["DEAL_CATEGORY"]
DEAL_CHECK = ALL["DEAL_CHECK"]
IMMUTABLE = ALL["IMMUTABLE"]
KEY_EXISTS = ALL["KEY_EXISTS"]
KEY_UNKNOWN = ALL["KEY_UNKNOWN"]
PARENT_MISSING = ALL["PARENT_MISSING"]
ENCODING = ALL["ENCODING"]
DUPLICATE = ALL["DUPLICATE"]
