from collections.abc import Callable, Iterator

import pytest

from gongheng.procedures.tests.support import PLAIN, WORKS, agreeing, open_accounts
from gongheng.trading.cases import gate, guards, standing
from gongheng.trading.cases.guards import Guard

Provide = Callable[[str, Guard], None]


@pytest.fixture
def provide(db: None, monkeypatch: pytest.MonkeyPatch) -> Provide:  # noqa: ARG001  it asks for the database
    """Give people accounts, let every guard agree, and a test put its own in place of one."""
    open_accounts()
    provided = agreeing(WORKS)
    monkeypatch.setattr(guards, "_provided", provided)
    plain = {step.code: PLAIN for step in WORKS.steps if step.second}
    monkeypatch.setattr(gate, "_provided", plain)
    return provided.__setitem__


@pytest.fixture(autouse=True)
def _fresh_declarations() -> Iterator[None]:
    yield
    standing.declaration.cache_clear()
