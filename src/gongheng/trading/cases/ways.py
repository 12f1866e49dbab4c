"""The model check, second part: where a case can get to, and that it always gets to an end."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.duties import LAWS
from gongheng.trading.cases.graph import Move, State, explore
from gongheng.trading.cases.kinds import EndingKind

Found = Iterator[tuple[str, str, str]]
Graph = Mapping[State, tuple[Move, ...]]


def find(procedure: Procedure) -> Found:
    """Yield (kind, place, message) of every fault in the graph of states."""
    graph = explore(procedure)
    yield from _unreachable(procedure, graph)
    stuck = graph.keys() - _leading_to(graph, _ends(procedure, graph))
    yield from _dead_ends(procedure, graph, stuck)
    yield from _stalled(procedure, graph, stuck)
    yield from _failures(procedure, graph, stuck)


def _unreachable(procedure: Procedure, graph: Graph) -> Found:
    used = {(m.step.code, m.outcome and m.outcome.code) for ms in graph.values() for m in ms}
    done = {code for code, _ in used}
    for step in procedure.steps:
        if step.code not in done:
            yield "unreachable", step.code, "no case ever comes to this step"
    reached = {state.awaits for state in graph} | {
        move.outcome.closes_as for moves in graph.values() for move in moves if move.outcome
    }
    for ending in procedure.endings:
        if ending.code not in reached:
            yield "unreachable", ending.code, "no case ever ends so"


def _ends(procedure: Procedure, graph: Graph) -> set[State]:
    return {state for state in graph if procedure.ending(state.awaits)}


def _leading_to(graph: Graph, goals: Iterable[State]) -> set[State]:
    """Return the states from which one of the goals can be reached."""
    before: dict[State, set[State]] = defaultdict(set)
    for state, moves in graph.items():
        for move in moves:
            before[move.state].add(state)
    found: set[State] = set()
    waiting = list(goals)
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting.extend(before[state])
    return found


def _dead_ends(procedure: Procedure, graph: Graph, stuck: Iterable[State]) -> Found:
    told: set[str] = set()
    for state in sorted(stuck, key=_order):
        place = state.awaits
        if place not in told and not any(move.state != state for move in graph[state]):
            told.add(place)
            yield "dead_end", place, f"nothing can be done in {_written(state)}"
    if not told:
        # Nothing stands still, yet the case only goes round in circles.
        for place in sorted({state.awaits for state in stuck}):
            yield "dead_end", place, "no ending can be reached any more"
    for state in sorted(graph, key=_order):
        if procedure.ending(state.awaits) and state.matters:
            yield "dead_end", state.awaits, f"the case ends with a matter open: {_written(state)}"


def _stalled(procedure: Procedure, graph: Graph, stuck: set[State]) -> Found:
    """Yield awaited steps that can never be done: the case could only be terminated."""
    doable = {
        state
        for state, moves in graph.items()
        if any(move.step.code == state.awaits for move in moves)
    }
    beside = {
        state: tuple(move for move in moves if move.state.awaits == state.awaits)
        for state, moves in graph.items()
    }
    told: set[str] = set()
    for state in sorted(graph.keys() - _leading_to(beside, doable) - stuck, key=_order):
        if state.awaits not in told and not procedure.ending(state.awaits):
            told.add(state.awaits)
            yield "dead_end", state.awaits, f"it can never be done in {_written(state)}"


def _failures(procedure: Procedure, graph: Graph, stuck: set[State]) -> Found:
    law = LAWS[procedure.regime]
    causes: set[str] = set()
    announced = {step.code for step in procedure.steps if step.notice == law.failure_notice}
    told: set[tuple[str, str]] = set()
    for moves in graph.values():
        for move in moves:
            if move.outcome is None or not move.outcome.cause:
                continue
            causes.update(move.outcome.cause.split())
            place = f"{move.step.code}/{move.outcome.code}"
            for kind, message in _failure(procedure, graph, stuck, announced, move):
                if (kind, place) not in told:
                    told.add((kind, place))
                    yield kind, place, message
    for cause in sorted(law.causes - causes):
        yield "cause_missing", procedure.code, f"nothing says what follows {cause}"


def _failure(
    procedure: Procedure, graph: Graph, stuck: set[State], announced: set[str], move: Move
) -> Iterator[tuple[str, str]]:
    if move.state in stuck:
        yield "failure_hangs", "the failed case neither returns nor ends"
    if move.step.code not in announced and _fails_unannounced(procedure, graph, announced, move):
        yield "failure_unannounced", "the case can fail without a notice"


def _fails_unannounced(
    procedure: Procedure, graph: Graph, announced: set[str], failing: Move
) -> bool:
    """Tell whether an end in failure or a new round is reached without a notice of it.

    Only the ways from here that do not go through another failure count.
    """
    seen: set[Move] = set()
    waiting = [failing]
    while waiting:
        move = waiting.pop()
        if move in seen:
            continue
        seen.add(move)
        if _is_failed_after(procedure, move):
            return True
        waiting.extend(
            following
            for following in graph[move.state]
            if following.step.code not in announced
            and following.outcome is not None
            and not following.outcome.cause
        )
    return False


def _is_failed_after(procedure: Procedure, move: Move) -> bool:
    if move.outcome is not None and move.outcome.opens_round:
        return True
    ending = procedure.ending(move.state.awaits)
    return ending is not None and ending.kind in {EndingKind.FAILED, EndingKind.TERMINATED}


def _order(state: State) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return state.awaits, tuple(sorted(state.done)), tuple(sorted(state.matters))


def _written(state: State) -> str:
    extra = [*sorted(state.done), *(f"{matter} open" for matter in sorted(state.matters))]
    return f"{state.awaits} ({', '.join(extra)})" if extra else state.awaits
