"""The picture of a procedure as SVG text, drawn from the declaration alone.

Attributes only, no ``style``: a strict content security policy lets it through. Colours are the
page's own (``currentColor``). Whoever does not see it reads the table (``table.as_table``).
"""

from collections.abc import Iterator
from html import escape

from gongheng.trading.cases.declaration import STAY, Procedure, Step
from gongheng.trading.cases.duties import BULLETINS
from gongheng.trading.cases.layout import (
    BOX_HEIGHT,
    LABELS_WIDTH,
    Box,
    Bracket,
    Edge,
    Layout,
    lay_out,
)

LABEL_SIZE, SMALL_SIZE = 15, 11
ARROW = 7


def draw(procedure: Procedure, *, here: str = "") -> str:
    """Return the picture: main steps in a column, side steps beside it, endings below.

    ``here`` is where a case stands; that box carries the class of the name.
    """
    layout = lay_out(procedure)
    name = procedure.code
    parts = [
        _tag("title", procedure.title + "办理流程图", id=f"{name}-title"),
        _tag("desc", _description(procedure), id=f"{name}-description"),
        *(_edge(edge) for edge in layout.edges),
        *(_bracket(bracket) for bracket in layout.brackets),
        *_boxes(procedure, layout, here),
    ]
    return _tag(
        "svg",
        raw="".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {layout.width} {layout.height}",
        width=layout.width,
        height=layout.height,
        role="img",
        aria_labelledby=f"{name}-title {name}-description",
        class_="procedure",
        fill="none",
        stroke="currentColor",
    )


def _description(procedure: Procedure) -> str:
    mains = [step.label for step in procedure.steps if not step.is_side]
    sides = [step.label for step in procedure.steps if step.is_side]
    return f"主要步骤：{'、'.join(mains)}。可同时办理：{'、'.join(sides)}。逐项说明见流程表。"


def _boxes(procedure: Procedure, layout: Layout, here: str) -> Iterator[str]:
    for box in (*layout.mains, *layout.sides):
        if box.step is not None:
            yield _step(procedure, box, box.step, here)
    for box in layout.endings:
        yield _ending(procedure, box, here)


def _step(procedure: Procedure, box: Box, step: Step, here: str) -> str:
    sort = ("side" if step.is_side else "main") + (" here" if step.code == here else "")
    parts = [
        _rectangle(box, rx=4, dashes="5 3" if step.is_side else None),
        _text(step.label, x=box.x + 10, y=box.y + 22, size=LABEL_SIZE),
        _text(_who(step), x=box.x + 10, y=box.y + 40, size=SMALL_SIZE),
        _text(_what(procedure, step), x=box.x + 10, y=box.y + 56, size=SMALL_SIZE),
    ]
    return _tag(
        "g", raw="".join(parts), id=f"{procedure.code}-step-{step.code}", class_=f"step {sort}"
    )


def _ending(procedure: Procedure, box: Box, here: str) -> str:
    sort = "ending here" if box.code == here else "ending"
    label = procedure.label_of(box.code)
    parts = [
        _rectangle(box, rx=BOX_HEIGHT // 2),
        _text(label, x=box.x + 28, y=box.middle + 5, size=LABEL_SIZE),
    ]
    return _tag("g", raw="".join(parts), id=f"{procedure.code}-ending-{box.code}", class_=sort)


def _who(step: Step) -> str:
    who = "、".join(role.label for role in step.roles)
    second = "、".join(role.label for role in step.second)
    return f"{who}；复核：{second}" if second else who


def _what(procedure: Procedure, step: Step) -> str:
    words = [BULLETINS[step.notice]] if step.notice else []
    if step.periods:
        words.append("有法定期限")
    if step.is_silent:
        words.append("不在流程中留痕")
    if step.is_side:
        moves = [o.to for o in step.outcomes if o.to != STAY]
        words += [f"转入：{procedure.label_of(code)}" for code in dict.fromkeys(moves)]
    return "　".join(words)


def _edge(edge: Edge) -> str:
    dashes = "6 4" if edge.outcome.opens_round else None
    if edge.lane_x is None:
        x = edge.source.x + edge.source.width // 2
        middle = (edge.leaves_y + edge.enters_y) // 2 + 4
        parts = [
            _path(f"M{x} {edge.leaves_y}V{edge.enters_y}", dashes),
            _arrow_down(x, edge.enters_y),
            _text(edge.outcome.label, x=x + 8, y=middle, size=SMALL_SIZE),
        ]
    else:
        x = edge.source.x
        way = f"M{x} {edge.leaves_y}H{edge.lane_x}V{edge.enters_y}H{edge.target.x}"
        parts = [
            _path(way, dashes),
            _arrow_right(edge.target.x, edge.enters_y),
            _text(
                edge.outcome.label,
                x=x - LABELS_WIDTH + 6,
                y=edge.leaves_y - 3,
                size=SMALL_SIZE,
            ),
        ]
    return _tag("g", raw="".join(parts), class_="edge")


def _bracket(bracket: Bracket) -> str:
    heights = [box.middle for box in bracket.beside] + [bracket.side.middle]
    parts = [
        _path(f"M{bracket.lane_x} {min(heights)}V{max(heights)}", "2 3"),
        _path(f"M{bracket.lane_x} {bracket.side.middle}H{bracket.side.x}", "2 3"),
    ]
    for box in bracket.beside:
        parts.append(_path(f"M{box.x + box.width} {box.middle}H{bracket.lane_x}", "2 3"))
        parts.append(_tag("circle", cx=bracket.lane_x, cy=box.middle, r=2, fill="currentColor"))
    return _tag("g", raw="".join(parts), class_="bracket", stroke_opacity="0.55")


def _rectangle(box: Box, *, rx: int, dashes: str | None = None) -> str:
    return _tag(
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        rx=rx,
        stroke_dasharray=dashes,
    )


def _path(way: str, dashes: str | None) -> str:
    return _tag("path", d=way, stroke_dasharray=dashes)


def _arrow_down(x: int, y: int) -> str:
    return _tag("path", d=f"M{x} {y}l-4 -{ARROW}h8z", fill="currentColor")


def _arrow_right(x: int, y: int) -> str:
    return _tag("path", d=f"M{x} {y}l-{ARROW} -4v8z", fill="currentColor")


def _text(words: str, *, x: int, y: int, size: int) -> str:
    return _tag("text", words, x=x, y=y, font_size=size, fill="currentColor", stroke="none")


def _tag(name: str, text: str = "", *, raw: str = "", **attributes: str | int | None) -> str:
    """Return an element; ``raw`` is finished content, ``text`` is escaped."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = raw or escape(text)
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"
