"""The states of a procedure and what leads from one to another: shared by the engine and its check."""

from collections.abc import Iterator
from dataclasses import dataclass

from gongheng.trading.cases.declaration import STAY, Outcome, Procedure, Step


@dataclass(frozen=True, slots=True)
class State:
    """What a case awaits, what was done in this round, which matters suspend it.

    ``done`` holds only steps that matter later: those needed by others, and those done once.
    """

    awaits: str
    done: frozenset[str] = frozenset()
    matters: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Move:
    """A step with one of its outcomes, and the state after it."""

    step: Step
    outcome: Outcome | None
    state: State


def begin(procedure: Procedure) -> State:
    """Return the state in which a case begins."""
    return State(procedure.begins_at)


def remembered(procedure: Procedure) -> frozenset[str]:
    """Return the steps of which a state remembers that they were done."""
    needed = {code for step in procedure.steps for code in step.needs}
    return frozenset(needed | {step.code for step in procedure.steps if step.is_once})


def is_offered(step: Step, state: State) -> bool:
    """Tell whether the case stands where the step is done."""
    if step.is_once and step.code in state.done:
        return False
    return state.awaits in step.during if step.is_side else state.awaits == step.code


def is_free(step: Step, state: State) -> bool:
    """Tell whether no open matter stands in the way; what closes a matter needs one."""
    if step.resumes:
        return step.resumes in state.matters
    return step.in_suspension or not state.matters


def lacking(step: Step, state: State) -> tuple[str, ...]:
    """Return the steps that must be done first."""
    return tuple(code for code in step.needs if code not in state.done)


def follow(procedure: Procedure, state: State, step: Step, outcome: Outcome | None) -> State:
    """Return the state after a step; one open matter of a sort stands for several."""
    if outcome is not None and outcome.opens_round:
        return State(outcome.to)
    moves_on = outcome is not None and outcome.to != STAY
    return State(
        outcome.to if outcome is not None and moves_on else state.awaits,
        state.done | ({step.code} & remembered(procedure)),
        (state.matters | ({step.suspends} - {""})) - {step.resumes},
    )


def moves(procedure: Procedure, state: State) -> Iterator[Move]:
    """Yield everything that may be done in a state, counts and times aside."""
    for step in procedure.steps:
        if not (is_offered(step, state) and is_free(step, state)) or lacking(step, state):
            continue
        if step.is_silent:
            yield Move(step, None, state)
        for outcome in step.outcomes:
            yield Move(step, outcome, follow(procedure, state, step, outcome))


def explore(procedure: Procedure) -> dict[State, tuple[Move, ...]]:
    """Return every state that a case can reach with the moves from there, exhaustively."""
    first = begin(procedure)
    found: dict[State, tuple[Move, ...]] = {}
    waiting = [first]
    while waiting:
        state = waiting.pop()
        if state in found:
            continue
        found[state] = tuple(moves(procedure, state))
        waiting.extend(move.state for move in found[state])
    return found
