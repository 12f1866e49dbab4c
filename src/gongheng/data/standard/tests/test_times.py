from datetime import UTC, datetime

from hypothesis import example, given, strategies as st

from gongheng.data.standard.times import instant_of, moment_of, wire_time
from gongheng.kernel.clock import BEIJING


def calendar_says(text: str) -> bool:
    """Judge a time by the calendar of the standard library."""
    if not (text.isascii() and text.isdigit()):
        return False
    try:
        datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return int(text[12:14]) < 60


near_times = st.builds(
    "{:04d}{:02d}{:02d}{:02d}{:02d}{:02d}".format,
    st.integers(0, 9999),
    st.integers(0, 13),
    st.integers(0, 32),
    st.integers(0, 24),
    st.integers(0, 60),
    st.integers(0, 60),
)


@given(near_times)
@example("21000229000000")
@example("24000229000000")
@example("00000229000000")
@example("00040229000000")
def test_a_time_is_one_of_the_calendar(text: str) -> None:
    assert (moment_of(text) is not None) is calendar_says(text)


# From 1992 on Beijing keeps one time all the year.
@given(st.integers(int(datetime(1992, 1, 1, tzinfo=UTC).timestamp()), 200_000_000_000))
def test_an_instant_survives_the_wire(seconds: int) -> None:
    instant = datetime.fromtimestamp(seconds, UTC)

    assert instant_of(wire_time(instant)) == instant


def test_times_on_the_wire_are_beijings() -> None:
    assert instant_of("20261012090000") == datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
    assert instant_of("20261012") == datetime(2026, 10, 12, tzinfo=BEIJING)
    assert instant_of("") is None
    assert wire_time(datetime(2026, 10, 12, 1, 0, tzinfo=UTC)) == "20261012090000"
