"""Strings that drive an automaton through all its steps: every state, every class of bytes.

Each step is taken on the shortest way to its state and finished by the shortest way to a right value,
and cut off behind it too. An engine that differs anywhere from the automaton differs on one of them.
"""

from collections.abc import Iterator

import numpy as np

from gongheng.data.bulk import labels
from gongheng.data.bulk.automata import Automaton
from gongheng.data.bulk.texts import Array


def _bytes_of_classes(automaton: Automaton) -> list[int]:
    return [int(np.flatnonzero(automaton.classes == c)[0]) for c in range(automaton.width)]


def _behind(automaton: Automaton) -> Array:
    """Return by state and class the state behind."""
    return automaton.steps.reshape(-1, automaton.width) // automaton.width


def _ways_there(behind: Array, by_class: list[int]) -> dict[int, bytes]:
    """Return the shortest way to each state."""
    ways = {0: b""}
    rim = [0]
    while rim:
        rows = behind[rim]
        targets, places = np.unique(rows, return_index=True)
        ahead = []
        for target, place in zip(targets.tolist(), places.tolist(), strict=True):
            if target not in ways:
                state, number = rim[place // len(by_class)], place % len(by_class)
                ways[target] = ways[state] + bytes([by_class[number]])
                ahead.append(target)
        rim = ahead
    return ways


def _ways_home(automaton: Automaton, behind: Array, by_class: list[int]) -> dict[int, bytes]:
    """Return the shortest way from each state to a right value, where there is one."""
    is_home = automaton.labels == labels.RIGHT
    ways = dict.fromkeys(np.flatnonzero(is_home).tolist(), b"")
    while True:
        leads = is_home[behind]
        fresh = np.flatnonzero(leads.any(axis=1) & ~is_home)
        if not len(fresh):
            return ways
        classes = leads[fresh].argmax(axis=1).tolist()
        for state, number in zip(fresh.tolist(), classes, strict=True):
            ways[state] = bytes([by_class[number]]) + ways[int(behind[state, number])]
        is_home[fresh] = True


def strings(automaton: Automaton, *, states: frozenset[int] | None = None) -> Iterator[bytes]:
    """Yield the strings of all steps, or of those that begin in some states."""
    by_class = _bytes_of_classes(automaton)
    steps = _behind(automaton)
    there, home = _ways_there(steps, by_class), _ways_home(automaton, steps, by_class)
    for state, way in there.items():
        if states is not None and state not in states:
            continue
        yield way
        for number, byte in enumerate(by_class):
            behind = int(steps[state, number])
            step = way + bytes([byte])
            yield step
            if home.get(behind):
                yield step + home[behind]
