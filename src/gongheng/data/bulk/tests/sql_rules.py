"""Rules of the record as SQL: a third executor, for the proof that the other two agree.

Unknown is NULL, so the three values of the language are those of SQL. What asks the law or the days
of code lists is not said here.
"""

import ast

from gongheng.data.standard.expressions import constant_of, name_of, tree_of
from gongheng.data.standard.rules import CompiledRule

_SIGNS = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "IN",
}
_SUMS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_EACH = (
    "CASE WHEN {{a}} IS NOT NULL AND {{b}} IS NOT NULL "
    "THEN len(list_filter(string_split({{a}}, ';'), lambda x: NOT {holds})) = 0 END"
)
_DAY = "strptime(substr({{{of}}}, 1, 8), '%Y%m%d')"
_CALLS = {
    "num": "CAST({a} AS DECIMAL(24, 6))",
    "yuan": (
        "CAST({a} AS DECIMAL(24, 6)) "
        "* CASE WHEN {b} = '1' THEN 10000 WHEN {b} IS NOT NULL THEN 1 END"
    ),
    "count": "len(string_split({a}, ';'))",
    "platform_of": "substr({a}, 5, 18)",
    "days": f"date_diff('day', {_DAY.format(of='a')}, {_DAY.format(of='b')})",
    "within": _EACH.format(holds="list_contains(string_split({b}, ';'), x)"),
    "starts": _EACH.format(holds="starts_with(x, {b})"),
}


class NotInSql(Exception):
    """An expression that asks the law or a dated code list."""


def broken(rule: CompiledRule) -> str:
    """Return the condition that a rule is broken; columns ``F``, ``given F`` and ``day``."""
    said = rule.rule
    when = f"coalesce({_said(tree_of(said.when))}, false)" if said.when else "true"
    wrong = f"coalesce(NOT {_said(tree_of(said.assertion))}, false)"
    first, last = said.valid_from or "0", said.valid_until or "99999999"
    in_force = f"day BETWEEN '{first}' AND '{last}'"
    if not said.valid_until:
        in_force = f"(day = '' OR {in_force})"
    return f"({when} AND {wrong} AND {in_force})"


def _said(node: ast.expr) -> str:
    match node:
        case ast.BoolOp(op=operation, values=values):
            said = (" AND " if isinstance(operation, ast.And) else " OR ").join(map(_said, values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            said = f"NOT {_said(operand)}"
        case ast.Compare(left=left, ops=signs, comparators=others):
            steps = zip([left, *others], signs, others, strict=False)
            said = " AND ".join(f"{_said(a)} {_SIGNS[type(s)]} {_said(b)}" for a, s, b in steps)
        case ast.BinOp(left=left, op=operation, right=right):
            said = f"{_said(left)} {_SUMS[type(operation)]} {_said(right)}"
        case ast.Call(func=ast.Name(id="present"), args=[asked]):
            said = f'"given {name_of(asked)}"'
        case ast.Call(func=ast.Name(id=function), args=arguments) if function in _CALLS:
            a, b = [*map(_said, arguments), ""][:2]
            said = _CALLS[function].format(a=a, b=b)
        case _:
            return _leaf(node)
    return f"({said})"


def _leaf(node: ast.expr) -> str:
    match node:
        case ast.Name(id=code):
            return f'"{code}"'
        case ast.Constant() | ast.Tuple():
            return _constant(constant_of(node))
        case _:
            raise NotInSql(ast.unparse(node))


def _constant(value: object) -> str:
    if isinstance(value, frozenset):
        return f"({', '.join(_constant(each) for each in sorted(value))})"
    return f"'{value}'" if isinstance(value, str) else str(value)
