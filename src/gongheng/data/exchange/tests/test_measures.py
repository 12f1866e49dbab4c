"""What the nation measures of a line, and what its page says of it (KM-01 ... KM-04)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from gongheng.data.exchange import measures
from gongheng.data.exchange.measures import LONGEST, Measure
from gongheng.data.exchange.models import Delivery, Progress
from gongheng.data.exchange.tests.test_sending import PARENT, published
from gongheng.data.records.models import Version
from gongheng.kernel.clock import machine_now
from gongheng.kernel.terms.exchange import KM_01
from gongheng.trust.identity import actions as identity
from gongheng.trust.identity.kinds import Role
from gongheng.web.clock import legal_now
from tests.browser import CHROMIUM, session_of, visitor

pytestmark = pytest.mark.django_db

NOW = machine_now()
AN_HOUR_AGO = NOW - timedelta(hours=1)
QUICK = timedelta(seconds=2)


@pytest.fixture(autouse=True)
def _child(settings: Any) -> None:
    settings.NODE = replace(django_settings.NODE, peers=(PARENT,))


@pytest.fixture
def versions() -> Iterator[Version]:
    for number in range(1, 40):
        published(number)
    return iter(Version.objects.order_by("id"))


def deliver(versions: Iterator[Version], **facts: Any) -> None:
    usual = {
        "progress": Progress.ACCEPTED,
        "queued_at": AN_HOUR_AGO,
        "delivered_at": AN_HOUR_AGO + QUICK,
    }
    Delivery.objects.create(peer=PARENT.code, version=next(versions), position=0, **(usual | facts))


def shares() -> list[tuple[int, int]]:
    return [(one.kept, one.all) for one in measures.of_sent(PARENT.code, now=NOW)]


def test_shares_are_counted_of_what_was_judged_and_was_due(versions: Iterator[Version]) -> None:
    assert shares() == [(0, 0)] * 3

    for _ in range(4):
        deliver(versions)
    deliver(versions, progress=Progress.REPAIRED)
    deliver(versions, progress=Progress.REFUSED)
    deliver(versions, progress=Progress.WAITING)
    deliver(versions, progress=Progress.QUEUED, queued_at=NOW, delivered_at=None)
    deliver(versions, queued_at=NOW - timedelta(days=31), delivered_at=NOW)

    assert shares() == [(4, 6), (7, 7), (1, 2)]


@pytest.mark.parametrize(
    ("took", "is_in_time"),
    [(LONGEST - timedelta(microseconds=1), True), (LONGEST, False)],
)
def test_ten_minutes_exactly_are_late(
    versions: Iterator[Version], took: timedelta, *, is_in_time: bool
) -> None:
    deliver(versions, delivered_at=AN_HOUR_AGO + took)

    assert shares()[1] == (int(is_in_time), 1)


def test_what_had_to_stay_secret_is_ready_after_it(versions: Iterator[Version]) -> None:
    deliver(versions, not_before=NOW - QUICK, delivered_at=NOW)
    deliver(versions, progress=Progress.QUEUED, not_before=NOW, delivered_at=None)

    assert shares()[1] == (1, 1)
    assert measures.late(PARENT.code, now=NOW) == 0
    assert measures.late(PARENT.code, now=NOW + LONGEST) == 1


@pytest.mark.parametrize(
    ("kept", "everything", "is_met", "shown"),
    [
        (0, 0, True, "尚无数据"),
        (95, 100, True, "95.00%"),
        (949_999, 1_000_000, False, "94.99%"),
        (199, 200, True, "99.50%"),
    ],
)
def test_the_least_share_itself_suffices_and_none_is_shown_rounded_up(
    kept: int, everything: int, shown: str, *, is_met: bool
) -> None:
    measure = Measure(KM_01, kept, everything)

    assert (measure.is_met, measure.shown) == (is_met, shown)


def test_what_came_from_below_is_measured_too() -> None:
    [measure] = measures.of_received({"accepted": 94, "waiting": 7, "refused": 6})

    assert (measure.kept, measure.all, measure.is_met) == (94, 100, False)


def operator_at(client: Client) -> Client:
    operator = identity.create_account(
        username="operator",
        password="demo-password",
        display_name="运维",
        organisation_code="12530100MB1X000028",
        organisation_name="昆明市公共资源交易中心",
        region_code="530100",
        roles=(Role.OPERATOR,),
        now=legal_now(),
        is_demo=True,
    )
    client.force_login(operator)
    return client


def test_the_page_says_what_is_too_little_and_what_is_late(
    client: Client, versions: Iterator[Version]
) -> None:
    operator = operator_at(client)
    deliver(versions)
    assert "未达标" not in operator.get("/exchange/").content.decode()

    deliver(versions, progress=Progress.REFUSED)
    deliver(versions, progress=Progress.QUEUED, delivered_at=None)
    page = operator.get("/exchange/").content.decode()

    assert "50.00%（1/2）" in page
    assert page.count("未达标") == 3
    assert "1 条记录已可报送满 10 分钟仍未送达" in page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium")
def test_the_page_is_without_fault(
    client: Client, versions: Iterator[Version], live_server: Any, settings: Any
) -> None:
    below = replace(PARENT, code="530300", name="曲靖市公共资源交易平台", direction="child")
    settings.NODE = replace(settings.NODE, peers=(PARENT, below))
    deliver(versions, progress=Progress.REFUSED)
    deliver(versions, progress=Progress.QUEUED, delivered_at=None)

    with visitor(session_of(operator_at(client), live_server.url)) as look:
        look.at(f"{live_server.url}/exchange/", name="exchange-measures")
