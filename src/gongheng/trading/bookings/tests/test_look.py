"""The pages of rooms in a real browser: no fault at both widths, and a booking without scripts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gongheng.registers.venues import actions as venues
from gongheng.registers.venues.kinds import Purpose, RoomKind
from gongheng.registers.venues.models import Booking
from gongheng.trading.bookings.tests.support import HOUR, book, room, rooms
from gongheng.trading.cases import directives
from gongheng.trading.cases.tests.support import SetClock, browser
from tests.browser import CHROMIUM, session_of, visitor
from tests.engine import BIDDER, CLERK, NOW, OFFICER, SUPERVISOR, at

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def test_every_page_is_without_fault(live_server: Any, clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    opening = book(walk, places[Purpose.OPENING])
    book(walk, places[Purpose.EVALUATION], Purpose.EVALUATION)
    stopped = at("close_bids", code="E5301000001000001005001")
    second = room("第二开标室", RoomKind.OPENING)
    book(stopped, second)
    directives.place(
        case_id=stopped.case.pk, document="监停〔2026〕7号", cause="核查", actor=SUPERVISOR, now=NOW
    )
    desk = room("远程异地评标工位1", RoomKind.REMOTE_DESK)
    closed = room("竞价厅", RoomKind.AUCTION_HALL)
    venues.close_room(room_id=closed.pk, because="空调检修", actor=OFFICER, now=NOW)
    hours = {"starts_at": opening.starts_at - HOUR, "ends_at": opening.starts_at + 2 * HOUR}
    venues.occupy(
        room_id=desk.pk, purpose=Purpose.OTHER, title="终端更换", actor=OFFICER, now=NOW, **hours
    )
    day = f"{opening.starts_at.astimezone(NOW.tzinfo):%Y-%m-%d}"
    pages = {
        "venues-day": (OFFICER, f"/venues/?day={day}", 200),
        "venues-week": (OFFICER, f"/venues/?day={day}&view=week", 200),
        "venues-clerk": (CLERK, f"/venues/?day={day}", 200),
        "venues-none": (CLERK, "/venues/?kind=auction_hall&day=2026-10-12", 200),
        "venues-rooms": (OFFICER, "/venues/rooms/", 200),
        "venues-room-new": (OFFICER, "/venues/rooms/new/", 200),
        "venues-room": (OFFICER, f"/venues/rooms/{desk.pk}/", 200),
        "venues-room-closed": (OFFICER, f"/venues/rooms/{closed.pk}/", 200),
        "venues-occupy": (OFFICER, f"/venues/rooms/{desk.pk}/occupy/", 200),
        "venues-release": (OFFICER, f"/venues/bookings/{opening.pk}/release/", 200),
        "bookings-panel": (CLERK, f"/cases/{walk.case.pk}/?tab=rooms", 200),
        "bookings-released": (CLERK, f"/cases/{stopped.case.pk}/?tab=rooms", 200),
        "bookings-bidder": (BIDDER, f"/cases/{walk.case.pk}/?tab=rooms", 200),
        "bookings-book": (CLERK, f"/cases/{stopped.case.pk}/rooms/", 200),
        "bookings-none": (CLERK, f"/cases/{walk.case.pk}/rooms/?purpose=evaluation", 200),
    }

    for name, (who, address, status) in pages.items():
        with visitor(session_of(browser(who), live_server.url)) as look:
            look.at(live_server.url + address, name=name, status=status)


def test_a_room_is_booked_without_scripts(live_server: Any, clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    taken = at("close_bids", code="E5301000001000001005001")
    book(taken, places[Purpose.OPENING])
    room("第二开标室", RoomKind.OPENING)
    session = session_of(browser(CLERK), live_server.url)
    address = f"{live_server.url}/cases/{walk.case.pk}/?tab=rooms"

    with (
        visitor(session) as look,
        look.opened(address, width=390, scripts=False) as (page, _),
    ):
        page.get_by_role("link", name="预约场地").click()
        assert page.get_by_text("最近空闲").first.is_visible()
        page.get_by_role("button", name="预约 第二开标室").click()
        assert page.get_by_text("场地已预约").first.is_visible()
        assert page.get_by_text("第二开标室").first.is_visible()

    booking = Booking.objects.get(case_code=walk.case.code)
    assert booking.ends_at - booking.starts_at == timedelta(hours=2)
