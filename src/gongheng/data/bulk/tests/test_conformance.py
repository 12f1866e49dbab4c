"""Every engine says of every value what the definition says: proven on the automata themselves.

The strings go through all steps of the automaton of every language of the dictionary. Large automata
(check characters) are sampled in the usual run and walked whole in the full one.
"""

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

from gongheng.data.bulk import kernels, labels, languages, store
from gongheng.data.bulk.automata import Automaton
from gongheng.data.bulk.tests.conformance import strings
from gongheng.data.bulk.texts import of_values
from gongheng.data.standard import registry
from gongheng.data.standard.checks import check_of
from gongheng.data.standard.generated import judge_of
from gongheng.data.standard.registry import Field
from gongheng.data.standard.values import is_blank

pytestmark = pytest.mark.slow

SAMPLED = 30
LARGE = 120


def _languages() -> dict[str, tuple[str, Field]]:
    """Return one field of each language, with its dataset."""
    found: dict[str, tuple[str, Field]] = {}
    for dataset in registry.datasets():
        for field in dataset.fields:
            found.setdefault(store.name_of(field), (dataset.code, field))
    return found


LANGUAGES = _languages()


_check = cache(check_of)


def _defined(field: Field, value: bytes) -> int:
    """Return the label that the definition gives."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return labels.ENCODING
    if is_blank(text):
        return labels.BLANK
    fault = _check(field)(text)
    return labels.LABEL_OF[fault.name] if fault else labels.RIGHT


def _walked(kernel: str, automaton: Automaton, limit: int, values: list[bytes]) -> Any:
    texts = of_values(list(values))
    return kernels.load(kernel).walk(
        texts.data,
        texts.starts,
        texts.ends,
        automaton.classes,
        automaton.steps,
        automaton.labels,
        automaton.width,
        limit,
        labels.TOO_LONG,
        labels.WHATEVER_LENGTH,
    )


def _disagreements(name: str, states: frozenset[int] | None, kernel: str) -> list[Any]:
    dataset, field = LANGUAGES[name]
    automaton = store.automaton_of((dataset, field.code))
    values = list(strings(automaton, states=states))
    found = _walked(kernel, automaton, languages.limit_of(field), values).tolist()
    defined = [_defined(field, value) for value in values]
    return [
        (field.code, value, one, two)
        for value, one, two in zip(values, found, defined, strict=True)
        if one != two
    ]


def _some_states(name: str) -> frozenset[int] | None:
    dataset, field = LANGUAGES[name]
    states = len(store.automaton_of((dataset, field.code)).labels)
    if states <= LARGE:
        return None
    return frozenset(random.Random(name).sample(range(states), SAMPLED))


def _named(sort: str) -> Iterator[str]:
    """Yield the languages whose fields are of that sort, by their first word."""
    return (name for name in sorted(LANGUAGES) if name.partition("|")[0] == sort)


@pytest.mark.parametrize("kernel", ["numba", "numpy"])
@pytest.mark.parametrize("sort", sorted({name.partition("|")[0] for name in LANGUAGES}))
def test_engines_agree_on_every_step_of_every_language(sort: str, kernel: str) -> None:
    for name in _named(sort):
        assert _disagreements(name, _some_states(name), kernel) == []


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(LANGUAGES))
def test_engines_agree_on_the_whole_of_the_large_languages(name: str) -> None:
    if _some_states(name) is not None:
        assert _disagreements(name, None, "numba") == []


@pytest.mark.parametrize("kernel", ["numba", "numpy"])
def test_lengths_are_counted_in_code_points_one_below_at_and_one_above(kernel: str) -> None:
    limits = {
        languages.limit_of(field): (dataset.code, field)
        for dataset in registry.datasets()
        for field in dataset.fields
        if not (field.code_list or field.check or field.is_multiple)
        and field.type not in {"date", "datetime", "integer", "decimal"}
    }
    for limit, (dataset, field) in limits.items():
        size = field.length.size or limit
        if size > 100_000:
            continue
        # The slow loop takes a step per byte: long texts are told by one letter there.
        letters = ("招",) if kernel == "numpy" and size > 600 else ("a", "é", "招", "\U0001f600")
        for letter in letters:
            values = [(letter * n).encode() for n in (size - 1, size, size + 1) if n]
            automaton = store.automaton_of((dataset, field.code))
            found = _walked(kernel, automaton, limit, values).tolist()
            assert found == [_defined(field, value) for value in values], (field.code, letter)


def test_the_generated_judge_agrees_on_every_step_of_the_small_languages() -> None:
    for name, (dataset, field) in sorted(LANGUAGES.items()):
        automaton = store.automaton_of((dataset, field.code))
        if len(automaton.labels) > LARGE:
            continue
        judge = judge_of(dataset, binds_local=False)
        values = list(strings(automaton))
        for value in random.Random(name).sample(values, min(len(values), SAMPLED)):
            label = _defined(field, value)
            if label in {labels.ENCODING, labels.BLANK}:
                continue
            found = [
                x.rule for x in judge({field.code: value.decode()}, "") if x.field == field.code
            ]
            wanted = [labels.fault_of(label).rule] if label else []
            assert [x for x in found if x.count(".") == 1] == wanted, (name, value)


def test_no_two_states_of_an_automaton_are_alike() -> None:
    """Minimal: any two states are told apart by the rows of their kinds."""
    for dataset, field in list(LANGUAGES.values())[::7]:
        automaton = store.automaton_of((dataset, field.code))
        rows = automaton.steps.reshape(-1, automaton.width)
        table = np.column_stack([automaton.labels, rows])
        assert len(np.unique(table, axis=0)) == len(table)
