from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gongheng.kernel.clock import BEIJING

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)


@dataclass
class StandingClock:
    """Legal time that moves only when a test moves it."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture(autouse=True)
def clock(settings: Any) -> StandingClock:
    settings.GONGHENG_CLOCK = StandingClock()
    return settings.GONGHENG_CLOCK


@pytest.fixture
def visitor() -> Client:
    return Client()
