import csv
import html
import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from gongheng.kernel.codes.identity import EXAMPLE
from gongheng.public.portal.tests.conftest import NOW
from gongheng.public.search.tests.seeding import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def lists() -> None:
    """Publish three lots with five, three and two bidders in two divisions."""
    for number, (region, size) in enumerate([("530111", 5), ("530102", 3), ("530102", 2)], 1):
        at = NOW - timedelta(days=number)
        case = Case(number, region=region, at=at, name=f"第{number}座水库")
        case.announce()
        for bidder in range(size):
            case.took_part(bidder)


@pytest.mark.usefixtures("lists")
def test_the_page_tells_how_many_bid_for_a_lot(visitor: Client) -> None:
    text = visitor.get("/statistics/").content.decode()

    assert re.search(r"公布投标人名单的标段 <a [^>]*>3</a> 个", text)
    assert re.search(r"平均每个标段 <a [^>]*>3.33</a> 家", text)


@pytest.mark.usefixtures("lists")
def test_every_figure_is_the_number_of_its_bidders_here_and_in_the_interface(
    visitor: Client,
) -> None:
    text = visitor.get("/statistics/participation.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    assert [(row["分组"], row["标段数"], row["投标人数"]) for row in rows] == [
        ("合计", "3", "10"), ("交易类别", "3", "10"), ("地区", "2", "5"), ("地区", "1", "5"), ("月份", "3", "10"),
    ]  # fmt: skip
    assert rows[2]["平均每个标段的投标人数"] == "2.50"
    for row in rows:
        address = html.unescape(row["明细地址"])
        page = visitor.get(address[address.index("/statistics/") :]).content.decode()
        assert f"共 {row['投标人数']} 个投标人" in page
        assert EXAMPLE not in page
    first, last = NOW.date() - timedelta(days=29), NOW.date()
    answer = visitor.get(f"/api/v1/statistics/participation?from={first}&to={last}")
    items = json.loads(answer.content)["items"]
    assert [(row["lots"], row["bidders"], row["mean"]) for row in items] == [
        (int(row["标段数"]), int(row["投标人数"]), row["平均每个标段的投标人数"]) for row in rows
    ]


def test_nothing_is_said_where_no_list_was_published(visitor: Client) -> None:
    assert "参与情况" not in visitor.get("/statistics/").content.decode()
    assert json.loads(visitor.get("/api/v1/statistics/participation").content) == {"items": []}
