from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongheng.trading.projects.tests.support import StandingClock
from tests.tampering.house import House, Public, build


@pytest.fixture
def house(db: None, settings: Any, tmp_path: Path) -> House:  # noqa: ARG001  the test's database
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GONGHENG_CLOCK = StandingClock()
    settings.NODE = replace(settings.NODE, state_dir=tmp_path / "state")
    return build(tmp_path)


@pytest.fixture
def public(house: House, tmp_path: Path) -> Public:  # noqa: ARG001  what it watches
    return Public(tmp_path / "monitor")
