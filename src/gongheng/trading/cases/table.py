"""A procedure as a table of words: the picture for those who do not see it, and for printing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape

from gongheng.kernel import terms
from gongheng.trading.cases.declaration import STAY, Outcome, Procedure, Step
from gongheng.trading.cases.duties import BULLETINS
from gongheng.trading.cases.shape import terms_of

HEADINGS = ("步骤", "办理", "复核", "公告公示", "法定期限和数量", "结果和下一步", "规则编号")


@dataclass(frozen=True, slots=True)
class Line:
    """One step in words."""

    step: str
    who: str
    second: str
    notice: str
    terms: tuple[str, ...]
    outcomes: tuple[str, ...]
    rules: str


def lines(procedure: Procedure, *, on: date) -> tuple[Line, ...]:
    """Return a line per step, with the terms in force on a day."""
    return tuple(_line(procedure, step, on=on) for step in procedure.steps)


def as_table(procedure: Procedure, *, on: date) -> str:
    """Return the table as HTML text, everything escaped."""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    body = "".join(_row(line) for line in lines(procedure, on=on))
    return (
        f'<table class="table stacked procedure-table"><caption>{escape(procedure.title)}办理流程表</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _line(procedure: Procedure, step: Step, *, on: date) -> Line:
    during = "、".join(procedure.label_of(code) for code in step.during)
    return Line(
        step=f"{step.label}（在下列环节期间：{during}）" if during else step.label,
        who="、".join(role.label for role in step.roles),
        second="、".join(role.label for role in step.second),
        notice=BULLETINS.get(step.notice, ""),
        terms=tuple(_terms(step, on=on)),
        outcomes=tuple(_outcome(procedure, outcome) for outcome in step.outcomes),
        rules="、".join(step.rules),
    )


def _terms(step: Step, *, on: date) -> Iterator[str]:
    for rule, key in dict.fromkeys((item.rule, item.key) for item in terms_of(step)):
        yield str(terms.in_force(rule, on, key))


def _outcome(procedure: Procedure, outcome: Outcome) -> str:
    if outcome.to == STAY:
        return outcome.label
    label = procedure.label_of(outcome.to)
    return f"{outcome.label}：{'进入新一轮，' if outcome.opens_round else ''}{label}"


def _row(line: Line) -> str:
    cells = (
        *(escape(said) or "—" for said in (line.who, line.second, line.notice)),
        *(_list(items) for items in (line.terms, line.outcomes)),
        escape(line.rules) or "—",
    )
    return (
        f'<tr><th scope="row">{escape(line.step)}</th>'
        + "".join(
            f'<td data-label="{heading}"><div>{cell}</div></td>'
            for heading, cell in zip(HEADINGS[1:], cells, strict=True)
        )
        + "</tr>"
    )


def _list(items: tuple[str, ...]) -> str:
    if not items:
        return "—"
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"
