"""The small language of the rule table: parsed with ``ast``, compiled to closures, never eval-ed.

    FIELD                  text of a field of the record
    DATASET.FIELD          text of a field of a row above it
    'text'  12  0.02       constants (numbers are exact decimals)
    present(FIELD)         the field is not blank
    num(FIELD)             exact decimal
    yuan(AMOUNT, UNIT)     amount in yuan: the unit ``1`` stands for ten thousand
    days(A, B)             calendar days from A to B
    count(FIELD)           parts joined by ``;``
    within(A, B)           every part of A is one of the parts of B
    starts(A, B)           every part of A begins with B
    lasts('W-06', A, B)    the time from A to B is what the law asks for
    share('F-01', X, Y)    the amount X is not more than the law's percentage of Y
    allowed('W-27', X)     the number X is one that the law allows
    listed('LIST', FIELD)  every part of the field stood in the code list on the day of the record
    platform_of(CODE)      the platform's credit code inside a transaction code
    exists(DATASET.F == A, DATASET.G == B)   one row of another dataset has, for all of them, the
                           value of our field among the parts of its own; asked of every part of ours
    == != < <= > >=  in ('1', '3')   and or not   + - *

Logic has three values: a field that is blank or wrong is unknown, and so is whatever needs it. A
rule is broken when its condition is true and its assertion is false, so one mistake gives one
finding. ``present`` is never unknown.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any, Final, TypeAlias

from gongheng.data.standard.law_numbers import LawOfADay, is_allowed, is_share, lasts
from gongheng.data.standard.registry import code_list
from gongheng.data.standard.times import moment_of
from gongheng.data.standard.values import parts_of


@dataclass(frozen=True, slots=True)
class Lookup:
    """A row that must stand in another dataset: its ``fields`` have the values of our ``own``."""

    dataset: str
    fields: tuple[str, ...]
    own: tuple[str, ...]


Among: TypeAlias = Callable[[Lookup, tuple[str, ...]], bool | None]
"""Tells whether a row with these values stands there; None when that is not known."""
Value: TypeAlias = str | bool | int | Decimal | None
Compiled: TypeAlias = Callable[["Facts"], Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """What an expression may ask: right values by ``FIELD`` or ``DATASET.FIELD``, never blank.

    ``given`` are the names of fields that are not blank, right or wrong. ``law`` gives the term of a
    handbook rule on the day that counts, or None. ``day`` is that day, ``yyyyMMdd`` or empty.
    ``among`` looks for rows of other datasets; one record by itself knows of none.
    """

    right: Mapping[str, str]
    given: AbstractSet[str]
    law: LawOfADay
    day: str = ""
    among: Among = lambda _lookup, _values: None


class WrongExpression(ValueError):
    """A rule of the table that cannot be read: a fault of ours, found when the table is compiled."""


def _days(start: str, end: str) -> int | None:
    first, last = moment_of(start), moment_of(end)
    if first is None or last is None:
        return None
    return (last.date() - first.date()).days


def _in_yuan(amount: str, unit: str) -> Decimal:
    return Decimal(amount) * (10_000 if unit == "1" else 1)


def _within(parts: str, whole: str) -> bool:
    return set(parts_of(parts)) <= set(parts_of(whole))


def _starts(parts: str, prefix: str) -> bool:
    return all(part.startswith(prefix) for part in parts_of(parts))


def _count(parts: str) -> int:
    return len(parts_of(parts))


def _platform_of(deal_code: str) -> str:
    return deal_code[4:22]


FUNCTIONS: Final[Mapping[str, tuple[int, Callable[..., Value]]]] = {
    "num": (1, Decimal),
    "yuan": (2, _in_yuan),
    "days": (2, _days),
    "count": (1, _count),
    "within": (2, _within),
    "starts": (2, _starts),
    "platform_of": (1, _platform_of),
}
"""Functions of values: how many, and what they do; unknown when one of them is unknown."""

LEGAL: Final[Mapping[str, tuple[int, Callable[..., Value]]]] = {
    "lasts": (2, lasts),
    "share": (2, is_share),
    "allowed": (1, is_allowed),
}
"""Functions of a term of the law, named first, and so many values."""

COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, choices: value in choices,
}
ARITHMETIC: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def name_of(node: ast.expr) -> str:
    """Return the name of a field, ``FIELD`` or ``DATASET.FIELD``. Raises ``WrongExpression``."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=dataset), attr=field):
            return f"{dataset}.{field}"
        case _:
            raise WrongExpression(f"not a field: {ast.unparse(node)}")


def _apply(function: Callable[..., Value], arguments: list[Compiled]) -> Compiled:
    """Return what is unknown when one of the arguments is; spelled out by number for speed."""
    if len(arguments) == 1:
        return _apply_one(function, arguments[0])
    if len(arguments) == 2:  # noqa: PLR2004  # two operands
        return _apply_two(function, *arguments)

    def value(facts: Facts) -> Value:
        known = [argument(facts) for argument in arguments]
        return None if None in known else function(*known)

    return value


def _apply_one(function: Callable[..., Value], argument: Compiled) -> Compiled:
    def value(facts: Facts) -> Value:
        known = argument(facts)
        return None if known is None else function(known)

    return value


def _apply_two(function: Callable[..., Value], first: Compiled, second: Compiled) -> Compiled:
    def value(facts: Facts) -> Value:
        left = first(facts)
        if left is None:
            return None
        right = second(facts)
        return None if right is None else function(left, right)

    return value


def _legal(name: str, rule: str, values: list[ast.expr]) -> Compiled:
    size, function = LEGAL[name]
    if len(values) != size:
        raise WrongExpression(f"{name} of {rule} takes {size} values")
    return _apply(function, [lambda facts: facts.law(rule), *map(_compiled, values)])


def _listed(name: str, field: ast.expr) -> Compiled:
    listed, value = code_list(name).listed, _compiled(field)

    def is_listed(facts: Facts) -> bool | None:
        parts, day = value(facts), facts.day
        return all(listed(part, day) for part in parts_of(parts)) if parts and day else None

    return is_listed


def lookup_of(node: ast.Call) -> Lookup:
    """Return what ``exists`` looks for. Raises ``WrongExpression``."""
    pairs: list[tuple[str, str, str]] = []
    for condition in node.args:
        match condition:
            case ast.Compare(
                left=ast.Attribute(value=ast.Name(id=dataset), attr=field),
                ops=[ast.Eq()],
                comparators=[ast.Name(id=own)],
            ):
                pairs.append((dataset, field, own))
            case _:
                raise WrongExpression(f"not DATASET.FIELD == FIELD: {ast.unparse(condition)}")
    if len({dataset for dataset, _, _ in pairs}) != 1:
        raise WrongExpression(f"not one dataset: {ast.unparse(node)}")
    return Lookup(pairs[0][0], tuple(pair[1] for pair in pairs), tuple(pair[2] for pair in pairs))


def _exists(node: ast.Call) -> Compiled:
    lookup = lookup_of(node)

    def is_there(facts: Facts) -> bool | None:
        values = [facts.right.get(code) for code in lookup.own]
        known = [parts_of(value) for value in values if value is not None]
        if len(known) < len(values):
            return None
        answers = [facts.among(lookup, parts) for parts in product(*known)]
        return None if None in answers else all(answers)

    return is_there


def _call(node: ast.Call) -> Compiled:
    if not isinstance(node.func, ast.Name) or node.keywords:
        raise WrongExpression(f"not a function: {ast.unparse(node)}")
    name = node.func.id
    if name == "present" and len(node.args) == 1:
        asked = name_of(node.args[0])
        return lambda facts: asked in facts.given
    if name in LEGAL and node.args and isinstance(node.args[0], ast.Constant):
        return _legal(name, str(node.args[0].value), node.args[1:])
    if name == "listed" and len(node.args) == 2 and isinstance(node.args[0], ast.Constant):  # noqa: PLR2004  # list and field
        return _listed(str(node.args[0].value), node.args[1])
    if name == "exists":
        return _exists(node)
    size, function = FUNCTIONS.get(name, (-1, str))
    if size != len(node.args):
        raise WrongExpression(f"no such function: {ast.unparse(node)}")
    return _apply(function, [_compiled(argument) for argument in node.args])


def _all(parts: list[Compiled]) -> Compiled:
    def value(facts: Facts) -> bool | None:
        outcome: bool | None = True
        for part in parts:
            known = part(facts)
            if known is False:
                return False
            if known is None:
                outcome = None
        return outcome

    return value


def _any(parts: list[Compiled]) -> Compiled:
    def value(facts: Facts) -> bool | None:
        outcome: bool | None = False
        for part in parts:
            known = part(facts)
            if known is True:
                return True
            if known is None:
                outcome = None
        return outcome

    return value


def _compare(node: ast.Compare) -> Compiled:
    operands = [_compiled(operand) for operand in (node.left, *node.comparators)]
    steps = []
    for left, operation, right in zip(operands, node.ops, operands[1:], strict=False):
        if type(operation) not in COMPARISONS:
            raise WrongExpression(f"no such comparison: {ast.unparse(node)}")
        steps.append(_apply(COMPARISONS[type(operation)], [left, right]))
    return steps[0] if len(steps) == 1 else _all(steps)


def constant_of(node: ast.Constant | ast.Tuple) -> Value | frozenset[str]:
    """Return a constant or a choice of texts. Raises ``WrongExpression``."""
    if isinstance(node, ast.Tuple):
        return _choices(node)
    match node.value:
        case bool() | str() | int():
            return node.value
        case float():
            return Decimal(repr(node.value))
        case _:
            raise WrongExpression(f"not a constant: {ast.unparse(node)}")


def _constant(node: ast.Constant | ast.Tuple) -> Compiled:
    constant = constant_of(node)
    return lambda _facts: constant


def _not(part: Compiled) -> Compiled:
    return _apply(operator.not_, [part])


def _choices(node: ast.Tuple) -> frozenset[str]:
    texts = []
    for item in node.elts:
        if not isinstance(item, ast.Constant) or not isinstance(item.value, str):
            raise WrongExpression(f"not a choice of texts: {ast.unparse(node)}")
        texts.append(item.value)
    return frozenset(texts)


def _compiled(node: ast.expr) -> Compiled:
    match node:
        case ast.Name() | ast.Attribute():
            name = name_of(node)
            return lambda facts: facts.right.get(name)
        case ast.BoolOp(op=ast.And()):
            return _all([_compiled(value) for value in node.values])
        case ast.BoolOp(op=ast.Or()):
            return _any([_compiled(value) for value in node.values])
        case ast.UnaryOp(op=ast.Not()):
            return _not(_compiled(node.operand))
        case ast.BinOp() if type(node.op) in ARITHMETIC:
            return _apply(ARITHMETIC[type(node.op)], [_compiled(node.left), _compiled(node.right)])
        case _:
            return _leaf(node)


def _leaf(node: ast.expr) -> Compiled:
    match node:
        case ast.Compare():
            return _compare(node)
        case ast.Call():
            return _call(node)
        case ast.Constant() | ast.Tuple():
            return _constant(node)
        case _:
            raise WrongExpression(f"not in the language of rules: {ast.unparse(node)}")


@cache
def tree_of(text: str) -> ast.expr:
    """Return the tree of an expression. Raises ``WrongExpression`` when it is no Python."""
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise WrongExpression(f"cannot be read: {text}") from error


@cache
def compiled(text: str) -> Compiled:
    """Return what evaluates ``text``; raises ``WrongExpression`` when it is not in the language."""
    return _compiled(tree_of(text))


@cache
def fields_of(text: str) -> frozenset[str]:
    """Return the names of the fields that ``text`` asks for, ``FIELD`` or ``DATASET.FIELD``."""
    names: set[str] = set()
    pending: list[ast.AST] = [tree_of(text)] if text else []
    while pending:
        node = pending.pop()
        match node:
            case ast.Attribute():
                names.add(name_of(node))
            case ast.Call(func=ast.Name(id="exists")):
                names.update(lookup_of(node).own)
            case ast.Call():
                pending.extend(node.args)
            case ast.Name(id=name):
                names.add(name)
            case _:
                pending.extend(ast.iter_child_nodes(node))
    return frozenset(names)


@cache
def lookups_of(text: str) -> tuple[Lookup, ...]:
    """Return the rows that ``text`` looks for in other datasets, each once."""
    calls = ast.walk(tree_of(text)) if text else ()
    found = [
        lookup_of(node)
        for node in calls
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "exists"
    ]
    return tuple(dict.fromkeys(found))
