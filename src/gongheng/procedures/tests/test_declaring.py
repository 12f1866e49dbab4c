"""Declarations as data: canonical form, derivation, discovery, and walks over the graph."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, strategies as st

from gongheng.procedures.tests.support import WORKS, changed
from gongheng.trading.cases import canonical_form, graph
from gongheng.trading.cases.declaration import derived
from gongheng.trading.cases.discovery import discover

STATES = {step.code for step in WORKS.steps if not step.is_side} | {e.code for e in WORKS.endings}


def test_a_declaration_is_read_back_from_its_canonical_form() -> None:
    written = canonical_form.canonical_bytes(WORKS)

    read = canonical_form.of_json(json.loads(written))

    assert read == WORKS
    assert canonical_form.canonical_bytes(read) == written


def test_every_change_of_a_declaration_changes_its_digest() -> None:
    amended = [
        WORKS,
        changed(WORKS, "accept", label="受理登记"),
        changed(WORKS, "award", second=()),
        replace(WORKS, views=WORKS.views[:-1]),
        replace(WORKS, begins_at="accept"),
    ]

    assert len({canonical_form.digest(procedure) for procedure in amended}) == len(amended)


def test_what_has_its_default_is_left_out() -> None:
    found = next(
        step for step in canonical_form.as_json(WORKS)["steps"] if step["code"] == "decide_anew"
    )

    assert set(found) == {"code", "label", "deed", "permission", "roles", "outcomes", "rules"}


def test_another_language_is_not_read() -> None:
    with pytest.raises(ValueError, match="language"):
        canonical_form.of_json(canonical_form.as_json(WORKS) | {"language": 2})


def test_a_derived_procedure_differs_in_the_named_steps_only() -> None:
    step = replace(WORKS.step("publish_notice"), notice="B-03i")

    other = derived(WORKS, code="other", title="另一种", replacing=(step,), rules=("W-02",))

    assert other.step("publish_notice") == step
    assert [s for s in other.steps if s != step] == [
        s for s in WORKS.steps if s.code != "publish_notice"
    ]
    assert other.rules == (*WORKS.rules, "W-02")
    with pytest.raises(KeyError):
        derived(WORKS, code="other", title="另一种", replacing=(replace(step, code="no"),))


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    folder = tmp_path / "declared_here"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Declarations."""\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    invalidate_caches()
    yield import_module("declared_here")
    for name in [name for name in sys.modules if name.startswith("declared_here")]:
        del sys.modules[name]


def declare(package: ModuleType, name: str, code: str) -> None:
    text = "from dataclasses import replace\nfrom gongheng.procedures.works_open import PROCEDURE\n"
    text += f'PROCEDURE = replace(PROCEDURE, code="{code}")\n'
    (Path(package.__path__[0]) / f"{name}.py").write_text(text)


def test_a_new_file_is_found_by_itself(package: ModuleType) -> None:
    declare(package, "second", "second")
    declare(package, "first", "first")

    assert [procedure.code for procedure in discover(package)] == ["first", "second"]


def test_a_file_is_named_after_its_procedure(package: ModuleType) -> None:
    declare(package, "first", "second")

    with pytest.raises(ValueError, match="declares second"):
        discover(package)


def test_a_file_without_a_declaration_is_a_fault(package: ModuleType) -> None:
    (Path(package.__path__[0]) / "empty.py").write_text('"""Nothing."""\n')

    with pytest.raises(ValueError, match="no PROCEDURE"):
        discover(package)


@given(st.lists(st.integers(min_value=0, max_value=1000), max_size=80))
def test_a_random_walk_never_leaves_the_declared_states(choices: list[int]) -> None:
    reached = graph.explore(WORKS)
    state = graph.begin(WORKS)

    for choice in choices:
        assert state.awaits in STATES
        assert state in reached
        moves = list(graph.moves(WORKS, state))
        if WORKS.ending(state.awaits):
            assert moves == []
            return
        state = moves[choice % len(moves)].state
