"""The rules of a record over whole columns: the same expressions, many rows at once.

Each expression gives one small number per row: false, true, unknown, or *ask*: then the judge of one
record is asked, which is exact where columns would be clumsy. So a rule of any sort is judged by
every engine, and those of the usual sorts quickly.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, TypeAlias

import numpy as np

from gongheng.data.bulk import kernels, law
from gongheng.data.bulk.texts import Array, Texts
from gongheng.data.standard.expressions import Lookup, constant_of, lookup_of, name_of, tree_of
from gongheng.data.standard.registry import Dataset, Field, dataset as find_dataset

FALSE, TRUE, UNKNOWN, ASK = range(4)
Logic: TypeAlias = Callable[["Batch"], Array]

_AND: Final = np.array(
    [
        [FALSE, FALSE, FALSE, FALSE],
        [FALSE, TRUE, UNKNOWN, ASK],
        [FALSE, UNKNOWN, UNKNOWN, ASK],
        [FALSE, ASK, ASK, ASK],
    ],
    np.uint8,
)
_NOT: Final = np.array([TRUE, FALSE, UNKNOWN, ASK], np.uint8)
_OR: Final = _NOT[_AND[_NOT][:, _NOT]]
_WHOLE = 10**17
"""Sums beyond this are asked for."""
TEN_THOUSAND: Final = 10_000


@dataclass(slots=True)
class Column:
    """One field of a batch: its texts, and by row whether they are right and whether given."""

    texts: Texts
    is_right: Array
    is_given: Array


@dataclass(slots=True)
class Batch:
    """Some rows of a dataset, and what has been found out about them."""

    rows: int
    columns: Mapping[str, Column]
    days: Array
    """The day whose rules bind, as a number ``yyyyMMdd``; 0 when it is not known."""
    loops: Any = field(default_factory=kernels.load)
    exists: Mapping[Lookup, Array] = field(default_factory=dict)
    """By row that must stand in another dataset: whether it does."""
    known: dict[str, Array] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Exact numbers by row, times ten to ``scale``; ``state`` is ``TRUE`` where they are known."""

    values: Array
    scale: int
    state: Array


class _NotInColumns(Exception):
    """An expression that is left to the judge of one record."""


class Program:
    """The logic of one dataset's expressions; what two rules ask is found out once."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset

    def logic(self, expression: str) -> Logic:
        """Return what judges an expression; raises ``WrongExpression``."""
        tree = tree_of(expression)
        return lambda batch: self._logic(tree, batch)

    def _logic(self, node: ast.expr, batch: Batch) -> Array:
        key = ast.dump(node)
        if key not in batch.known:
            try:
                batch.known[key] = self._judged(node, batch)
            except _NotInColumns:
                batch.known[key] = np.full(batch.rows, ASK, np.uint8)
        return batch.known[key]

    def _judged(self, node: ast.expr, batch: Batch) -> Array:
        match node:
            case ast.BoolOp(op=operation, values=values):
                table = _AND if isinstance(operation, ast.And) else _OR
                return self._joined(table, [self._logic(value, batch) for value in values])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return _NOT[self._logic(operand, batch)]
            case ast.Compare(left=left, ops=signs, comparators=others):
                steps = zip([left, *others], signs, others, strict=False)
                return self._joined(_AND, [self._compared(*step, batch) for step in steps])
            case ast.Call():
                return self._called(node, batch)
            case _:
                raise _NotInColumns

    @staticmethod
    def _joined(table: Array, parts: list[Array]) -> Array:
        found = parts[0]
        for part in parts[1:]:
            found = table[found, part]
        return found

    def _called(self, node: ast.Call, batch: Batch) -> Array:
        match node:
            case ast.Call(func=ast.Name(id="present"), args=[asked]):
                return self._column(name_of(asked), batch).is_given.astype(np.uint8)
            case ast.Call(func=ast.Name(id="starts"), args=[one, two]):
                first, second = self._column(_named(one), batch), self._column(_named(two), batch)
                return self._begins(first, second, batch)
            case ast.Call(func=ast.Name(id="exists")):
                return self._exists(lookup_of(node), batch)
            case ast.Call(func=ast.Name(id="lasts"), args=[ast.Constant(value=rule), one, two]):
                start, end = self._times(one, batch), self._times(two, batch)
                is_known = start.is_right & end.is_right
                return law.lasts(
                    str(rule), start.texts, end.texts, is_known=is_known, days=batch.days
                )
            case _:
                raise _NotInColumns

    def _exists(self, lookup: Lookup, batch: Batch) -> Array:
        is_known = np.ones(batch.rows, np.bool_)
        for code in lookup.own:
            is_known &= self._column(code, batch).is_right
        return np.where(is_known, batch.exists[lookup].astype(np.uint8), np.uint8(UNKNOWN))

    def _column(self, code: str, batch: Batch) -> Column:
        try:
            return batch.columns[code]
        except KeyError:
            raise _NotInColumns from None

    def _times(self, node: ast.expr, batch: Batch) -> Column:
        name = _named(node)
        if self._field(name).type not in {"date", "datetime"}:
            raise _NotInColumns
        return self._column(name, batch)

    def _field(self, name: str) -> Field:
        dataset, _, code = name.rpartition(".")
        return (find_dataset(dataset) if dataset else self._dataset).field(code)

    def _begins(self, one: Column, two: Column, batch: Batch) -> Array:
        known = one.is_right & two.is_right
        found = np.full(batch.rows, UNKNOWN, np.uint8)
        rows = np.flatnonzero(known)
        places = one.texts.places(rows), two.texts.places(rows)
        loops = batch.loops
        found[rows] = loops.begin(one.texts.data, *places[0], two.texts.data, *places[1])
        return found

    def _compared(self, left: ast.expr, sign: ast.cmpop, right: ast.expr, batch: Batch) -> Array:
        match left, right:
            case ((ast.Name() | ast.Attribute()), (ast.Constant(value=str()) | ast.Tuple())):
                return self._among(name_of(left), sign, right, batch)
            case (
                (ast.Name() | ast.Attribute() | ast.Call(func=ast.Name(id="platform_of"))),
                (ast.Name() | ast.Attribute() | ast.Call(func=ast.Name(id="platform_of"))),
            ):
                return self._in_order(left, sign, right, batch)
            case _:
                return self._numbers_compared(left, sign, right, batch)

    def _among(self, code: str, sign: ast.cmpop, right: ast.expr, batch: Batch) -> Array:
        column = self._column(code, batch)
        assert isinstance(right, ast.Constant | ast.Tuple)  # noqa: S101  matched by the caller
        constant = constant_of(right)
        words = constant if isinstance(constant, frozenset) else {str(constant)}
        texts = column.texts
        found = np.zeros(len(texts.starts), np.bool_)
        for word in words:
            wanted = np.frombuffer(word.encode(), np.uint8)
            found |= batch.loops.equal_to(texts.data, texts.starts, texts.ends, wanted)
        match sign:
            case ast.Eq() | ast.In():
                pass
            case ast.NotEq():
                found = ~found
            case _:
                raise _NotInColumns
        return np.where(column.is_right, texts.by_row(found), np.uint8(UNKNOWN))

    def _in_order(self, left: ast.expr, sign: ast.cmpop, right: ast.expr, batch: Batch) -> Array:
        one, two = self._text(left, batch), self._text(right, batch)
        found = np.full(batch.rows, UNKNOWN, np.uint8)
        rows = np.flatnonzero(one.is_right & two.is_right)
        found[rows] = _holds(sign, _order(one.texts, two.texts, rows, batch.loops))
        return found

    def _text(self, node: ast.expr, batch: Batch) -> Column:
        match node:
            case ast.Name() | ast.Attribute():
                return self._column(name_of(node), batch)
            case ast.Call(args=[asked]):
                code = _named(asked)
                field = self._field(code)
                if field.check != "deal_code" or field.is_multiple:
                    raise _NotInColumns
                column, texts = self._column(code, batch), self._column(code, batch).texts
                ends = np.minimum(texts.starts + 22, texts.ends)
                starts = np.minimum(texts.starts + 4, ends)
                part = Texts(texts.data, starts, ends, texts.slots)
                return Column(part, column.is_right, column.is_given)
            case _:
                raise _NotInColumns

    def _numbers_compared(
        self, left: ast.expr, sign: ast.cmpop, right: ast.expr, batch: Batch
    ) -> Array:
        one, two = self._amounts(left, batch), self._amounts(right, batch)
        one, two = _aligned(one, two)
        state = _AND[one.state, two.state]
        return np.where(state == TRUE, _holds(sign, np.sign(one.values - two.values)), state)

    def _amounts(self, node: ast.expr, batch: Batch) -> Amounts:
        match node:
            case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
                return _constant(Decimal(str(node.value)), batch.rows)
            case ast.Call(func=ast.Name(id="num"), args=[asked]):
                return self._number(_named(asked), batch)
            case ast.Call(func=ast.Name(id="count"), args=[asked]):
                return self._counted(_named(asked), batch)
            case ast.Call(func=ast.Name(id="yuan"), args=[asked, unit]):
                return self._in_yuan(_named(asked), _named(unit), batch)
            case ast.BinOp():
                return self._reckoned(node, batch)
            case _:
                raise _NotInColumns

    def _counted(self, code: str, batch: Batch) -> Amounts:
        column = self._column(code, batch)
        texts = column.texts
        parts = batch.loops.counts(texts.data, texts.starts, texts.ends)
        return Amounts(texts.by_row(parts), 0, _known(column))

    def _reckoned(self, node: ast.BinOp, batch: Batch) -> Amounts:
        match node:
            case ast.BinOp(left=left, op=ast.Mult(), right=ast.Constant(value=int() as factor)):
                if not 0 < factor <= TEN_THOUSAND:
                    raise _NotInColumns
                return _multiplied(
                    self._amounts(left, batch), np.full(batch.rows, factor, np.int64)
                )
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operation, right=right):
                one, two = _aligned(self._amounts(left, batch), self._amounts(right, batch))
                plus = 1 if isinstance(operation, ast.Add) else -1
                total = one.values + plus * two.values
                return _bounded(total, one.scale, _AND[one.state, two.state])
            case _:
                raise _NotInColumns

    def _number(self, code: str, batch: Batch) -> Amounts:
        column = self._column(code, batch)
        field = self._field(code)
        if field.type not in {"integer", "decimal"} or field.code_list:
            raise _NotInColumns
        texts, scale = column.texts, field.length.scale
        values, fits = batch.loops.numbers(texts.data, texts.starts, texts.ends, scale)
        state = np.where(texts.by_row(fits), _known(column), np.uint8(ASK))
        state[~column.is_right] = UNKNOWN
        return Amounts(texts.by_row(values), scale, state)

    def _in_yuan(self, code: str, unit: str, batch: Batch) -> Amounts:
        amount, column = self._number(code, batch), self._column(unit, batch)
        texts = column.texts
        wanted = np.frombuffer(b"1", np.uint8)
        is_large = batch.loops.equal_to(texts.data, texts.starts, texts.ends, wanted)
        factor = np.where(texts.by_row(is_large), TEN_THOUSAND, 1)
        multiplied = _multiplied(amount, factor)
        state = _AND[multiplied.state, _known(column)]
        state[~(self._column(code, batch).is_right & column.is_right)] = UNKNOWN
        return Amounts(multiplied.values, amount.scale, state)


def _named(node: ast.expr) -> str:
    if not isinstance(node, ast.Name | ast.Attribute):
        raise _NotInColumns
    return name_of(node)


def _known(column: Column) -> Array:
    return np.where(column.is_right, np.uint8(TRUE), np.uint8(UNKNOWN))


def _constant(number: Decimal, rows: int) -> Amounts:
    exponent = number.as_tuple().exponent
    scale = max(0, -exponent) if isinstance(exponent, int) else 0
    value = int(number.scaleb(scale))
    if abs(value) > _WHOLE:
        raise _NotInColumns
    return Amounts(np.full(rows, value, np.int64), scale, np.full(rows, TRUE, np.uint8))


def _bounded(values: Array, scale: int, state: Array) -> Amounts:
    is_beyond = (values > 4 * _WHOLE) | (values < -4 * _WHOLE)
    return Amounts(values, scale, np.where(is_beyond & (state == TRUE), np.uint8(ASK), state))


def _multiplied(one: Amounts, factor: Array) -> Amounts:
    is_beyond = np.abs(one.values) > 4 * _WHOLE // factor
    values = np.where(is_beyond, 0, one.values) * factor
    state = np.where(is_beyond & (one.state == TRUE), np.uint8(ASK), one.state)
    return Amounts(values, one.scale, state)


def _aligned(one: Amounts, two: Amounts) -> tuple[Amounts, Amounts]:
    """Return both at the same scale."""
    scale = max(one.scale, two.scale)
    return _scaled(one, scale), _scaled(two, scale)


def _scaled(one: Amounts, scale: int) -> Amounts:
    if one.scale == scale:
        return one
    factor = np.full(len(one.values), 10 ** (scale - one.scale), np.int64)
    found = _multiplied(one, factor)
    return Amounts(found.values, scale, found.state)


def _order(one: Texts, two: Texts, rows: Array, loops: Any) -> Array:  # noqa: ANN401  a module of loops
    """Return by row whether a text comes before, with or after its other; each pair is compared once."""
    if one.slots is not None and two.slots is not None:
        first, second = len(one.starts), len(two.starts)
        if first * second < len(rows):
            places = [np.repeat(each, second) for each in (one.starts, one.ends)]
            others = [np.tile(each, first) for each in (two.starts, two.ends)]
            pairs = loops.compare(one.data, *places, two.data, *others)
            return np.asarray(pairs[one.slots[rows] * second + two.slots[rows]])
    return np.asarray(loops.compare(one.data, *one.places(rows), two.data, *two.places(rows)))


def _holds(sign: ast.cmpop, order: Array) -> Array:
    match sign:
        case ast.Eq():
            found = order == 0
        case ast.NotEq():
            found = order != 0
        case ast.Lt():
            found = order < 0
        case ast.LtE():
            found = order <= 0
        case ast.Gt():
            found = order > 0
        case ast.GtE():
            found = order >= 0
        case _:
            raise _NotInColumns
    held: Array = found.astype(np.uint8)
    return held
