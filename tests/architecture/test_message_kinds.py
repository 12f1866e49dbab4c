"""Every kind of message has a word on how much of it leaves the house (decision 0021)."""

import ast
from pathlib import Path

from gongheng.registers.messages import kinds
from gongheng.trading.notices.kinds import AnnouncementKind

SOURCE = Path(__file__).parents[2] / "src/gongheng"
SENDERS = frozenset({"messages", "bidders", "actions", "_tell", "_send"})
WORKED_OUT = {f"notice.{kind}" for kind in AnnouncementKind} | {"opening"}
"""Kinds that are no words at the place where they are sent."""


def sent() -> set[str]:
    """Return the kinds of messages that the rooms send."""
    found = set(WORKED_OUT)
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_sending(node.func):
                found |= {
                    str(given.value.value)
                    for given in node.keywords
                    if given.arg == "kind" and isinstance(given.value, ast.Constant)
                }
    return found


def _is_sending(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id in SENDERS
    return (
        isinstance(called, ast.Attribute)
        and called.attr in {"send", "tell"}
        and isinstance(called.value, ast.Name)
        and called.value.id in SENDERS
    )


def test_each_kind_is_decided_and_none_is_left_over() -> None:
    assert sent() == set(kinds._OUTSIDE)
