from collections.abc import Callable, Iterator

import pytest

from gongheng.procedures.tests.support import WORKS, agreeing, open_accounts
from gongheng.trading.cases import guards, standing
from gongheng.trading.cases.guards import Guard

Provide = Callable[[str, Guard], None]


@pytest.fixture
def provide(db: None, monkeypatch: pytest.MonkeyPatch) -> Provide:  # noqa: ARG001  it asks for the database
    """Give people accounts, let every guard agree, and a test put its own in place of one."""
    open_accounts()
    provided = agreeing(WORKS)
    monkeypatch.setattr(guards, "_provided", provided)
    return provided.__setitem__


@pytest.fixture(autouse=True)
def _fresh_declarations() -> Iterator[None]:
    yield
    standing.declaration.cache_clear()
