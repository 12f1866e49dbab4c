import html
import re
from datetime import timedelta

import pytest
from django.test import Client

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
