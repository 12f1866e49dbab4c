"""The language of a field: which label a value gets, as one deterministic automaton over code points.

Fields that differ in nothing but their greatest length share a language: the length is counted
beside it. Every label is what ``standard.checks`` says of the value; the tests hold the two together.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, TypeAlias

from gongheng.data.bulk import labels
from gongheng.data.bulk.check_characters import IDENTITY, USCC, DealCode, deal_code
from gongheng.data.bulk.parts import (
    BLANKS,
    CONTROLS,
    SEPARATOR,
    Listed,
    Piece,
    Regular,
    Sized,
    State,
    Tabled,
)
from gongheng.data.bulk.regexes import Symbol, pattern
from gongheng.data.standard import faults
from gongheng.data.standard.checks import CODE_LENGTH, LONGEST_TEXT, accepted_codes, number_pattern
from gongheng.data.standard.faults import Fault
from gongheng.data.standard.registry import Field, code_list
from gongheng.data.standard.times import pattern_of
from gongheng.kernel.findings import Severity

_ORDERED: Final = frozenset({"date", "datetime", "integer", "decimal"})
NO_LIMIT: Final = 1 << 60
_Judged: TypeAlias = Fault | None


def limit_of(field: Field) -> int:
    """Return how many code points a value may have at most, where that is counted."""
    if field.type in _ORDERED or field.length.is_exact:
        return NO_LIMIT
    return field.length.size or LONGEST_TEXT


@dataclass(frozen=True)
class _One:
    """One part of a value: pieces that run side by side, and what their states come to."""

    pieces: tuple[Piece, ...]

    def fault(self, states: tuple[State, ...]) -> _Judged:
        """Return what is wrong with a part that is not blank."""
        raise NotImplementedError


@dataclass(frozen=True)
class _Matched(_One):
    """Right when the first piece matches."""

    otherwise: Fault

    def fault(self, states: tuple[State, ...]) -> _Judged:
        return None if self.pieces[0].is_match(states[0]) else self.otherwise


@dataclass(frozen=True)
class _OpenList(_One):
    """Right when known, else when size and shape are right; pieces: known, shape, perhaps size."""

    otherwise: Fault

    def fault(self, states: tuple[State, ...]) -> _Judged:
        known, shape, *size = self.pieces
        if known.is_match(states[0]):
            return None
        if size and not size[0].is_match(states[2]):
            return faults.EXACT_LENGTH
        return None if shape.is_match(states[1]) else self.otherwise


@dataclass(frozen=True)
class _Text(_One):
    """Any text, perhaps of an exact size: the only piece."""

    def fault(self, states: tuple[State, ...]) -> _Judged:
        sizes = zip(self.pieces, states, strict=True)
        return None if all(size.is_match(state) for size, state in sizes) else faults.EXACT_LENGTH


@dataclass(frozen=True)
class _Checked(_One):
    """A code with a check character; pieces: length of 18, perhaps the exact size, then codes."""

    sort: str
    size: int
    codes: tuple[Tabled, ...]

    def fault(self, states: tuple[State, ...]) -> _Judged:
        length, first = states[0], 1
        if self.size:
            first = 2
            if not self.pieces[1].is_match(states[1]):
                return faults.EXACT_LENGTH
        codes = list(zip(self.codes, states[first:], strict=True))
        if self.sort == "deal_code":
            code, state = codes[0]
            return _deal_code(code.original(state), is_match=code.is_match(state))
        if any(code.is_match(state) for code, state in codes):
            return None
        match self.sort:
            case "subject":
                return None if length < CODE_LENGTH else faults.SUBJECT
            case "identity":
                return None if length != CODE_LENGTH else faults.IDENTITY
            case _:
                return faults.USCC


def _deal_code(state: State, *, is_match: bool) -> _Judged:
    if not DealCode.is_whole(state):
        return faults.DEAL_CODE
    if not DealCode.is_known(state):
        return faults.DEAL_CATEGORY
    return None if is_match else faults.DEAL_CHECK


_CODES = {"uscc": (USCC,), "subject": (USCC, IDENTITY), "identity": (IDENTITY,)}


def _checked(field: Field, size: int) -> _One:
    codes: tuple[Tabled, ...] = _CODES.get(field.check, ())
    if field.check == "deal_code":
        codes = (deal_code(frozenset(code_list("DEAL_CATEGORY").labels)),)
    sized = (Sized(size),) if size else ()
    return _Checked((Sized(CODE_LENGTH), *sized, *codes), field.check, size, codes)


def _listed(field: Field, size: int) -> _One:
    codes = code_list(field.code_list)
    fault = faults.REGION if codes.name == "REGION" else faults.CODE
    known = Listed(accepted_codes(codes, field.length))
    if codes.shape is None:
        return _Matched((known,), fault)
    sized = (Sized(size),) if size else ()
    return _OpenList((known, Regular(pattern(codes.shape.pattern)), *sized), fault)


def _one(field: Field, *, is_foreign: bool) -> _One:
    size = field.length.size if field.length.is_exact else 0
    if field.type in {"date", "datetime"}:
        return _Matched((Regular(pattern(pattern_of(field.length.text))),), faults.TIME)
    if field.code_list:
        return _listed(field, size)
    if field.type in _ORDERED:
        text = number_pattern(field.length, is_signed=field.check == "signed")
        return _Matched((Regular(pattern(text)),), faults.NUMBER)
    if field.check in {*_CODES, "deal_code"} and not is_foreign:
        return _checked(field, size)
    return _Text((Sized(size),) if size else ())


def _is_settled(before: str | None) -> bool:
    """Tell whether an error of an earlier part stands: only an empty part can still change it."""
    return before is not None and faults.ALL[before].severity is Severity.ERROR


class Language:
    """Values of a field: states, steps and the label of the value that ends in a state."""

    def __init__(self, field: Field, *, is_foreign: bool = False) -> None:
        self._one = _one(field, is_foreign=is_foreign)
        self._is_multiple = field.is_multiple
        is_closed = bool(field.code_list) and not code_list(field.code_list).is_open
        self._has_controls = field.type not in _ORDERED and not is_closed
        named = frozenset().union(*(piece.alphabet for piece in self._one.pieces))
        controls = CONTROLS if self._has_controls else frozenset[int]()
        alike = (BLANKS - named, controls - named - BLANKS, frozenset({SEPARATOR}) - named)
        self.groups = [*([symbol] for symbol in sorted(named)), *map(sorted, filter(None, alike))]
        """Code points that the language tells from others, those together that it treats alike."""
        self._fresh = tuple(piece.start for piece in self._one.pieces)
        self.start: Hashable = (True, True, None, False, self._fresh)
        """Whole blank, part blank, fault of the parts before, control seen, states of the part."""

    def step(self, state: State, symbol: Symbol) -> Hashable:
        """Return the state behind a symbol."""
        is_blank, is_part_blank, before, has_control, states = state
        if has_control:
            return False, False, None, True, ()
        if symbol in CONTROLS and self._has_controls:
            return False, False, None, True, ()
        if self._is_multiple and symbol == SEPARATOR:
            after = self._after_part(state)
            return False, True, after, False, () if _is_settled(after) else self._fresh
        if before == faults.EMPTY_PART.name:
            return False, False, before, False, ()
        blank = symbol in BLANKS
        if _is_settled(before):
            return False, is_part_blank and blank, before, False, ()
        behind = tuple(
            piece.step(one, symbol if symbol in piece.alphabet else None)
            for piece, one in zip(self._one.pieces, states, strict=True)
        )
        return is_blank and blank, is_part_blank and blank, before, False, behind

    def _after_part(self, state: State) -> str | None:
        """Return the name of the fault that stands when a part ends: an error goes before a doubt."""
        _, is_part_blank, before, _, states = state
        if is_part_blank or before == faults.EMPTY_PART.name:
            return faults.EMPTY_PART.name
        if _is_settled(before):
            return str(before)
        fault = self._one.fault(states)
        if fault is not None and (before is None or fault.severity is Severity.ERROR):
            return fault.name
        return before  # type: ignore[no-any-return]

    def label(self, state: State) -> int:
        """Return the label of a value that ends in a state."""
        is_blank, _, _, has_control, states = state
        if is_blank:
            return labels.BLANK
        if has_control:
            return labels.CONTROL
        if self._is_multiple:
            name = self._after_part(state)
        else:
            fault = self._one.fault(states)
            name = fault.name if fault else None
        return labels.LABEL_OF[name] if name else labels.RIGHT
