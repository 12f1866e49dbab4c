from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from gongheng.web.paging import CappedCount, Place, place_of

NOON = datetime(2026, 10, 12, 4, 0, tzinfo=UTC)


@given(
    at=st.datetimes(timezones=st.just(UTC)),
    identity=st.uuids(),
    is_back=st.booleans(),
)
def test_a_cursor_leads_back_to_its_place(at: datetime, identity: UUID, is_back: bool) -> None:  # noqa: FBT001
    place = Place(at, identity, is_back=is_back)

    assert place_of(place.encoded()) == place


@given(st.text(max_size=80))
def test_no_text_can_break_the_reading_of_a_cursor(text: str) -> None:
    found = place_of(text)

    assert found is None or place_of(found.encoded()) == found


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "%00",
        "一二三",
        "AAAA",
        "A" * 33,
        "A" * 35,
        "n" + "_" * 33,
        Place(NOON, UUID(int=1)).encoded()[:-2],
    ],
)
def test_a_damaged_cursor_names_no_place(wrong: str) -> None:
    assert place_of(wrong) is None


def test_a_capped_count_says_that_there_are_more() -> None:
    assert str(CappedCount(1000, 1000)) == "1,000"
    assert str(CappedCount(1001, 1000)) == "1,000+"


def test_microseconds_survive_a_cursor() -> None:
    at = NOON + timedelta(microseconds=1)

    assert place_of(Place(at, UUID(int=7)).encoded()) == Place(at, UUID(int=7))
