"""Ranges: what a city issues from, and what its keeper gives."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from gongheng.data.exchange import protocol, stations
from gongheng.data.exchange.stations import Peer
from gongheng.kernel.clock import machine_now
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.registers.codes import actions, ranges, rules
from gongheng.registers.codes.models import Counter, Range
from gongheng.trust.crypto.sm2 import PrivateKey

CITY = "530100"
SERIES = "E5301000001"
KEY = PrivateKey.generate()
DAY = date(2026, 10, 12)
EVER = {"starts_on": date.min.isoformat(), "ends_on": date.max.isoformat()}


@pytest.fixture
def province(settings: Any) -> Peer:
    """Let the province keep the code service, with a key that the test holds."""
    parent = settings.NODE.peers[0]
    peer = replace(parent, public_key=KEY.public.to_hex(), keeps_registers=True)
    settings.NODE = replace(settings.NODE, peers=(peer,))
    at = stations.keeper()
    assert at is not None
    return at


def _given(first: int, last: int, *, signer: PrivateKey = KEY, **changes: Any) -> str:
    payload = {
        "keeper": "530000",
        "holder": CITY,
        "series": SERIES,
        "request": str(uuid7()),
        "first": first,
        "last": last,
        "granted_at": machine_now().isoformat(),
    }
    return protocol.Signed.of(ranges.LABEL, payload | EVER | changes, signer).as_text()


def _issue() -> int:
    return int(actions.issue_project_code(region_code=CITY)[len(SERIES) :])


@pytest.mark.django_db
@pytest.mark.usefixtures("province")
def test_a_city_counts_on_by_itself_until_it_joined_the_service() -> None:
    assert [_issue(), _issue()] == [1, 2]


@pytest.mark.django_db
def test_a_city_issues_from_its_ranges_and_stops_at_their_end(province: Peer) -> None:
    assert _issue() == 1
    ranges.take(_given(2, 3), keeper=province)
    ranges.take(_given(11, 12), keeper=province)

    assert [_issue() for _ in range(4)] == [2, 3, 11, 12]
    with pytest.raises(Refusal) as refusal:
        _issue()
    assert refusal.value.reason is rules.RANGE_EXHAUSTED
    ranges.take(_given(13, 20), keeper=province)
    assert _issue() == 13


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"last": 900}, {"first": 1}, {"statement": "e30=.e30="}])
def test_a_range_that_was_changed_issues_nothing(province: Peer, changes: dict[str, Any]) -> None:
    ranges.take(_given(2, 3), keeper=province)
    Range.objects.update(**changes)

    with pytest.raises(Refusal) as refusal:
        _issue()

    assert refusal.value.reason is rules.FORGED_RANGE


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"holder": "530300"}, {"keeper": "000000"}])
def test_a_range_of_another_is_not_taken(province: Peer, changes: dict[str, Any]) -> None:
    for statement in (_given(1, 2, **changes), _given(1, 2, signer=PrivateKey.generate())):
        with pytest.raises(Refusal) as refusal:
            ranges.take(statement, keeper=province)
        assert refusal.value.reason is rules.FORGED_RANGE


@pytest.mark.django_db
def test_daily_numbers_are_taken_on_their_days_only(province: Peer, settings: Any) -> None:
    series = f"A01-{settings.NODE.platform_code}"
    days = {"starts_on": DAY.isoformat(), "ends_on": DAY.isoformat()}
    ranges.take(_given(1, 500, series=series, **days), keeper=province)
    facts = {"category": "A01", "region_code": CITY, "platform_code": settings.NODE.platform_code}

    assert actions.issue_transaction_code(**facts, day=DAY).split("-")[3] == "000001"
    with pytest.raises(Refusal) as refusal:
        actions.issue_transaction_code(**facts, day=DAY + timedelta(days=1))
    assert refusal.value.reason is rules.RANGE_EXHAUSTED


@pytest.mark.django_db
def test_a_city_asks_for_every_series_once_and_again_when_it_is_low(province: Peer) -> None:
    first = list(ranges.wants(today=DAY, keeper=province))
    assert SERIES in {want["series"] for want in first}
    ranges.take(_given(1, 500), keeper=province)
    assert SERIES not in {want["series"] for want in ranges.wants(today=DAY, keeper=province)}

    Counter.objects.create(region_code=CITY, series=SERIES, issued_on=date.min, last=450)

    assert SERIES in {want["series"] for want in ranges.wants(today=DAY, keeper=province)}


def _want(**changes: Any) -> dict[str, Any]:
    return {"series": SERIES, "request": str(uuid7()), "used": 0} | EVER | changes


def _span(statement: str) -> tuple[object, object]:
    payload = protocol.Signed.from_text(statement).unverified()
    return payload["first"], payload["last"]


@pytest.mark.django_db
def test_the_keeper_gives_numbers_once_and_the_same_for_the_same_request(province: Peer) -> None:
    want = _want(used=7)
    now = machine_now()

    first = ranges.grant(province, want, now=now)

    assert _span(first) == (8, 507)
    assert ranges.grant(province, want, now=now) == first
    assert _span(ranges.grant(province, _want(), now=now)) == (508, 1007)


@pytest.mark.django_db
def test_a_series_belongs_to_one_city(province: Peer) -> None:
    ranges.grant(province, _want(), now=machine_now())
    other = replace(province, code="530300")  # type: ignore[type-var]  a peer of node.toml

    with pytest.raises(Refusal) as refusal:
        ranges.grant(other, _want(), now=machine_now())

    assert refusal.value.reason is rules.BAD_SERIES


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"series": "range"},
        {"series": ""},
        {"request": "7"},
        {"used": "x"},
        {"used": -1},
        {"starts_on": "tomorrow"},
        {"starts_on": "2026-10-13", "ends_on": "2026-10-12"},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(province: Peer, changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refusal:
        ranges.grant(province, _want(**changes), now=machine_now())

    assert refusal.value.reason is rules.BAD_SERIES


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 2000))))
def test_no_number_of_a_day_is_given_twice(asked: list[tuple[int, int, int]]) -> None:
    given: list[rules.Span] = []
    for begins, length, used in asked:
        starts_on = DAY + timedelta(days=begins)
        given.append(
            rules.granted(
                spans=given,
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=length),
                used=used,
                largest=999_999,
            )
        )

    for place, one in enumerate(given):
        for other in given[place + 1 :]:
            apart = one.last < other.first or other.last < one.first
            assert apart or not one.overlaps(other.starts_on, other.ends_on)
