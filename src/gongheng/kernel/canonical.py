"""One byte string per JSON value, so that two nodes digest the same thing."""

import json
from collections.abc import Mapping, Sequence

# What contains itself ends the check of what is exact before it comes to the encoder.
_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)
type_error = "only text, whole numbers, booleans, null, lists and objects have a canonical form: "


_TEXT = frozenset({str})
_PLAIN = frozenset({str, int, bool, type(None)})


def _is_flat(value: object) -> bool:
    """Tell of nearly everything that it is exact: a flat object as JSON gives it."""
    return (
        type(value) is dict
        and _TEXT.issuperset(map(type, value))
        and _PLAIN.issuperset(map(type, value.values()))
    )


def _require_exact(value: object) -> None:
    if value is None or isinstance(value, str | bool | int) or _is_flat(value):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(type_error + type(key).__name__)
            _require_exact(item)
        return
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for item in value:
            _require_exact(item)
        return
    raise TypeError(type_error + type(value).__name__)


def canonical(value: object) -> bytes:
    """Return the canonical JSON of ``value``: sorted keys, no spaces, UTF-8, no floats.

    Raises ``TypeError`` for floats and other inexact values, ``UnicodeEncodeError`` for lone
    surrogates.
    """
    _require_exact(value)
    return _ENCODER.encode(value).encode()
