"""What programs get: everything that is public, page by page, and nothing else."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from gongheng.public.opendata import pages, service
from gongheng.public.opendata.tests.conftest import NOW, StandingClock, World
from gongheng.public.search.tests.seeding import Case
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.tlog.proof import verify_proof

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


def got(visitor: Client, path: str, status: int = 200, **query: object) -> Any:
    answer = visitor.get(f"{ROOT}{path}", query)
    assert answer.status_code == status, answer.text
    assert answer["Access-Control-Allow-Origin"] == "*"
    return json.loads(answer.content)


def titles(page: Any) -> list[str]:
    return [row["title"] for row in page["items"]]


def test_notices_are_listed_newest_first_and_filtered(visitor: Client, world: World) -> None:
    both = ["五华区老旧小区改造招标公告", "大理古城消防改造招标公告"]

    assert titles(got(visitor, "/notices")) == both
    assert titles(got(visitor, "/notices", region="530100")) == both[:1]
    assert titles(got(visitor, "/notices", region="000000", trade="works")) == both
    assert titles(got(visitor, "/notices", trade="land")) == []
    assert titles(got(visitor, "/notices", kind="招标公告", **{"from": "2026-10-12"})) == both[:1]
    assert titles(got(visitor, "/notices", to="2026-10-11")) == both[1:]
    assert titles(got(visitor, "/notices", to="0001-01-01")) == []
    first = got(visitor, "/notices")["items"][0]
    assert first["id"] == world.notice
    assert first["region"] == "云南省昆明市官渡区"
    assert first["published_at"] == "2026-10-12T08:10:00+08:00"


def test_pages_follow_each_other_while_notices_come_in(visitor: Client, world: World) -> None:
    first = got(visitor, "/notices", limit=1)
    Case(4, at=NOW, name="新来的项目").announce()
    second = got(visitor, "/notices", limit=1, after=first["next"])

    assert titles(first) == ["五华区老旧小区改造招标公告"]
    assert titles(second) == ["大理古城消防改造招标公告"]
    assert second["next"] == ""
    assert second["items"][0]["id"] == world.older


@pytest.mark.usefixtures("world")
def test_words_are_found(visitor: Client) -> None:
    found = got(visitor, "/search", q="老旧小区")

    assert titles(found) == ["五华区老旧小区改造招标公告"]
    assert found["count"] == 1
    assert got(visitor, "/search", q="没有的词")["items"] == []


def test_a_record_has_its_public_fields_and_a_proof_that_holds(
    visitor: Client, world: World
) -> None:
    record = got(visitor, f"/records/{world.notice}")
    proof = got(visitor, f"/records/{world.notice}/proof")

    assert record["body"]["NOTICE_NAME"] == "五华区老旧小区改造招标公告"
    assert "UNIFIED_DEAL_CODES" not in record["body"]  # for government only
    assert (record["is_in_force"], record["number"], len(record["versions"])) == (True, 1, 1)
    key = PublicKey.from_hex(settings.NODE.public_key)
    assert all(step.ok for step in verify_proof(proof, key))


@pytest.mark.parametrize("why", ["supervision", "parties", "not yet"])
def test_what_is_not_for_everybody_is_nowhere(visitor: Client, world: World, why: str) -> None:
    kept = world.kept[why]

    got(visitor, f"/records/{kept}", 404)
    got(visitor, f"/records/{kept}/proof", 404)
    listed = got(visitor, f"/cases/{world.tender}/records")["items"]
    assert kept not in {row["id"] for row in [*listed, *got(visitor, "/notices")["items"]]}


def test_a_case_has_its_records_and_its_public_acts(visitor: Client, world: World) -> None:
    rows = got(visitor, f"/cases/{world.tender}/records")["items"]
    first = got(visitor, f"/cases/{world.tender}/acts", limit=1)
    second = got(visitor, f"/cases/{world.tender}/acts", limit=1, after=first["next"])

    assert [row["dataset"] for row in rows if row["id"] == world.notice] == [
        "TENDER_ANN_QUA_INQUERY_ANN"
    ]
    assert {row["dataset"] for row in rows} >= {"TENDER_PROJECT", "SECTION"}
    acts = [*first["items"], *second["items"]]
    assert [act["kind"] for act in acts] == ["demo.public"] * 2
    assert acts[0]["id"] < acts[1]["id"]
    assert acts[0]["facts"] == {"document": "示例文号1号"}
    assert second["next"] == ""
    assert got(visitor, "/cases/E0/acts")["items"] == []


def test_everything_public_is_listed_once_and_nothing_else(visitor: Client, world: World) -> None:
    pages, place = [], ""
    while True:
        page = got(visitor, "/published", limit=2, **({"after": place} if place else {}))
        assert len(page["items"]) <= 2
        pages += page["items"]
        if not (place := page["next"]):
            break
    listed = [row["id"] for row in pages]

    assert listed == sorted(listed)
    assert len(set(listed)) == len(listed)
    for part in ("records", "acts"):
        own = got(visitor, f"/cases/{world.tender}/{part}", limit=100)["items"]
        assert {row["id"] for row in own} <= set(listed)
    assert not set(listed) & set(map(str, world.kept.values()))
    got(visitor, "/published", 422, after="x")


def test_the_standard_is_told_whole(visitor: Client) -> None:
    listed = got(visitor, "/standard/datasets")
    project = got(visitor, "/standard/datasets/PROJECT")
    lists = got(visitor, "/standard/code-lists")

    assert {"code": "PROJECT", "name": "项目"}.items() <= listed[0].items()
    assert project["key"] == ["PROJECT_CODE"]
    name = next(field for field in project["fields"] if field["code"] == "PROJECT_NAME")
    assert (name["label"], name["need"], name["length"]) == ("项目名称", "M", "C..600")
    assert any(rule["id"] == "PR-INVEST-PROJECT-CODE" for rule in project["rules"])
    assert got(visitor, "/standard/datasets/PROJECT/schema")["title"] == "项目"
    assert "YES_NO" in {found["name"] for found in lists}
    assert got(visitor, "/standard/code-lists/YES_NO")["codes"][1]["label"] == "是"


@pytest.mark.usefixtures("world")
def test_the_log_shows_its_state_and_that_it_only_grows(visitor: Client) -> None:
    checkpoint = got(visitor, "/ledger/checkpoint")
    size = checkpoint["size"]
    steps = got(visitor, "/ledger/consistency", old=1, new=size)

    assert checkpoint["note"].splitlines()[1] == str(size)
    assert (steps["old"], steps["new"]) == (1, size)
    assert steps["sha256"]
    assert steps["sm3"]
    got(visitor, "/ledger/consistency", 404, old=1, new=size + 1)
    assert got(visitor, "/ledger/public-key")["hex"] == settings.NODE.public_key


def test_an_empty_log_has_no_checkpoint(visitor: Client) -> None:
    assert "没有这项内容" in got(visitor, "/ledger/checkpoint", 404)["message"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/notices?limit=0", 422),
        ("/notices?limit=101", 422),
        ("/notices?trade=houses", 422),
        ("/notices?from=2026-02-30", 422),
        ("/notices?after=no%20cursor", 422),
        ("/notices?after=abcd", 404),
        ("/search", 422),
        ("/search?q=a&after=abcd", 404),
        ("/records/not-an-id", 422),
        ("/records/5f0c1f2e-3b7a-4d6e-9a51-0c8d7e6f5a4b", 404),
        ("/cases/E53%2F1/records", 404),
        ("/standard/datasets/NO_SUCH", 404),
        ("/standard/code-lists/NO_SUCH", 404),
        ("/ledger/consistency?old=2&new=1", 404),
        ("/nothing/here", 404),
    ],
)
def test_a_wrong_question_is_answered_in_words(visitor: Client, path: str, status: int) -> None:
    answer = visitor.get(f"{ROOT}{path}")

    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"message", "remedy"}


def test_it_is_only_read(visitor: Client, clock: StandingClock) -> None:
    assert clock.now() == NOW
    for pattern in pages.ROUTES:
        address = f"/{pattern.pattern}".split("<")[0]
        assert visitor.post(address).status_code in {404, 405}, address
    head = visitor.head(f"{ROOT}/standard/code-lists/YES_NO")
    assert (head.status_code, head.content) == (200, b"")


def test_every_operation_is_described_and_stands_on_the_page(visitor: Client) -> None:
    paths = service.description()["paths"]
    page = visitor.get(f"{ROOT}/")
    told = visitor.get(f"{ROOT}/openapi.json").json()

    assert told["paths"].keys() == paths.keys()
    assert len(paths) == len(pages.ROUTES) - 3
    for path, operations in paths.items():
        assert path in page.text
        for parameter in operations["get"].get("parameters", ()):
            assert parameter["schema"].get("type"), (path, parameter)
            assert "anyOf" not in parameter["schema"]
    assert "<script" not in page.text
    assert "cdn" not in page.text
