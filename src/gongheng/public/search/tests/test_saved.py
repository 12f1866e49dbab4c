"""Questions that people keep: what is new in them since the last look."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from gongheng.public.search import actions
from gongheng.public.search.models import SavedSearch
from gongheng.public.search.tests.conftest import NOW, StandingClock
from gongheng.public.search.tests.seeding import Case, index
from gongheng.trust.identity import actions as identity
from gongheng.trust.identity.kinds import Role

pytestmark = pytest.mark.django_db


def person(name: str) -> Client:
    client = Client()
    client.force_login(
        identity.create_account(
            username=name,
            password="demo",
            display_name=name,
            organisation_code="91440300MA5F000007",
            organisation_name="示例建工集团有限公司",
            region_code="530100",
            roles=[Role.BIDDER],
            now=NOW,
            is_demo=True,
        )
    )
    return client


@pytest.fixture
def reader() -> Client:
    return person("reader")


def kept(reader: Client) -> list[tuple[str, str]]:
    """Return what the page shows: badge and name of each question."""
    text = reader.get("/searches/").content.decode()
    return re.findall(
        r'<span class="tag tag-\w+">([^<]*)</span>.*?<bdi>(.*?)</bdi>', text, re.DOTALL
    )


def test_a_question_is_kept_named_looked_at_and_forgotten(
    reader: Client, clock: StandingClock
) -> None:
    reader.post("/searches/save/", {"query": "q=水库&trade=works"})
    reader.post("/searches/save/", {"query": "q=水库&trade=works", "name": "我的水库"})
    saved = SavedSearch.objects.get()
    assert kept(reader) == [("无新增", "我的水库")]

    clock.pass_by(days=1)
    Case(1, at=clock.at, name="新的水库").announce()
    index()
    assert kept(reader) == [("新增 1", "我的水库")]

    clock.pass_by(hours=1)
    answer = reader.get(f"/searches/{saved.pk}/")
    assert answer.headers["Location"] == f"/notices/?{saved.query}"
    assert "新的水库" in reader.get(answer.headers["Location"]).content.decode()
    assert kept(reader) == [("无新增", "我的水库")]

    assert reader.post(f"/searches/{saved.pk}/forget/").status_code == 302
    assert kept(reader) == []
    assert reader.post(f"/searches/{saved.pk}/forget/").status_code == 404


def test_a_question_of_somebody_else_is_not_there(reader: Client) -> None:
    reader.post("/searches/save/", {"query": "q=水库"})
    other = person("other")

    for address in (f"/searches/{SavedSearch.objects.get().pk}/", f"/searches/{uuid4()}/"):
        assert other.get(address).status_code == 404
        assert other.post(f"{address}forget/").status_code == 404
    assert SavedSearch.objects.count() == 1


def test_a_zero_byte_is_no_fault_of_ours(reader: Client) -> None:
    answer = reader.post("/searches/save/", {"name": "a\0b", "query": "q=a"})

    assert answer.status_code == 400
    assert "没有看懂" in answer.content.decode()
    assert Client().get("/questions/%00/").status_code == 400
    assert Client().get("/exchange/%00/").status_code in {302, 404}


def test_nobody_keeps_more_than_fifty(reader: Client) -> None:
    for number in range(actions.MOST_SAVED):
        assert reader.post("/searches/save/", {"query": f"q=水库{number}"}).status_code == 302

    refused = reader.post("/searches/save/", {"query": "q=第五十一个"})

    assert refused.status_code == 409
    assert "保存的查询已满 50 个" in refused.content.decode()
    assert SavedSearch.objects.count() == actions.MOST_SAVED
