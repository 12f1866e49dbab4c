"""Rules of the table as the text of Python expressions over local variables.

Each expression of the language becomes two: when it is surely true, when it is surely false; what
is unknown is neither. Names and constants are put in by us, nothing of a rule's text is handed on.
"""

import ast
from dataclasses import dataclass, field
from typing import Any, Final

from gongheng.data.standard.expressions import FUNCTIONS, WrongExpression, constant_of, tree_of

_SIGNS: Final = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
}
_OPERATIONS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_WHOLE = frozenset({"num", "yuan", "count", "within", "starts", "platform_of"})
"""Functions that are never unknown when what they are given is known."""


class NotEmitted(Exception):
    """An expression that is left to the closures of ``expressions``."""


@dataclass(slots=True)
class Names:
    """The names of one generated function: a variable per field, and constants by name."""

    variables: dict[str, str]
    flags: dict[str, str] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)

    def variable(self, code: str) -> str:
        """Return the variable that holds the right text of a field, or None."""
        try:
            return self.variables[code]
        except KeyError:
            raise NotEmitted from None

    def flag(self, code: str) -> str:
        """Return the variable that says whether a field is given."""
        return self.flags.setdefault(code, f"given_{len(self.flags)}")

    def constant(self, value: object) -> str:
        """Return the name of a constant."""
        name = f"constant_{len(self.constants)}"
        self.constants[name] = value
        return name


@dataclass(frozen=True, slots=True)
class _Value:
    """The text of a value, and the variables that must not be None for it."""

    text: str
    needs: tuple[str, ...] = ()


def emitted(expression: str, names: Names) -> tuple[str, str]:
    """Return when an expression is true and when it is false, as Python text.

    Raises ``NotEmitted`` for what the generated function leaves to the closures.
    """
    return _logic(tree_of(expression), names)


def _logic(node: ast.expr, names: Names) -> tuple[str, str]:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return _joined([_logic(value, names) for value in values], " and ", " or ")
        case ast.BoolOp(op=ast.Or(), values=values):
            return _joined([_logic(value, names) for value in values], " or ", " and ")
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            is_true, is_false = _logic(operand, names)
            return is_false, is_true
        case ast.Compare():
            return _comparison(node, names)
        case ast.Call(func=ast.Name(id="present"), args=[ast.Name(id=code)]):
            names.variable(code)
            flag = names.flag(code)
            return flag, f"not {flag}"
        case ast.Call(func=ast.Name(id="within" | "starts")):
            return _known(_value(node, names))
        case _:
            raise NotEmitted


def _joined(parts: list[tuple[str, str]], of_true: str, of_false: str) -> tuple[str, str]:
    return (
        "(" + of_true.join(is_true for is_true, _ in parts) + ")",
        "(" + of_false.join(is_false for _, is_false in parts) + ")",
    )


def _known(value: _Value) -> tuple[str, str]:
    known = "".join(f"{name} is not None and " for name in dict.fromkeys(value.needs))
    return f"({known}{value.text})", f"({known}not {value.text})"


def _comparison(node: ast.Compare, names: Names) -> tuple[str, str]:
    operands = [_value(operand, names) for operand in (node.left, *node.comparators)]
    steps: list[tuple[str, str]] = []
    for left, sign, right in zip(operands, node.ops, operands[1:], strict=False):
        if type(sign) not in _SIGNS:
            raise WrongExpression(f"no such comparison: {ast.unparse(node)}")
        text = f"({left.text} {_SIGNS[type(sign)]} {right.text})"
        steps.append(_known(_Value(text, left.needs + right.needs)))
    return steps[0] if len(steps) == 1 else _joined(steps, " and ", " or ")


def _value(node: ast.expr, names: Names) -> _Value:
    match node:
        case ast.Name(id=code):
            name = names.variable(code)
            return _Value(name, (name,))
        case ast.Constant() | ast.Tuple():
            return _Value(names.constant(constant_of(node)))
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATIONS:
            first, second = _value(left, names), _value(right, names)
            text = f"({first.text} {_OPERATIONS[type(operation)]} {second.text})"
            return _Value(text, first.needs + second.needs)
        case ast.Call(func=ast.Name(id=function), args=arguments) if function in _WHOLE:
            return _call(function, [_value(argument, names) for argument in arguments], names)
        case _:
            raise NotEmitted


def _call(function: str, arguments: list[_Value], names: Names) -> _Value:
    size, run = FUNCTIONS[function]
    if size != len(arguments):
        raise WrongExpression(f"{function} takes {size} values")
    texts = ", ".join(argument.text for argument in arguments)
    needs = tuple(name for argument in arguments for name in argument.needs)
    return _Value(f"{names.constant(run)}({texts})", needs)
