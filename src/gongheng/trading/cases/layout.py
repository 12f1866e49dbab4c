"""Where the boxes and lines of a procedure's picture stand: geometry only, in pixels."""

from dataclasses import dataclass
from itertools import pairwise

from gongheng.trading.cases.declaration import STAY, Outcome, Procedure, Step

LABELS_WIDTH, LANE, BOX_WIDTH, BOX_HEIGHT, GAP = 250, 14, 340, 64, 44
SIDE_WIDTH, SIDE_GAP, MARGIN = 400, 14, 16


@dataclass(frozen=True, slots=True)
class Box:
    """A step or an ending; ``step`` is none for an ending."""

    code: str
    x: int
    y: int
    width: int
    height: int
    step: Step | None

    @property
    def middle(self) -> int:
        """Return the height of the box's middle."""
        return self.y + self.height // 2

    @property
    def bottom(self) -> int:
        """Return the height of the lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Edge:
    """An outcome that leads from one box to another, straight down or round by a lane."""

    outcome: Outcome
    source: Box
    target: Box
    lane_x: int | None
    leaves_y: int
    enters_y: int


@dataclass(frozen=True, slots=True)
class Bracket:
    """Which main steps a side step stands beside: a line with a dot at each of them."""

    side: Box
    lane_x: int
    beside: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that is drawn."""

    width: int
    height: int
    mains: tuple[Box, ...]
    sides: tuple[Box, ...]
    endings: tuple[Box, ...]
    edges: tuple[Edge, ...]
    brackets: tuple[Bracket, ...]


def lay_out(procedure: Procedure) -> Layout:
    """Place the main steps below each other, lanes to their left, side steps to their right."""
    mains = [step for step in procedure.steps if not step.is_side]
    sides = [step for step in procedure.steps if step.is_side]
    x = MARGIN + LABELS_WIDTH + LANE * (_lanes(mains) + 1)
    rows: list[tuple[str, Step | None]] = [(step.code, step) for step in mains]
    rows += [(ending.code, None) for ending in procedure.endings]
    boxes = {
        code: Box(code, x, MARGIN + row * (BOX_HEIGHT + GAP), BOX_WIDTH, BOX_HEIGHT, step)
        for row, (code, step) in enumerate(rows)
    }
    side_x = x + BOX_WIDTH + LANE * (len(sides) + 2)
    placed = _placed(sides, boxes, x=side_x)
    brackets = tuple(
        Bracket(
            box,
            x + BOX_WIDTH + LANE * (len(sides) - number),
            tuple(boxes[code] for code in sides[number].during),
        )
        for number, box in enumerate(placed)
    )
    lowest = max(box.bottom for box in [*boxes.values(), *placed])
    return Layout(
        width=side_x + SIDE_WIDTH + MARGIN,
        height=lowest + MARGIN,
        mains=tuple(boxes[step.code] for step in mains),
        sides=tuple(placed),
        endings=tuple(boxes[ending.code] for ending in procedure.endings),
        edges=tuple(_edges(mains, boxes)),
        brackets=brackets,
    )


def _placed(sides: list[Step], boxes: dict[str, Box], *, x: int) -> list[Box]:
    """Stack the side steps, none above the first step it stands beside."""
    placed: list[Box] = []
    order = sorted(sides, key=lambda step: min(boxes[code].y for code in step.during))
    y = 0
    for step in order:
        y = max(y, min(boxes[code].y for code in step.during))
        placed.append(Box(step.code, x, y, SIDE_WIDTH, BOX_HEIGHT, step))
        y += BOX_HEIGHT + SIDE_GAP
    by_code = {box.code: box for box in placed}
    return [by_code[step.code] for step in sides]


def _lanes(mains: list[Step]) -> int:
    """Return how many targets are reached by a lane."""
    following = _following(mains)
    return len(
        {
            outcome.to
            for step in mains
            for outcome in step.outcomes
            if following.get(step.code) != outcome.to
        }
    )


def _following(mains: list[Step]) -> dict[str, str]:
    return {step.code: after.code for step, after in pairwise(mains)}


def _edges(mains: list[Step], boxes: dict[str, Box]) -> list[Edge]:
    following = _following(mains)
    lanes: dict[str, int] = {}
    edges: list[Edge] = []
    for step in mains:
        source = boxes[step.code]
        round_about = [o for o in step.outcomes if o.to not in {following.get(step.code), STAY}]
        for outcome in step.outcomes:
            if outcome.to == STAY:
                continue
            target = boxes[outcome.to]
            if outcome not in round_about:
                edges.append(Edge(outcome, source, target, None, source.bottom, target.y))
                continue
            lane = lanes.setdefault(outcome.to, len(lanes))
            leaves = source.y + BOX_HEIGHT * (round_about.index(outcome) + 1) // (
                len(round_about) + 1
            )
            edges.append(
                Edge(
                    outcome,
                    source,
                    target,
                    source.x - LABELS_WIDTH - LANE * (lane + 1),
                    leaves,
                    target.y + 12,
                )
            )
    return edges
