"""Code lists: closed ones hold all their codes, open ones also accept codes of a shape."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

OPEN = "*"
"""The row of a list that is kept elsewhere; its ``shape`` says how its other codes look."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes and their Chinese labels; ``shape`` is None when the list is closed.

    ``retired`` are codes that stand in old records; they are accepted and have labels. ``dated`` are
    the first and the last day (``yyyyMMdd`` or empty) of codes that did not always stand in the list:
    on other days they are right as values, but break a rule of the record.
    """

    name: str
    labels: Mapping[str, str]
    retired: Mapping[str, str]
    shape: re.Pattern[str] | None
    dated: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def listed(self, code: str, day: str) -> bool:
        """Tell whether the list had ``code`` on ``day``; codes without days stand always."""
        first, last = self.dated.get(code) or self.dated.get(code.lstrip("0") or "0") or ("", "")
        return (first or day) <= day <= (last or day)

    @property
    def is_open(self) -> bool:
        """Tell whether codes outside the table may be right."""
        return self.shape is not None

    @property
    def codes(self) -> tuple[str, ...]:
        """Return the codes in use, in the order of the table."""
        return tuple(self.labels)

    def accepts(self, code: str) -> bool:
        """Tell whether ``code`` may stand in a record."""
        return (
            code in self.labels
            or code in self.retired
            or (self.shape is not None and self.shape.fullmatch(code) is not None)
        )

    def label(self, code: str) -> str:
        """Return the Chinese label of ``code``, or the code itself when it has none.

        A code of digits may have been filled up with zeros to the length of its field.
        """
        return (
            self.labels.get(code)
            or self.retired.get(code)
            or self.labels.get(code.lstrip("0") or "0")
            or code
        )


def _regions(rows: Iterable[Mapping[str, str]]) -> CodeList:
    """Return the divisions of GB/T 2260: columns ``code``, ``name``, ``retired_after`` (yyyyMM)."""
    labels: dict[str, str] = {}
    retired: dict[str, str] = {}
    for row in rows:
        (retired if row["retired_after"] else labels)[row["code"]] = row["name"]
    return CodeList("REGION", labels, retired, None)


def read_code_lists(
    rows: Iterable[Mapping[str, str]], regions: Iterable[Mapping[str, str]]
) -> dict[str, CodeList]:
    """Return the lists by name from ``rows`` (``code_list``, ``code``, ``label``, ``shape``)."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    shapes: dict[str, re.Pattern[str]] = {}
    dated: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for row in rows:
        known = labels[row["code_list"]]
        if row["code"] == OPEN:
            shapes[row["code_list"]] = re.compile(row["shape"])
        else:
            known[row["code"]] = row["label"]
            if row["valid_from"] or row["valid_until"]:
                dated[row["code_list"]][row["code"]] = (row["valid_from"], row["valid_until"])
    lists = {
        name: CodeList(name, known, {}, shapes.get(name), dated[name])
        for name, known in labels.items()
    }
    lists["REGION"] = _regions(regions)
    return lists
