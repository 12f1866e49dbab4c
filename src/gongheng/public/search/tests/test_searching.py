"""What a visitor finds, and what the index makes of the log."""

import itertools
import re
from datetime import timedelta
from importlib import import_module
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import OperationalError, connection
from django.test import Client

from gongheng.data.records import actions as records
from gongheng.data.records.models import Current
from gongheng.kernel.identifiers import uuid7
from gongheng.public.search import actions, conditions, queries, statements, windows
from gongheng.public.search.filters import Filters
from gongheng.public.search.models import Entry
from gongheng.public.search.places import place_of
from gongheng.public.search.tests.conftest import NOW
from gongheng.public.search.tests.seeding import NOTICE, Case, index
from gongheng.public.search.texts import Document

pytestmark = pytest.mark.django_db

HOSTILE = [
    "路", "a", "1", "公告", "的", "%", "'", "''", "\\", "\x00", "a'b", "!", "& |", "(:*)", "<->", "招标:*A",
    "'; DROP TABLE search_entry; --", "\u202e", "<script>alert(1)</script>", "“", "“”", "“%_~”", "𠀀𠀁",
    "招标公告" * 1250, "a" * 5000, "1 " * 2500, "“" * 5000, "२०२६", "ﬀ", "İ",
]  # fmt: skip
REGIONS = {"官渡区": "530111", "五华区": "530102"}


@pytest.fixture
def three() -> list[Any]:
    texts = {
        "官渡区第三中学": "招标人：云岭建工集团有限公司",
        "五华区老旧小区": "招标人：五华区住建局，代码91530100MA6K5LXY7B，参照 GB/T 50500",
        "官渡区市政道路": "投资项目代码：2503-530111-04-01-123456",
    }
    made = [
        Case(number, region=REGIONS[name[:3]], at=NOW - timedelta(days=number), name=name).announce(
            NOTICE_CONTENT=f"<p>{text}</p>"
        )
        for number, (name, text) in enumerate(texts.items(), 1)
    ]
    index()
    return made


def found(text: str, **more: Any) -> list[str]:
    hits = queries.find(Filters(text=text, **more), now=NOW).hits
    return [hit.title.removesuffix("招标公告") for hit in hits]


FOUND = [
    ("岭建工集", ["官渡区第三中学"]),
    ("云岭建工 第三中学", ["官渡区第三中学"]),
    ("９１５３０１００ｍａ６ｋ５ｌｘｙ７ｂ", ["五华区老旧小区"]),
    ("91530100MA6K5LXY7A", []),
    ("2503-530111-04-01-123456", ["官渡区市政道路"]),
    ("250353011104", ["官渡区市政道路"]),
    ("gb/t 50500", ["五华区老旧小区"]),
    ("“建工集团”", ["官渡区第三中学"]),
    ("“集团建工”", []),
    ("路", ["官渡区市政道路"]),
    ("官渡区", ["官渡区第三中学", "官渡区市政道路"]),
]


@pytest.mark.usefixtures("three")
def test_a_notice_is_found_by_what_it_says() -> None:
    assert [(text, found(text)) for text, _ in FOUND] == FOUND


@pytest.mark.usefixtures("three")
def test_every_lot_is_found_by_its_unified_code() -> None:
    code = Current.objects.filter(is_notice=True).first().transaction_code

    assert len(found(code)) == 1


@pytest.mark.usefixtures("three")
def test_any_question_gets_an_answer(visitor: Client) -> None:
    for words in HOSTILE:
        text = visitor.get("/notices/", {"q": words, "kind": words[:50]}).content.decode()
        assert "<script>alert" not in text
        assert "未能完成查询" not in text
        for address in ("/notices/feed.atom", "/notices/deadlines.ics"):
            assert visitor.get(address, {"q": words}).status_code == 200


def test_hits_in_titles_come_first_and_paging_crosses_over() -> None:
    case = Case(1, region="530111", at=NOW, name="水库")
    for number in range(5):
        case.announce(f"除险加固{number}", NOTICE_CONTENT="<p>别的</p>")
        case.announce(f"别的{number}", NOTICE_CONTENT="<p>除险加固</p>")
    index()

    pages, place = [], None
    while True:
        page = queries.find(Filters(text="除险加固"), now=NOW, place=place, size=3)
        pages.append(page)
        if not page.next:
            break
        place = place_of(page.next)
    ways_back = [
        queries.find(Filters(text="除险加固"), now=NOW, place=place_of(each.previous), size=3)
        for each in pages[1:]
    ]

    titles = [hit.title for page in pages for hit in page.hits]
    assert len(set(titles)) == 10
    assert all(title.startswith("除险加固") for title in titles[:5])
    assert [page.hits for page in ways_back] == [page.hits for page in pages[:-1]]
    assert pages[0].previous == ""


@pytest.fixture
def wide() -> None:
    """Notices of ninety days, every tenth with the word in its title, every other in its text."""
    actions.put([notice(number) for number in range(90)])


def notice(number: int) -> Document:
    return Document(
        id=uuid7(),
        version_id=uuid7(),
        region_code="530111",
        published_at=NOW - timedelta(days=number),
        not_before=None,
        trade_type="works",
        kind="招标公告",
        title=f"除险加固{number}" if number % 10 == 0 else f"别的{number}",
        transaction_code="",
        text="除险加固" if number % 2 else "别的",
    )


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("nearest", [1, 7, 30, 60])
def test_hits_found_nearby_are_those_of_all_notices(
    monkeypatch: pytest.MonkeyPatch, nearest: int
) -> None:
    asked = [
        Filters(text="除险加固", region="530100", trade="works"),
        Filters(text="“除险加固”"),
        Filters(text="除险加固", last_day=(NOW - timedelta(days=20)).date()),
        Filters(text="除险加固", first_day=(NOW - timedelta(days=50)).date()),
        Filters(region="530111"),
        Filters(),
    ]
    of_all = [walk(each) for each in asked]
    for name in ("MOST_COUNTED", "MOST_WITH_PHRASES"):
        monkeypatch.setattr(conditions, name, 2)
    monkeypatch.setattr(windows, "NEAREST", nearest)

    assert [walk(each) for each in asked] == of_all
    assert {queries.find(each, now=NOW).number for each in asked} == {"2+"}


@pytest.mark.usefixtures("wide")
def test_what_was_indexed_before_days_were_gets_them() -> None:
    days = import_module("gongheng.public.search.migrations.0002_days")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, grams::text FROM search_entry ORDER BY id")
        as_written = cursor.fetchall()
        cursor.execute(
            "UPDATE search_entry SET grams = ts_delete(grams, to_char("
            "published_at AT TIME ZONE 'Asia/Shanghai', '\"d:\"YYYYMMDD'))"
        )
        cursor.execute("SELECT count(*) FROM search_entry WHERE grams @@ $$'d:':*$$::tsquery")
        assert (len(as_written), cursor.fetchone()) == (90, (0,))

        cursor.execute(days.DAYS)

        cursor.execute("SELECT id, grams::text FROM search_entry ORDER BY id")
        assert cursor.fetchall() == as_written


def walk(asked: Filters) -> list[str]:
    """Return all hits, page by page, after going back over them as well."""
    pages, place = [], None
    while True:
        page = queries.find(asked, now=NOW, place=place, size=7)
        pages.append(page)
        if not page.next:
            break
        place = place_of(page.next)
    for later, earlier in itertools.pairwise(reversed(pages)):
        back = queries.find(asked, now=NOW, place=place_of(later.previous), size=7)
        assert back.hits == earlier.hits
    return [hit.title for page in pages for hit in page.hits]


@pytest.mark.usefixtures("wide")
def test_a_feed_holds_the_newest_wherever_the_words_stand() -> None:
    asked = Filters(text="除险加固")

    found = queries.newest(asked, now=NOW, size=4)
    of_late = queries.newest(asked, now=NOW, size=9, since=NOW - timedelta(days=4))

    assert [hit.title for hit in found.hits] == ["除险加固0", "别的1", "别的3", "别的5"]
    assert [hit.title for hit in of_late.hits] == ["除险加固0", "别的1", "别的3"]


@pytest.mark.usefixtures("wide")
def test_a_number_says_when_it_is_a_lower_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conditions, "MOST_WITH_PHRASES", 5)
    since = NOW - timedelta(days=4)

    assert queries.count(Filters(text="“除险加固”"), now=NOW).number == "5+"
    assert queries.count(Filters(text="除险加固"), now=NOW).number == "54"
    assert queries.count(Filters(text="除险加固"), now=NOW, since=since).number == "3"


@pytest.mark.usefixtures("three")
def test_no_answer_in_time_is_not_told_as_an_empty_one(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*_: object, **__: object) -> None:
        raise OperationalError

    monkeypatch.setattr(statements, "_rows", late)

    page = visitor.get("/notices/", {"q": "官渡区", "trade": "works"}).content.decode()
    answers = [
        visitor.get(address, {"q": "官渡区"})
        for address in ("/notices/feed.atom", "/notices/deadlines.ics", "/api/v1/search")
    ]

    assert "未能完成查询" in page
    assert "就有结果" not in page
    assert [answer.status_code for answer in answers] == [503, 503, 422]
    assert queries.count(Filters(), now=NOW).is_given_up


@pytest.mark.usefixtures("three")
def test_a_lone_letter_that_is_not_asked_for_is_named(visitor: Client) -> None:
    text = visitor.get("/notices/", {"q": "路 道路"}).content.decode()

    assert "单独的一个字（路）未用于查找" in text


@pytest.mark.usefixtures("wide")
def test_of_too_many_hits_months_are_offered_without_numbers(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conditions, "MOST_COUNTED", 2)

    text = visitor.get("/notices/", {"q": "除险加固", "to": "2026-09-30"}).content.decode()

    assert re.findall(r'href="[^"]*from=(2026-..)-01[^"]*">2026 年 \d+ 月</a>', text) == [
        "2026-09",
        "2026-08",
        "2026-07",
    ]
    assert "月份不显示条数" in text


@pytest.mark.usefixtures("three")
def test_words_are_marked_and_facets_narrow(visitor: Client) -> None:
    text = visitor.get("/notices/", {"q": "建工集团"}).content.decode()
    assert "<mark>建工集团</mark>" in text

    text = visitor.get("/notices/").content.decode()
    assert 'href="?region=530111">官渡区<span class="soft">2</span>' in text
    assert "from=2026-10-01&amp;to=2026-10-31" not in text  # a single month narrows nothing


@pytest.mark.usefixtures("three")
def test_an_empty_result_says_what_to_drop(visitor: Client) -> None:
    text = visitor.get("/notices/", {"q": "官渡区", "trade": "land"}).content.decode()

    assert re.search(r"去掉“类别：土地使用权”</a>，有 2 条", text)


def test_a_changed_or_withdrawn_notice_changes_the_index(three: list[Any]) -> None:
    first, second, _ = three
    body = first.body | {"NOTICE_CONTENT": "<p>招标人：第九中学</p>"}
    records.publish(dataset=NOTICE, body=body, audience=first.audience, now=NOW, operation="update")
    records.withdraw(dataset=NOTICE, key=second.key, now=NOW)
    index()

    assert found("第九中学") == ["官渡区第三中学"]
    assert found("云岭建工") == []
    assert found("老旧小区") == []


@pytest.mark.usefixtures("three")
def test_a_rebuilt_index_answers_the_same_and_goes_on() -> None:
    before = {hit.id for hit in queries.find(Filters(), now=NOW).hits}
    Entry.objects.all().delete()

    assert actions.rebuild() == 3

    assert {hit.id for hit in queries.find(Filters(), now=NOW).hits} == before
    Case(9, region="530111", at=NOW, name="后来的水库").announce()
    index()
    assert found("后来的水库") == ["后来的水库"]


def test_a_notice_is_not_found_before_its_time() -> None:
    case = Case(1, region="530111", at=NOW, name="将来的水库")
    case.announce(not_before=NOW + timedelta(days=1))
    index()

    assert found("将来的水库") == []
    later = queries.find(Filters(text="将来的水库"), now=NOW + timedelta(days=1))
    assert later.count == 1


@pytest.mark.usefixtures("three")
def test_a_feed_holds_the_hits(visitor: Client) -> None:
    feed = ET.fromstring(visitor.get("/notices/feed.atom", {"q": "官渡区"}).content)  # noqa: S314

    titles = [each.findtext("{http://www.w3.org/2005/Atom}title") for each in feed]
    assert [title for title in titles if title] == [
        "官渡区第三中学招标公告",
        "官渡区市政道路招标公告",
    ]


@pytest.mark.usefixtures("three")
def test_a_calendar_holds_the_deadlines_to_come(visitor: Client) -> None:
    lines = visitor.get("/notices/deadlines.ics", {"q": "第三中学"}).content.decode()

    assert all(len(line.encode()) <= 75 for line in lines.split("\r\n"))
    unfolded = lines.replace("\r\n ", "")
    assert "SUMMARY:投标文件/资格预审申请文件递交截止时间：官渡区第三中学招标公告" in unfolded
    assert "DTSTART:20261110T010000Z" in unfolded


def test_notices_of_one_project_are_related_across_cases(visitor: Client) -> None:
    name = "官渡区第三中学教学楼新建"
    first = Case(1, region="530111", at=NOW, name=name).announce(f"{name}项目招标公告")
    Case(2, region="530111", at=NOW, name=name).announce(f"{name}项目第二次招标公告")
    Case(3, region="530111", at=NOW, name="别的学校食堂改造").announce()
    index()

    text = visitor.get(f"/notices/{first.pk}/").content.decode()

    assert "同一项目的其他公告" in text
    assert "第二次招标公告" in text
    assert "别的学校" not in text
