from typing import Any

import pytest

from gongheng.trading.cases.tests.support import SetClock, grant_roles
from tests.engine import _fresh_declarations, provide

__all__ = ["_fresh_declarations", "clock", "provide", "quiet_house"]


@pytest.fixture(autouse=True)
def quiet_house(settings: Any) -> None:
    """Hash quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clock(settings: Any, provide: Any) -> SetClock:  # noqa: ARG001  brings the people, who get their roles
    """Let legal time stand where a test puts it."""
    settings.GONGHENG_CLOCK = SetClock()
    grant_roles()
    return settings.GONGHENG_CLOCK  # type: ignore[no-any-return]  # pytest's settings know no types
