"""A declaration as canonical JSON: what is digested, kept and sent, and read back to run a case.

What has its default value is left out, so that a new word of the language changes the digest of
those declarations only that use it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.trading.cases import kinds
from gongheng.trading.cases.declaration import (
    Committee,
    Deposit,
    Dispute,
    Ending,
    Method,
    Outcome,
    Period,
    Procedure,
    Step,
    TermName,
    Threshold,
    View,
)
from gongheng.trust.crypto.digests import sm3

Read = Callable[[Any], Any]


def as_json(procedure: Procedure) -> dict[str, object]:
    """Return the declaration as a JSON object."""
    return {"language": 1, **_row(procedure)}


def canonical_bytes(procedure: Procedure) -> bytes:
    """Return the one byte string of the declaration."""
    return canonical(as_json(procedure))


def digest(procedure: Procedure) -> str:
    """Return the SM3 of the canonical declaration, hex: the name of this version."""
    return sm3(canonical_bytes(procedure)).hex()


def of_json(facts: Mapping[str, Any]) -> Procedure:
    """Return the declaration that ``as_json`` wrote. Raises ``ValueError`` for another language."""
    if facts["language"] != 1:
        msg = f"unknown language of declarations: {facts['language']}"
        raise ValueError(msg)
    procedure = _procedure({name: value for name, value in facts.items() if name != "language"})
    assert isinstance(procedure, Procedure)  # noqa: S101  what its reader makes
    return procedure


def _row(row: Any) -> dict[str, object]:  # noqa: ANN401  any row of the language
    values = ((field, getattr(row, field.name)) for field in fields(row))
    return {field.name: _plain(value) for field, value in values if not _is_default(field, value)}


def _is_default(field: "Field[Any]", value: object) -> bool:
    return field.default is not MISSING and field.default == value


def _plain(value: object) -> object:
    if is_dataclass(value):
        return _row(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _rows(read: Read) -> Read:
    def read_all(items: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(read(item) for item in items)

    return read_all


def _reader(cls: type, **special: Read) -> Read:
    """Return what makes a row of a JSON object; other lists are tuples of texts."""

    def read(facts: Mapping[str, Any]) -> Any:  # noqa: ANN401  any row of the language
        values = {
            name: special[name](value)
            if name in special
            else (tuple(value) if isinstance(value, list) else value)
            for name, value in facts.items()
        }
        return cls(**values)

    return read


_term = _reader(TermName)
_threshold = _reader(Threshold)
_outcome = _reader(Outcome, thresholds=_rows(_threshold))
_step = _reader(
    Step,
    deed=kinds.Deed,
    roles=_rows(kinds.Role),
    second=_rows(kinds.Role),
    phase=kinds.Phase,
    outcomes=_rows(_outcome),
    periods=_rows(_reader(Period)),
    thresholds=_rows(_threshold),
)
_procedure = _reader(
    Procedure,
    regime=kinds.Regime,
    steps=_rows(_step),
    endings=_rows(_reader(Ending, kind=kinds.EndingKind)),
    committee=_reader(Committee, size=_term, experts=_term),
    methods=_rows(_reader(Method)),
    deposits=_rows(_reader(Deposit, limits=_rows(_term), refunds=_rows(_term))),
    disputes=_rows(_reader(Dispute)),
    views=_rows(
        _reader(
            View,
            information=kinds.Information,
            party=kinds.Party,
            phase=kinds.Phase,
            sight=kinds.Sight,
        )
    ),
)
