"""A lot's rooms: who books, what a change releases, and that nobody is held up without one (U-03)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import reasons as holds
from gongheng.registers.messages.models import Message
from gongheng.registers.venues import reasons
from gongheng.registers.venues.kinds import Purpose, ReleaseCause
from gongheng.registers.venues.models import Booking
from gongheng.trading.bookings import actions, guards, tasks
from gongheng.trading.bookings.tests.support import HOUR, book, rooms
from gongheng.trading.cases import directives, guards as engine
from gongheng.trading.cases.tests.support import SetClock, browser, join
from tests.engine import (
    BIDDER,
    CLERK,
    COLLEAGUE,
    EXPERT,
    NOW,
    OFFICER,
    SUPERVISOR,
    Walk,
    at,
    begun,
    person,
)

pytestmark = pytest.mark.django_db
STRANGER = person("chen", "clerk", organisation="91530100MA6K0010A5")


def causes(walk: Walk) -> dict[str, str]:
    return dict(
        Booking.objects.filter(case_code=walk.case.code).values_list("purpose", "release_cause")
    )


def moved(walk: Walk, by: timedelta) -> None:
    known = walk.case.steps.get(step="publish_notice").facts
    from_then = actions.queries.opening_at(walk.case)
    assert from_then is not None
    assert known
    walk.do("clarify", affects_bids=True, bids_due_at=from_then + by, opening_at=from_then + by)


def held(walk: Walk) -> None:
    directives.place(
        case_id=walk.case.pk,
        document="监停〔2026〕7号",
        cause="核查",
        actor=SUPERVISOR,
        now=walk.now,
    )


CHANGES: dict[str, tuple[Callable[[Walk], Any], ReleaseCause]] = {
    "terminated": (lambda walk: walk.do("terminate"), ReleaseCause.TERMINATED),
    "suspended": (lambda walk: walk.do("suspend", document="停1"), ReleaseCause.SUSPENDED),
    "held": (held, ReleaseCause.SUSPENDED),
    "unlawful": (lambda walk: walk.do("find_unlawful"), ReleaseCause.FAILED),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_stops_or_ends_a_case_releases_its_rooms(clock: SetClock, change: str) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    for purpose, where in places.items():
        book(walk, where, purpose)
    deed, cause = CHANGES[change]

    deed(walk)

    assert causes(walk) == {"opening": cause, "evaluation": cause}
    assert Message.objects.filter(kind="venue.released").count() == 2
    other = at("close_bids", code="E5301000001000001001002")
    assert book(other, places[Purpose.OPENING]).stands


def test_too_few_bidders_release_the_rooms_of_the_days_to_come(clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    book(walk, places[Purpose.EVALUATION], Purpose.EVALUATION)
    opening_at = actions.queries.opening_at(walk.case)
    assert opening_at is not None
    walk.now = opening_at

    walk.do("close_bids", "too_few")

    assert causes(walk) == {"evaluation": ReleaseCause.FAILED}


def test_a_later_opening_releases_what_it_does_not_fit(clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    for purpose, where in places.items():
        book(walk, where, purpose)

    moved(walk, HOUR)
    assert causes(walk) == {"opening": "", "evaluation": ""}
    moved(walk, timedelta(days=5))

    assert causes(walk) == {"opening": ReleaseCause.MOVED, "evaluation": ReleaseCause.MOVED}
    titles = [task.title for task in tasks.book_anew(actor=CLERK, now=walk.now)]
    assert sorted(titles) == [
        "重新预约开标场地（开标时间变更）",
        "重新预约评标场地（开标时间变更）",
    ]
    book(walk, places[Purpose.OPENING])
    titles = [task.title for task in tasks.book_anew(actor=CLERK, now=walk.now)]
    assert titles == ["重新预约评标场地（开标时间变更）"]
    assert list(tasks.book_anew(actor=STRANGER, now=walk.now)) == []
    assert list(tasks.book_anew(actor=EXPERT, now=walk.now)) == []


def test_whoever_is_stopped_books_anew_when_the_case_goes_on(clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    book(walk, places[Purpose.OPENING])
    held(walk)

    assert list(tasks.book_anew(actor=CLERK, now=walk.now)) == []
    with pytest.raises(Refusal) as refusal:
        book(walk, places[Purpose.OPENING])
    assert refusal.value.reason is holds.HELD
    directives.lift(
        case_id=walk.case.pk,
        document="监停〔2026〕7号",
        by_document="监复〔2026〕7号",
        actor=SUPERVISOR,
        now=walk.now,
    )

    [task] = tasks.book_anew(actor=CLERK, now=walk.now)
    assert task.rule == "U-03"
    assert book(walk, places[Purpose.OPENING]).stands


def test_a_room_booked_before_the_notice_must_hold_the_hour_that_it_names(clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("publish_notice"), rooms()
    late = {"starts_at": NOW + timedelta(days=30), "ends_at": NOW + timedelta(days=30) + HOUR}
    book(walk, places[Purpose.OPENING], **late)

    walk.do("publish_notice")

    assert causes(walk) == {"opening": ReleaseCause.MOVED}
    with pytest.raises(Refusal) as refusal:
        book(walk, places[Purpose.OPENING], **late)
    assert refusal.value.reason is reasons.MISSES_OPENING


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (CLERK, True),
        (COLLEAGUE, True),
        (OFFICER, True),
        (SUPERVISOR, False),
        (STRANGER, False),
        (EXPERT, False),
        (BIDDER, False),
        (person("far", "officer", region="530300"), False),
        (person("rep", "expert"), False),
    ],
    ids=[
        "clerk",
        "colleague",
        "officer",
        "supervisor",
        "stranger",
        "expert",
        "bidder",
        "far",
        "rep",
    ],
)
def test_the_cases_clerks_and_its_centre_book(clock: SetClock, who: Any, *, may: bool) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    if who.username in {"far", "rep", "chen"}:
        join(who)

    if may:
        assert book(walk, places[Purpose.OPENING], actor=who).stands
        return
    with pytest.raises(Refusal) as refusal:
        book(walk, places[Purpose.OPENING], actor=who)
    assert refusal.value.reason is actions.NOT_ALLOWED


def test_after_the_evaluation_no_room_is_needed(clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("award"), rooms()

    with pytest.raises(Refusal) as refusal:
        book(walk, places[Purpose.EVALUATION], Purpose.EVALUATION)
    assert refusal.value.reason is actions.NOT_NEEDED


def test_an_opening_online_needs_no_room(clock: SetClock) -> None:
    assert clock.at == NOW
    walk = at("evaluate")

    assert not Booking.objects.exists()
    named = engine.named_in(actions.queries.cases.declaration_of(walk.case))
    assert not any(name.startswith("bookings.") for name in named)


def test_a_procedure_may_ask_for_a_room(clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    question = engine.Question(
        case_id=walk.case.pk,
        case_code=walk.case.code,
        region_code=walk.case.region_code,
        round_number=1,
        terms_on=NOW.date(),
        step="open_bids",
        outcome="",
        actor=CLERK,
        now=NOW,
        facts={},
    )
    for guard, purpose, reason in (
        (guards.opening_room, Purpose.OPENING, guards.NO_OPENING_ROOM),
        (guards.evaluation_room, Purpose.EVALUATION, guards.NO_EVALUATION_ROOM),
    ):
        with pytest.raises(Refusal) as refusal:
            guard(question)
        assert refusal.value.reason is reason

        book(walk, places[purpose], purpose)

        guard(question)


def test_bidders_see_where_bids_are_opened_and_nothing_of_the_evaluation(clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    for purpose, where in places.items():
        book(walk, where, purpose)
    address = f"/cases/{walk.case.pk}/?tab=rooms"

    inside, outside = (browser(who).get(address).content.decode() for who in (CLERK, BIDDER))
    expert = browser(EXPERT).get(address).content.decode()

    assert "第一开标室" in inside
    assert "第一评标室" in inside
    assert "第一开标室" in outside
    assert "第一评标室" not in outside
    assert "取消预约" not in outside
    assert "第一开标室" not in expert
    assert "第一评标室" not in expert


def test_a_clerk_books_and_gives_back_on_the_pages(clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    client, address = browser(CLERK), f"/cases/{walk.case.pk}/rooms/"
    page = client.get(address)
    asked = page.context["form"].data

    booked = client.post(address, {**asked, "room": str(places[Purpose.OPENING].pk)})
    again = client.post(address, {**asked, "room": str(places[Purpose.OPENING].pk)})

    assert booked.status_code == 302
    assert again.status_code == 422
    assert "已经预约了开标室" in again.content.decode()
    booking = Booking.objects.get()
    assert booking.starts_at == actions.queries.opening_at(walk.case) - timedelta(minutes=30)
    given = client.post(f"/venues/bookings/{booking.pk}/release/", {"note": ""})
    assert given.status_code == 302
    assert causes(walk) == {"opening": ReleaseCause.GIVEN_UP}


def test_another_lots_clerk_meets_hours_and_no_names(clock: SetClock) -> None:
    assert clock.at == NOW
    walk, places = at("close_bids"), rooms()
    booking = book(walk, places[Purpose.EVALUATION], Purpose.EVALUATION)
    join(STRANGER)
    client = browser(STRANGER)

    day = f"{booking.starts_at.astimezone(NOW.tzinfo):%Y-%m-%d}"
    for view in ("day", "week"):
        page = client.get(f"/venues/?day={day}&view={view}").content.decode()
        assert "已占用" in page
        assert walk.case.title not in page
        assert walk.case.code not in page
    assert client.get(f"/venues/bookings/{booking.pk}/release/").status_code == 404
    assert client.get("/venues/overview.csv").status_code == 403
    officer = browser(OFFICER).get(f"/venues/overview.csv?first={day}&last={day}")
    assert walk.case.code in officer.content.decode()


def test_another_lots_clerk_does_not_find_the_page(clock: SetClock) -> None:
    assert clock.at == NOW
    walk = begun()
    join(STRANGER)

    assert browser(STRANGER).get(f"/cases/{walk.case.pk}/rooms/").status_code == 404
