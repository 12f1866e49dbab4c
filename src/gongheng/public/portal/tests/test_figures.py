import csv
import html
import io
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client

from gongheng.data.imports import actions
from gongheng.data.imports.tests.support import line, write
from gongheng.data.standard import regions
from gongheng.public.portal.tests.conftest import NOW
from gongheng.public.search.tests.seeding import Case, index

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> None:
    for number in range(6):
        region = ("530111", "530102", "530100")[number % 3]
        case = Case(
            number + 1, region=region, at=NOW - timedelta(days=number), name=f"项目{number}"
        )
        case.announce()
    Case(20, at=NOW - timedelta(days=29), name="将要开标").announce()
    index()


def rows_behind(visitor: Client, address: str) -> int:
    text = visitor.get(html.unescape(address)).content.decode()
    found = re.search(r"共 ([\d,+]+) (?:条公告|个标段)", text)
    return int(found[1]) if found else text.count("<time datetime=") - 1


@pytest.mark.usefixtures("week")
def test_every_figure_of_the_home_page_is_the_number_of_its_rows(visitor: Client) -> None:
    text = visitor.get("/").content.decode()

    figures = re.findall(
        r'class="figure quiet" href="([^"]*)">.*?<strong>([\d,]+)</strong>', text, re.DOTALL
    )

    assert [number for _, number in figures] == ["1", "7", "7", "1"]
    for address, number in figures:
        assert rows_behind(visitor, address) == int(number)


@pytest.mark.usefixtures("week")
def test_every_figure_of_the_statistics_is_the_number_of_its_rows(visitor: Client) -> None:
    text = visitor.get("/statistics/").content.decode()

    figures = re.findall(r'<td class="number"><a href="([^"]*)">([\d,]+)</a>', text)

    assert len(figures) == 4  # one trade type, three divisions, the city's own among them
    for address, number in figures:
        assert rows_behind(visitor, address) == int(number)


@pytest.mark.usefixtures("week")
def test_an_opening_is_announced_until_it_begins(visitor: Client, clock: object) -> None:
    assert "将要开标" in visitor.get("/openings/").content.decode()

    clock.pass_by(days=1, seconds=1)  # type: ignore[attr-defined]

    assert "将要开标" not in visitor.get("/openings/").content.decode()


@pytest.mark.parametrize("days", ["30", "90", "365", "0", "x", "-1", "99999999999999999999"])
@pytest.mark.usefixtures("week")
def test_any_period_gives_a_page(visitor: Client, days: str) -> None:
    assert visitor.get("/statistics/", {"days": days}).status_code == 200


@pytest.mark.parametrize(
    ("region", "within", "name"),
    [
        ("530111", "530100", "官渡区"),
        ("530111", "530000", "昆明市官渡区"),
        ("530111", "000000", "云南省昆明市"),
        ("530100", "530100", "昆明市"),
        ("310101", "000000", "上海市黄浦区"),
        ("000000", "000000", "全国"),
    ],
)
def test_a_division_is_named_from_where_one_stands(region: str, within: str, name: str) -> None:
    assert regions.short_name(region, within=within) == name


def test_the_divisions_of_a_municipality_are_its_districts() -> None:
    assert "黄浦区" in {choice.name for choice in regions.within("310000")}
    assert len(regions.within("000000")) >= 31
    assert regions.within("530111") == ()


NO_FIGURES = [
    r"\d{4}-\d\d-\d\d 至 \d{4}-\d\d-\d\d 共发布公告",  # the period
    r"近 \d+ 日发布公告数",  # the title of the chart
    r"\d{4}-\d\d",  # the name of a month
    r"\d\d-\d\d",  # the name of a day without notices
    r"0",  # nothing has no rows
    r"条，其中有金额的 \d+ 条，成交额",  # a part of the deals that no list can be asked for
]
"""What stands on the page with digits and leads nowhere."""


class Unlinked(HTMLParser):
    """Gathers the texts with digits of a page's main part that stand in no link; no scales either."""

    def __init__(self) -> None:
        super().__init__()
        self.within: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag in {"main", "a", "svg"}:
            self.within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"main", "a", "svg"}:
            self.within.remove(tag)

    def handle_data(self, data: str) -> None:
        if self.within == ["main"] and re.search(r"\d", data):
            self.found.append(" ".join(data.split()))


def unlinked(text: str) -> set[str]:
    """Return the figures of a page that lead nowhere and are not excepted by hand."""
    reader = Unlinked()
    reader.feed(text)
    return {words for words in reader.found if not any(re.fullmatch(p, words) for p in NO_FIGURES)}


@pytest.mark.usefixtures("week")
def test_every_number_of_the_statistics_stands_in_a_link_or_is_excepted(visitor: Client) -> None:
    case = Case(30, at=NOW, name="水库")
    case.announce()
    case.took_part(1)
    case.award("900000.00")
    index()

    text = visitor.get("/statistics/").content.decode()

    assert "成交情况" in text
    assert "参与情况" in text
    assert unlinked(text) == set()
    whole = re.search(r'共发布公告 <a href="([^"]*)">(\d+)</a> 条', text)
    assert whole
    assert rows_behind(visitor, whole[1]) == int(whole[2])
    parts = re.findall(r'<a class="quiet" href="(/notices/[^"]*trade=[^"]*)">(\d+)</a>', text)
    assert len(parts) >= 6
    for address, number in parts:
        assert rows_behind(visitor, address) == int(number)


@pytest.mark.usefixtures("week")
def test_a_region_that_no_list_can_be_asked_for_leads_nowhere(
    visitor: Client, tmp_path: Path
) -> None:
    local = line(1, region_code="530171", published_at="2026-10-12T08:00")
    list(actions.import_notices(write(tmp_path / "a.jsonl", [local]), stays_here=True, now=NOW))
    index()

    pages = [
        visitor.get(f"/statistics/{name}").content.decode()
        for name in ("", "deals.csv", "notices.csv")
    ]

    assert all("昆明市（代码 530171）" in page for page in pages)
    assert not any("region=530171" in page for page in pages)
    rows = csv.DictReader(io.StringIO(pages[1].removeprefix("\ufeff")))
    assert {row["名称"]: row["明细地址"] for row in rows}["昆明市（代码 530171）"] == ""


@pytest.mark.usefixtures("week")
def test_the_notices_of_a_period_are_had_as_a_table(visitor: Client) -> None:
    text = visitor.get("/statistics/notices.csv", {"days": "30"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))

    groups = {
        group: [row for row in rows if row["分组"] == group]
        for group in ("合计", "日期", "交易类别", "地区")
    }
    assert [len(each) for each in groups.values()] == [1, 30, 1, 3]
    assert {sum(int(row["公告数"]) for row in each) for each in groups.values()} == {7}
    for row in rows:
        if row["公告数"] != "0":
            address = row["明细地址"]
            assert rows_behind(visitor, address[address.index("/notices/") :]) == int(row["公告数"])
