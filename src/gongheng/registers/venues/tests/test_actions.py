import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from gongheng.data.records.models import Act
from gongheng.kernel.reasons import Refusal
from gongheng.registers.messages.models import Delivery, Message
from gongheng.registers.venues import actions, calendar, queries, reasons
from gongheng.registers.venues.kinds import Purpose, ReleaseCause, RoomKind
from gongheng.registers.venues.models import Booking, Slot
from gongheng.registers.venues.tests.support import (
    AGENCY,
    HOUR,
    LOT,
    NINE,
    NOW,
    OTHER,
    TENDERER,
    book,
    clerk,
    lot,
    officer,
    room,
    someone,
)
from gongheng.web import spreadsheets

HALF = timedelta(minutes=30)
pytestmark = pytest.mark.django_db


def test_a_room_is_booked_once_and_neighbouring_hours_are_free() -> None:
    where, who = room(officer()), clerk()
    book(where, who)

    book(where, who, lot=lot("E2"), starts_at=NINE - HOUR, ends_at=NINE)
    book(where, who, lot=lot("E3"), starts_at=NINE + 2 * HOUR, ends_at=NINE + 3 * HOUR)

    for hours in ((NINE - HALF, NINE + HALF), (NINE + HALF, NINE + HOUR), (NINE, NINE + 2 * HOUR)):
        with pytest.raises(Refusal) as refusal:
            book(where, who, lot=lot("E4"), starts_at=hours[0], ends_at=hours[1])
        assert refusal.value.reason is reasons.TAKEN


def test_a_refusal_says_nothing_of_who_has_the_room() -> None:
    where, who = room(officer()), clerk()
    book(where, who)

    with pytest.raises(Refusal) as refusal:
        book(where, who, lot=lot("E4"))

    assert refusal.value.facts == {"room": "第一开标室"}
    assert "龙泉路" not in str(refusal.value)
    assert LOT not in str(refusal.value)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_one_half_hour_at_once_one_has_it() -> None:
    where, who, ready = room(officer()), clerk(), threading.Barrier(8)
    ends: list[str] = []

    def want(number: int) -> None:
        starts_at = NINE + (number % 3 - 1) * HALF  # none the same hours, all overlapping
        ready.wait(timeout=20)
        try:
            book(where, who, lot=lot(f"E{number}"), starts_at=starts_at, ends_at=NINE + 2 * HOUR)
            ends.append("booked")
        except Refusal as refusal:
            ends.append(refusal.reason.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=want, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(ends) == ["booked", *["venues.taken"] * 7]
    assert Booking.objects.count() == 1


def test_the_database_itself_keeps_two_from_one_half_hour() -> None:
    where, who = room(officer()), clerk()
    booking = book(where, who)

    with pytest.raises(IntegrityError, match="venues_half_hour_once"), transaction.atomic():
        Slot.objects.create(
            region_code=where.region_code, room=where, booking=booking, starts_at=NINE
        )


def test_a_room_serves_its_purpose_and_a_lot_has_one_opening_room() -> None:
    keeper, who = officer(), clerk()
    hall = room(keeper, name="竞价厅", kind=RoomKind.AUCTION_HALL)
    desk = room(keeper, name="工位1", kind=RoomKind.REMOTE_DESK, is_remote=True)
    first, second = room(keeper), room(keeper, name="第二开标室")
    book(first, who)

    with pytest.raises(Refusal) as unsuitable:
        book(hall, who)
    with pytest.raises(Refusal) as another:
        book(second, who)
    evaluation = book(desk, who, purpose=Purpose.EVALUATION)

    assert unsuitable.value.reason is reasons.UNSUITABLE
    assert another.value.reason is reasons.HAS_ONE
    assert evaluation.stands


def test_what_is_given_back_is_free_at_once_and_its_people_are_told() -> None:
    where, who = room(officer()), clerk()
    booking = book(where, who)

    actions.give_up(booking_id=booking.pk, note="", actor=who, now=NOW)

    booking.refresh_from_db()
    assert booking.release_cause == ReleaseCause.GIVEN_UP
    assert book(where, who).stands
    message = Message.objects.get()
    assert "第一开标室，2026-11-09 09:00 至 11:00" in message.body
    told = Delivery.objects.filter(message=message).values_list("organisation_code", flat=True)
    assert set(told) == {TENDERER, AGENCY, settings.NODE.platform_code}
    with pytest.raises(Refusal) as refusal:
        actions.give_up(booking_id=booking.pk, note="", actor=who, now=NOW)
    assert refusal.value.reason is reasons.RELEASED


def test_others_cannot_give_a_room_back_and_the_centre_says_why() -> None:
    keeper, who = officer(), clerk()
    booking = book(room(keeper), who)
    stranger = someone("stranger", "clerk", organisation=OTHER)
    elsewhere = someone("elsewhere", "officer", region="530300")
    expert = someone("expert", "expert", organisation=TENDERER)

    for other in (stranger, elsewhere, expert):
        with pytest.raises(Refusal) as refusal:
            actions.give_up(booking_id=booking.pk, note="要用", actor=other, now=NOW)
        assert refusal.value.reason is reasons.NOT_YOURS
    with pytest.raises(Refusal) as wordless:
        actions.give_up(booking_id=booking.pk, note=" ", actor=keeper, now=NOW)
    assert wordless.value.reason is reasons.NO_WORDS

    actions.give_up(booking_id=booking.pk, note="临时停电", actor=keeper, now=NOW)

    assert "因交易中心调整（临时停电）已释放" in Message.objects.get().body


def test_a_closed_room_takes_nobody_and_lets_its_bookings_go() -> None:
    keeper, who = officer(), clerk()
    where = room(keeper)
    booking = book(where, who)

    released = actions.close_room(room_id=where.pk, because="漏水", actor=keeper, now=NOW)

    assert [one.pk for one in released] == [booking.pk]
    with pytest.raises(Refusal) as refusal:
        book(where, who)
    assert refusal.value.reason is reasons.CLOSED
    actions.reopen_room(room_id=where.pk, actor=keeper, now=NOW)
    assert book(where, who).stands


def test_a_room_is_kept_by_the_centre_of_its_region() -> None:
    where = room(officer())
    elsewhere = someone("elsewhere", "officer", region="530300")

    for deed in (
        lambda: actions.close_room(room_id=where.pk, because="x", actor=elsewhere, now=NOW),
        lambda: actions.reopen_room(room_id=where.pk, actor=elsewhere, now=NOW),
        lambda: actions.occupy(
            room_id=where.pk,
            purpose=Purpose.OTHER,
            title="检修",
            starts_at=NINE,
            ends_at=NINE + HOUR,
            actor=elsewhere,
            now=NOW,
        ),
    ):
        with pytest.raises(Refusal) as refusal:
            deed()
        assert refusal.value.reason is reasons.NOT_YOURS
    with pytest.raises(Refusal) as same:
        room(someone("deputy", "officer"))
    assert same.value.reason is reasons.SAME_NAME


def test_the_centre_takes_a_room_for_itself_and_tells_no_case() -> None:
    keeper = officer()
    where = room(keeper)
    hours = {"starts_at": NINE, "ends_at": NINE + HOUR}

    booking = actions.occupy(
        room_id=where.pk, purpose=Purpose.OTHER, title="空调检修", actor=keeper, now=NOW, **hours
    )

    assert not booking.case_code
    assert not Act.objects.exists()
    with pytest.raises(Refusal):
        book(where, clerk())


def test_supervision_hears_of_rooms_and_of_nothing_else() -> None:
    where, who = room(officer()), clerk()
    booking = book(where, who)

    actions.release_of_case(code=LOT, cause=ReleaseCause.SUSPENDED, actor=who, now=NOW)

    acts = list(Act.objects.order_by("id"))
    assert [act.kind for act in acts] == ["venue.booked", "venue.released"]
    assert {act.audience for act in acts} == {"supervision"}
    assert set(acts[0].facts) == {"booking", "room", "purpose", "starts_at", "ends_at", "cause"}
    booking.refresh_from_db()
    assert not booking.stands


def test_what_has_begun_is_not_taken_away_by_a_change() -> None:
    where, who = room(officer()), clerk()
    booking = book(where, who)

    released = actions.release_of_case(code=LOT, cause=ReleaseCause.FAILED, actor=who, now=NINE)

    assert released == []
    booking.refresh_from_db()
    assert booking.stands


@pytest.mark.parametrize(
    ("role", "organisation", "region", "words"),
    [
        ("officer", OTHER, "530100", "评标"),
        ("supervisor", OTHER, "530100", "评标"),
        ("clerk", TENDERER, "530100", "评标"),
        ("clerk", AGENCY, "530100", "评标"),
        ("clerk", OTHER, "530100", "已占用"),
        ("officer", OTHER, "530300", "已占用"),
        ("expert", TENDERER, "530100", "已占用"),
        ("bidder", OTHER, "530100", "已占用"),
    ],
)
def test_whose_booking_it_is_is_for_its_people_and_the_centre(
    role: str, organisation: str, region: str, words: str
) -> None:
    keeper, who = officer(), clerk()
    where = room(keeper, kind=RoomKind.EVALUATION)
    book(where, who, purpose=Purpose.EVALUATION)
    looker = someone("looker", role, organisation=organisation, region=region)

    [line] = calendar.lines([where], [NINE.date()], actor=looker, now=NOW)

    [taken] = line.days[0].taken
    assert (taken.words, taken.hours) == (words, "09:00–11:00")
    assert bool(taken.subject) is (words == "评标")
    widths = [(stretch.width, bool(stretch.taken)) for stretch in line.stretches]
    assert widths == [(2, False), (4, True), (14, False)]


def test_a_taken_room_comes_with_its_next_free_hours() -> None:
    keeper, who = officer(), clerk()
    first, second = room(keeper), room(keeper, name="第二开标室")
    book(first, who)

    found = queries.offers(Purpose.OPENING, hours=(NINE, NINE + HOUR), now=NOW)

    assert [(one.room, one.is_free) for one in found] == [(second, True), (first, False)]
    assert found[1].next_hours[0] == (NINE + 2 * HOUR, NINE + 3 * HOUR)


def test_rows_for_spreadsheets_hold_no_formulas(settings: Any) -> None:
    assert settings.NODE
    who = clerk()
    booking = book(room(officer()), who, lot=lot(title="=HYPERLINK(1)"))

    text = spreadsheets.answer("venues", calendar.as_rows([booking])).content.decode()

    assert "'=HYPERLINK(1)" in text
    assert "2026-11-09 09:00,2026-11-09 11:00" in text
    assert text.endswith("有效,,\r\n")
