from typing import Any

import pytest

from gongheng.registers.subjects.tests.support import StandingClock


@pytest.fixture(autouse=True)
def quiet_house(settings: Any) -> None:
    """Hash quickly, and let legal time stand still."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GONGHENG_CLOCK = StandingClock()
