"""The demonstration's clock: forward only, to the next instant of a case, never in production."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.kernel.clock import BEIJING, DEMO_STARTS_AT, FileClock, RealClock
from gongheng.trading.cases.tests.support import browser, grant_roles
from gongheng.web import rehearsal
from tests.engine import CLERK, NOW, at

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=1)


@pytest.fixture
def moved(settings: Any, tmp_path: Path, provide: Any) -> FileClock:  # noqa: ARG001  brings the people
    grant_roles()
    clock = FileClock(tmp_path / "clock.json")
    clock.begin()
    settings.GONGHENG_CLOCK = clock
    settings.NODE = replace(settings.NODE, is_demo=True)
    return clock


def is_near(found: datetime, wanted: datetime) -> bool:
    return wanted <= found < wanted + SOON


def test_every_page_shows_the_time_and_who_is_signed_in_may_move_it(moved: FileClock) -> None:
    visitor = Client().get("/").content.decode()
    clerk = browser(CLERK).get("/").content.decode()

    assert f"演示时间 {moved.now():%Y-%m-%d}" in visitor
    assert "快进到下一时限" not in visitor
    assert "快进到下一时限" in clerk


def test_it_moves_to_the_next_deadline_and_says_which(moved: FileClock) -> None:
    walk = at("close_bids")
    walk.do("form_committee")
    due = NOW + timedelta(days=24)
    clerk = browser(CLERK)
    moved.advance_to(due - timedelta(hours=2))

    near = clerk.post("/demo/clock/", {"to_next": "1", "next": "/desk/"}, follow=True)
    assert is_near(moved.now(), due - timedelta(hours=1))
    passed = clerk.post("/demo/clock/", {"to_next": "1", "next": "/desk/"}, follow=True)

    assert is_near(moved.now(), due)
    assert near.redirect_chain == [("/desk/", 302)]
    assert "距递交、替换或撤回投标文件的期限 1 小时" in near.content.decode()
    assert "演示时间已快进到 2026-11-05 09:00" in passed.content.decode()


def test_it_moves_to_the_morning_of_a_day(moved: FileClock) -> None:
    answer = browser(CLERK).post(
        "/demo/clock/", {"to_day": "1", "day": "2026-11-20", "next": "//evil.example/"}
    )

    assert answer["Location"] == "/"
    assert is_near(moved.now(), datetime(2026, 11, 20, 9, tzinfo=BEIJING))


@pytest.mark.parametrize(
    "day", ["2026-10-11", "2026-10-12", "", "20261332", "2099-01-01", "0000-00-00"]
)
def test_it_never_goes_back_nor_far_away(moved: FileClock, day: str) -> None:
    answer = browser(CLERK).post("/demo/clock/", {"to_day": "1", "day": day})

    assert answer.status_code == 409
    assert "只能向前" in answer.content.decode()
    assert is_near(moved.now(), DEMO_STARTS_AT)


def test_without_anything_to_wait_for_it_stays(moved: FileClock) -> None:
    answer = browser(CLERK).post("/demo/clock/", {"to_next": "1"})

    assert answer.status_code == 409
    assert "没有等待中的时限" in answer.content.decode()
    assert is_near(moved.now(), DEMO_STARTS_AT)


@pytest.mark.parametrize("case", ["production", "real clock"])
def test_a_production_node_refuses(moved: FileClock, settings: Any, case: str) -> None:
    if case == "production":
        settings.NODE = replace(settings.NODE, is_demo=False)
    else:
        settings.GONGHENG_CLOCK = RealClock()

    clerk = browser(CLERK)
    answer = clerk.post("/demo/clock/", {"to_day": "1", "day": "2026-11-20"})

    assert answer.status_code == 409
    assert "不是演示平台" in answer.content.decode()
    assert "演示时间" not in clerk.get("/").content.decode()
    assert is_near(moved.now(), DEMO_STARTS_AT)


def test_a_visitor_moves_nothing(moved: FileClock) -> None:
    answer = Client().post("/demo/clock/", {"to_day": "1", "day": "2026-11-20"})

    assert answer["Location"].startswith("/login/")
    assert browser(CLERK).get("/demo/clock/").status_code == 405
    assert is_near(moved.now(), DEMO_STARTS_AT)


def test_of_many_who_move_it_at_once_the_farthest_stands(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock.json")
    clock.begin()
    days = [DEMO_STARTS_AT + timedelta(days=number) for number in range(1, 13)]

    def move(day: datetime) -> None:
        try:
            clock.advance_to(day)
        except ValueError:
            return

    threads = [threading.Thread(target=move, args=(day,)) for day in days]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert is_near(clock.now(), days[-1])


def test_sources_are_asked_for_what_lies_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    past, ahead = rehearsal.Moment(NOW, "过去"), rehearsal.Moment(NOW + SOON, "将来")
    monkeypatch.setattr(rehearsal, "_sources", [lambda _: [past], lambda _: [ahead]])

    assert rehearsal.next_moment(NOW) == ahead
    assert rehearsal.next_moment(NOW + SOON) is None
