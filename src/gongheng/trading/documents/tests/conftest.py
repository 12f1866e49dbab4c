from pathlib import Path
from typing import Any

import pytest

from gongheng.trading.projects.tests.support import StandingClock


@pytest.fixture(autouse=True)
def quiet_house(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash quickly, let legal time stand still, and keep files in a folder of the test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GONGHENG_CLOCK = StandingClock()
    monkeypatch.setattr("gongheng.trading.documents.files._folder", lambda: tmp_path / "documents")
