from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gongheng.trading.projects.tests.support import NOW


class SettableClock:
    """A legal clock that stands where a test puts it."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def quiet_house(settings: Any, tmp_path: Path) -> None:
    """Hash quickly, keep files in a folder of the test's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.NODE = replace(settings.NODE, state_dir=tmp_path / "state")


@pytest.fixture(autouse=True)
def standing_clock(settings: Any) -> SettableClock:
    """Let legal time stand still."""
    clock = SettableClock()
    settings.GONGHENG_CLOCK = clock
    return clock
