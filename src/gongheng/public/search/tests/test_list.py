import itertools
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from gongheng.public.search.places import Place
from gongheng.public.search.results import PAGE_SIZE
from gongheng.public.search.tests.conftest import NOW
from gongheng.public.search.tests.seeding import Case, index

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FORGED = Place(is_in_title=True, at=datetime.max.replace(tzinfo=UTC), id=UUID(int=1)).encoded()


def titles(text: str) -> list[str]:
    found = re.findall(r'<span class="title"><a [^>]*><bdi>(.*?)</bdi>', text)
    return [re.sub("</?mark>", "", title) for title in found]


def shown(visitor: Client, **query: str) -> list[str]:
    return titles(visitor.get("/notices/", query).content.decode())


@pytest.fixture
def three() -> None:
    for number, (region, name) in enumerate(
        [("530111", "官渡区第三中学"), ("530102", "五华区老旧小区"), ("530111", "官渡区市政道路")],
        1,
    ):
        Case(number, region=region, at=NOW - timedelta(days=number), name=name).announce()
    index()


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["官渡区第三中学", "五华区老旧小区", "官渡区市政道路"]),
        ({"q": "官渡 道路"}, ["官渡区市政道路"]),
        ({"region": "530111"}, ["官渡区第三中学", "官渡区市政道路"]),
        ({"region": "530100"}, ["官渡区第三中学", "五华区老旧小区", "官渡区市政道路"]),
        ({"region": "530000"}, ["官渡区第三中学", "五华区老旧小区", "官渡区市政道路"]),
        ({"region": "530100", "alone": "1"}, []),
        ({"from": "2026-10-10", "to": "2026-10-10"}, ["五华区老旧小区"]),
        (
            {"trade": "works", "kind": "招标公告"},
            ["官渡区第三中学", "五华区老旧小区", "官渡区市政道路"],
        ),
        ({"trade": "land"}, []),
        ({"kind": "中标结果公告"}, []),
    ],
)
def test_a_list_holds_what_meets_every_condition(
    visitor: Client, query: dict[str, str], expected: list[str]
) -> None:
    assert shown(visitor, **query) == [f"{name}招标公告" for name in expected]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"region": "999999"}, "没有这个行政区划代码"),
        ({"region": "'; DROP"}, "没有这个行政区划代码"),
        ({"trade": "casino"}, "没有这个交易类别"),
        ({"from": "yesterday"}, "开始日期应写成"),
        ({"to": "9999-12-31"}, "结束日期应写成"),
        ({"to": "2026-13-01"}, "结束日期应写成"),
        ({"from": "2026-10-12", "to": "2026-10-01"}, "开始日期晚于结束日期"),
        ({"page": "AAAA"}, "翻页位置已失效"),
        ({"page": "一二三"}, "翻页位置已失效"),
        ({"page": FORGED}, "翻页位置已失效"),
        ({"q": "公告" * 160}, "只用了前 300 个字"),
        ({"q": "。、%"}, "没有文字、字母或数字"),
    ],
)
def test_a_wrong_condition_is_said_and_left_out(
    visitor: Client, query: dict[str, str], sentence: str
) -> None:
    answer = visitor.get("/notices/", query)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    "words", ["\x00", "%", "_", "\\", "' OR 1=1 --", "\u202e", "<script>", "ＡＢＣ"]
)
@pytest.mark.usefixtures("three")
def test_no_word_breaks_the_search(visitor: Client, words: str) -> None:
    answer = visitor.get("/notices/", {"q": words})

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


@pytest.mark.usefixtures("three")
def test_a_condition_is_taken_away_by_its_chip(visitor: Client) -> None:
    text = visitor.get("/notices/", {"q": "官渡", "trade": "works"}).content.decode()

    assert 'href="?trade=works"' in text
    assert "查询词：官渡" in text


def test_pages_lead_on_and_back_without_loss(visitor: Client) -> None:
    number = 2 * PAGE_SIZE + 1
    case = Case(1, at=NOW, name="同一时刻")
    for each in range(number):
        case.announce(f"公告{each:03d}")  # all at one instant: only the identity tells them apart
    index()
    pages, address = [], "/notices/"
    while address:
        text = visitor.get(address).content.decode()
        pages.append(titles(text))
        found = re.search(r'rel="next" href="([^"]*)"', text)
        address = f"/notices/{found[1]}" if found else ""

    assert [len(page) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 1]
    assert sorted(itertools.chain(*pages)) == [f"公告{each:03d}" for each in range(number)]
    back = re.findall(r'rel="prev" href="([^"]*)"', text)[-1]
    assert titles(visitor.get(f"/notices/{back}").content.decode()) == pages[1]


def test_a_province_shows_its_cities_and_a_city_its_counties(visitor: Client) -> None:
    text = visitor.get("/notices/", {"region": "530000"}).content.decode()
    assert 'value="530300"' in text

    text = visitor.get("/notices/", {"region": "530300"}).content.decode()
    assert "麒麟区" in text


def test_an_empty_list_says_what_to_do(visitor: Client) -> None:
    assert "没有符合条件的公告" in visitor.get("/notices/").content.decode()
