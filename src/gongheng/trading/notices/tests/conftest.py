from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongheng.trading.cases import actions as cases
from gongheng.trading.notices.tests.support import rules_of_opening_signed
from gongheng.trading.projects.tests.support import NOW, StandingClock
from tests.cases import WORKS


@pytest.fixture(autouse=True)
def quiet_house(settings: Any, tmp_path: Path) -> None:
    """Hash quickly, let legal time stand still, keep files in a folder of the test's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GONGHENG_CLOCK = StandingClock()
    settings.NODE = replace(settings.NODE, state_dir=tmp_path / "state")


@pytest.fixture(autouse=True)
def works_adopted(request: pytest.FixtureRequest) -> None:
    """Adopt the procedure of works tenders, under which a lot's case begins."""
    if {"case", "standing"} & set(request.fixturenames):  # they come with it
        return
    is_asked_for = {"db", "transactional_db", "live_server"} & set(request.fixturenames)
    if is_asked_for or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("live_server" if "live_server" in is_asked_for else "db")
        cases.adopt(WORKS, now=NOW)


@pytest.fixture(autouse=True)
def _signed_rules() -> Iterator[None]:
    with rules_of_opening_signed():
        yield
