from collections.abc import Iterator
from typing import Any

import pytest

from gongheng.trading.cases import actions as cases
from gongheng.trading.notices.tests.support import rules_of_opening_signed
from gongheng.trading.projects.tests.support import NOW, StandingClock
from tests.cases import WORKS


@pytest.fixture(autouse=True)
def quiet_house(settings: Any) -> None:
    """Hash quickly, and let legal time stand still."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GONGHENG_CLOCK = StandingClock()


@pytest.fixture(autouse=True)
def works_adopted(request: pytest.FixtureRequest) -> None:
    """Adopt the procedure of works tenders, under which a lot's case begins."""
    is_asked_for = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if is_asked_for or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("live_server" if "live_server" in is_asked_for else "db")
        cases.adopt(WORKS, now=NOW)


@pytest.fixture(autouse=True)
def _signed_rules() -> Iterator[None]:
    with rules_of_opening_signed():
        yield
