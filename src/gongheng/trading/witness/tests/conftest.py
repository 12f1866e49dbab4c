from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongheng.trading.cases.tests.support import SetClock


@pytest.fixture(autouse=True)
def quiet_house(settings: Any, tmp_path: Path) -> None:
    """Hash quickly, let legal time stand still, keep files in a folder of the test's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GONGHENG_CLOCK = SetClock()
    settings.NODE = replace(settings.NODE, state_dir=tmp_path / "state")
