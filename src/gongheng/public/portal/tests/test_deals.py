import csv
import html
import io
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from gongheng.data.records.models import Version
from gongheng.public.portal import deals as shown
from gongheng.public.portal.tests.conftest import NOW
from gongheng.public.search import deals
from gongheng.public.search.queries import Total
from gongheng.public.search.tests.seeding import Case, index

pytestmark = pytest.mark.django_db


@pytest.fixture
def estimate() -> Decimal:
    """Publish three deals, one of them in another currency, and return the estimate of a lot."""
    for number, (region, amount, more) in enumerate(
        [
            ("530111", "900000.00", {}),
            ("530102", "80.5", {"PRICE_UNIT": "1"}),
            ("530102", "70000", {"BID_CURRENCY": "840"}),
        ],
        1,
    ):
        at = NOW - timedelta(days=number)
        Case(number, region=region, at=at, name=f"第{number}座水库").award(amount, **more)
    index()
    lot = Version.objects.filter(dataset="SECTION").first()
    assert lot is not None
    return deals._yuan(lot.body, deals._ESTIMATE) or Decimal(0)


def test_a_deal_is_counted_with_its_price_and_saving(visitor: Client, estimate: Decimal) -> None:
    text = visitor.get("/statistics/").content.decode()

    assert re.search(r"成交公告 <a [^>]*>3</a> 条，其中有金额的 2 条", text)
    assert re.search(r"成交额 <a [^>]*>170.50</a> 万元", text)
    saving = (1 - Decimal(1705000) / (2 * estimate)) * 100
    assert re.search(rf"节约率 <a [^>]*>{saving:.2f}%</a>", text)


@pytest.mark.usefixtures("estimate")
def test_every_number_of_deals_is_the_number_of_its_rows(visitor: Client) -> None:
    rows = list(
        csv.DictReader(
            io.StringIO(visitor.get("/statistics/deals.csv").content.decode("utf-8-sig"))
        )
    )

    assert {(row["分组"], row["成交公告数"]) for row in rows} == {
        ("合计", "3"), ("交易类别", "3"), ("地区", "2"), ("地区", "1"), ("月份", "3"),
    }  # fmt: skip
    for row in rows:
        text = visitor.get(
            html.unescape(row["明细地址"]).partition("testserver")[2] or row["明细地址"]
        ).content.decode()
        assert f"共 {row['成交公告数']} 条公告" in text


@pytest.mark.usefixtures("estimate")
def test_a_period_without_deals_shows_none(visitor: Client, clock: object) -> None:
    clock.pass_by(days=400)  # type: ignore[attr-defined]

    assert "成交情况" not in visitor.get("/statistics/").content.decode()
    assert visitor.get("/statistics/deals.csv").content.decode("utf-8-sig").count("\n") == 1


def test_what_was_not_saved_is_a_number_too() -> None:
    paid = Decimal("112.50")
    line = shown.DealLine(
        "合计", "合计", Total("", "", 1, 1, paid, reckoned=Decimal(100), paid=paid), ""
    )

    assert shown._row(line)[-2] == Decimal("-12.50")
