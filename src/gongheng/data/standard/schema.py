"""JSON Schema (2020-12) of a dataset: what of the checks any validator can do.

Needed fields, lengths, numbers, times and code lists are in it; check digits, conditions and the
order in time are not.
"""

import re
from collections.abc import Iterable
from typing import Any

from gongheng.data.standard.checks import LONGEST_TEXT, accepted_codes, number_pattern
from gongheng.data.standard.reading import NATIONAL, Profile, plan_of
from gongheng.data.standard.registry import Field, FieldAudience, code_list, dataset as find_dataset
from gongheng.data.standard.times import pattern_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BLANKS = "[ \t\r\n\u3000]*"
_NOT_BLANK = {"pattern": "[^ \t\r\n\u3000]"}
_BLANK = {"pattern": f"^{_BLANKS}$"}


def _one_of(codes: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(code) for code in sorted(codes)) + ")"


def part_pattern(field: Field) -> str:
    """Return the regular expression of one part of a value, empty when anything goes."""
    length = field.length
    if field.type in {"date", "datetime"}:
        return pattern_of(length.text)
    if field.code_list:
        codes = code_list(field.code_list)
        known = _one_of(accepted_codes(codes, length))
        if codes.shape is None:
            return known
        return f"(?:{known}|{_sized(codes.shape.pattern, field)})"
    if field.type in {"integer", "decimal"}:
        return number_pattern(length, is_signed=field.check == "signed")
    return ""


def _sized(shape: str, field: Field) -> str:
    """Return a shape that also has the exact length of its field, where that is exact."""
    return f"(?=.{{{field.length.size}}}$){shape}" if field.length.is_exact else shape


def is_closed(field: Field) -> bool:
    """Tell whether the values of a field, or their parts, all stand in a code list."""
    return bool(field.code_list) and not code_list(field.code_list).is_open


def _constraints(field: Field) -> dict[str, Any]:
    if is_closed(field) and not field.is_multiple:
        codes = code_list(field.code_list)
        return {"enum": sorted(accepted_codes(codes, field.length))}
    found: dict[str, Any] = {}
    pattern = part_pattern(field)
    length = field.length
    if field.is_multiple:
        part = pattern or (
            f"[^;]{{{length.size}}}" if length.is_exact else "[^;]*[^; \t\r\n\u3000][^;]*"
        )
        found["pattern"] = f"^{part}(?:;{part})*$"
    elif pattern:
        found["pattern"] = f"^(?:{pattern})$"
    elif length.is_exact:
        found["minLength"] = length.size
    if field.type not in {"date", "datetime", "integer", "decimal"} and not (
        length.is_exact and found.get("pattern")
    ):
        found["maxLength"] = length.size or LONGEST_TEXT
    return found


def _property(field: Field, *, is_required: bool) -> dict[str, Any]:
    constraints = _constraints(field)
    allowed = [constraints] if is_required else [constraints, _BLANK]
    found: dict[str, Any] = {"title": field.label, "type": "string", "anyOf": allowed}
    if is_required:
        found["allOf"] = [_NOT_BLANK]
    if field.check:
        found["$comment"] = f"check: {field.check}"
    if field.audience in {FieldAudience.PERSONAL, FieldAudience.SECRET}:
        found["writeOnly"] = True
    return found


def json_schema(dataset: str, *, profile: Profile = NATIONAL) -> dict[str, Any]:
    """Return the schema of a row as a JSON object of texts. Raises ``Refusal``."""
    found = find_dataset(dataset)
    plan = plan_of(dataset, binds_local=profile.binds(dataset))
    required = [step.field.code for step in plan.steps if step.required is not None]
    return {
        "$schema": DIALECT,
        "$id": f"urn:gongheng:standard:{found.code}",
        "title": found.name,
        "type": "object",
        "properties": {
            field.code: _property(field, is_required=field.code in set(required))
            for field in found.fields
        },
        "required": required,
        "additionalProperties": False,
    }
