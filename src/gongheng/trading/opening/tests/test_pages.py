"""The hall and its forms: who sees what, and that nobody learns anything before the hour."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongheng.kernel.identifiers import uuid7
from gongheng.trading.bids.tests.support import Firm, firm, grant
from gongheng.trading.opening import tasks
from gongheng.trading.opening.kinds import Stage, State
from gongheng.trading.opening.models import Entry, Opening
from gongheng.trading.opening.tests.support import Hall, HandClock, begun, hall, judged, shown
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.envelope import evidence, recovery
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account
from gongheng.web import work
from tests.cases import CLERK, NOW, OFFICER, SUPERVISOR

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PRICE = "12,345,678.90"


def signed_in(who: Actor) -> Client:
    account = Account.objects.get(pk=who.account_id)
    for role in who.roles:
        if not account.grants.filter(role=role).exists():
            account.grants.create(
                region_code=account.region_code, role=role, starts_at=NOW - timedelta(days=1)
            )
    client = Client()
    client.force_login(account)
    return client


def bidder(who: Firm) -> Client:
    if not Account.objects.get(pk=who.actor.account_id).grants.exists():
        grant(who)
    return signed_in(who.actor)


def at_its_hour(found: Hall, settings: Any) -> Hall:
    settings.GONGHENG_CLOCK = HandClock(found.deadline + timedelta(minutes=1))
    return found


@pytest.fixture
def early(tmp_path: Path, settings: Any) -> Hall:
    return at_its_hour(hall(tmp_path), settings)


@pytest.fixture
def three(tmp_path: Path, settings: Any) -> Hall:
    return at_its_hour(begun(tmp_path), settings)


@pytest.fixture
def known(tmp_path: Path, settings: Any) -> Hall:
    """Return a hall in which prices are made known."""
    return at_its_hour(shown(tmp_path), settings)


def words(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return str(answer.content.decode())


def address(of: Hall) -> str:
    return f"/opening/{of.case.pk}/"


def test_before_the_hour_the_hall_tells_nobody_anything(early: Hall, settings: Any) -> None:
    settings.GONGHENG_CLOCK = HandClock(early.deadline - timedelta(hours=1))
    outsider = firm(9)
    pages = {
        words(client, address(early))
        for client in (
            bidder(early.firms[0]),
            bidder(outsider),
            signed_in(OFFICER),
            signed_in(SUPERVISOR),
            signed_in(CLERK),
        )
    }

    for page in pages:
        assert "开标尚未开始" in page
        assert "示例建设集团" not in page.replace(outsider.actor.name, "").split("</header>")[-1]
    for name in ("closing.json", "record/"):
        assert bidder(early.firms[0]).get(address(early) + name).status_code in {302, 409}


def test_a_bidder_decrypts_in_the_hall_and_sees_the_own_row_first(three: Hall) -> None:
    who = three.firms[1]
    client = bidder(who)
    assert "解密本单位投标文件" in words(client, address(three))
    lines = "\n".join(json.dumps(each, ensure_ascii=False) for each in three.half(who))
    file = SimpleUploadedFile("release.json", lines.encode())

    answer = client.post(f"{address(three)}release/", {"file": file, "code": ""}, follow=True)

    assert three.entry(who).state == State.RELEASED
    page = answer.content.decode()
    assert "解密文件已收到" in page
    assert page.index("本单位：") < page.index("hall-table")
    assert "提交解密" not in page


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", "", "没有选择解密文件"),
        (b"not json", "", "不是解密文件"),
        (b"[]", "", "不是解密文件"),
        (b'{"statement": {}, "signature": ""}', "", "不能采信"),
        (b"", "ABCD-EFGH", "恢复码有误"),
    ],
)
def test_what_is_no_release_is_said_at_the_field(
    three: Hall, data: bytes, code: str, said: str
) -> None:
    client = bidder(three.firms[0])
    sent: dict[str, Any] = {"code": code}
    if data:
        sent["file"] = SimpleUploadedFile("release.json", data)

    answer = client.post(f"{address(three)}release/", sent)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert three.entry(three.firms[0]).state == State.WAITING


def test_the_recovery_code_is_taken_in_the_hall(three: Hall) -> None:
    who = three.firms[0]

    code = recovery.code_of(three.seeds[who.code])
    answer = bidder(who).post(f"{address(three)}release/", {"code": code}, follow=True)

    assert answer.status_code == 200
    assert three.entry(who).state == State.RELEASED
    assert code not in answer.content.decode()


def test_a_machine_hands_in_a_release_without_an_account(three: Hall) -> None:
    who = three.firms[0]
    door = f"/bidding/{three.case.pk}/release"

    taken = Client().post(door, json.dumps(three.half(who)), content_type="application/json")
    refused = Client().post(door, "nothing", content_type="application/json")

    assert taken.status_code == 201
    assert taken.json()["state"] == State.RELEASED
    assert refused.status_code == 409
    assert refused.json()["code"] == "bids.not_json"


def test_prices_are_in_the_hall_only_when_they_are_made_known(
    tmp_path: Path, settings: Any
) -> None:
    three = at_its_hour(judged(tmp_path), settings)
    people = [bidder(three.firms[0]), signed_in(CLERK), signed_in(OFFICER), signed_in(SUPERVISOR)]
    step = f"/cases/{three.case.pk}/open_bids/"
    for client in people:
        assert PRICE not in words(client, address(three))
    assert PRICE not in words(signed_in(CLERK), step)
    proposal = signed_in(CLERK).post(step)
    assert proposal.status_code == 302
    confirm = three.case.proposals.get(settled_at__isnull=True)
    assert PRICE not in words(signed_in(OFFICER), f"/cases/proposals/{confirm.pk}/")

    three.let_out(confirm, at=three.deadline + timedelta(minutes=34))

    for client in people:
        assert PRICE in words(client, address(three))
    assert words(bidder(firm(9)), address(three), 404)


def test_the_record_is_answered_in_the_hall_and_proved_off_line(known: Hall) -> None:
    for client in (*map(bidder, known.firms), signed_in(CLERK)):
        wrong = client.post(f"{address(known)}record/", {"answer": "object", "words": " "})
        assert wrong.status_code == 422
        right = client.post(f"{address(known)}record/", {"answer": "confirm", "words": ""})
        assert right.status_code == 302
    assert Client().get(f"{address(known)}evidence.json").status_code == 404
    known.publish()

    bundle = Client().get(f"{address(known)}evidence.json").json()
    key = PublicKey.from_hex(bundle["node_key"])
    found = evidence.judge(bundle, key=key, now=known.deadline + timedelta(hours=1))

    assert all(one.is_right for one in found), found
    bundle["record"]["bids"][0]["price"] = "1.00"
    spoilt = evidence.judge(bundle, key=key, now=known.deadline + timedelta(hours=1))
    assert [one.name for one in spoilt if not one.is_right] == ["开标记录由交易中心签名"]
    assert PRICE in bundle["policy"]["policy"]["lot"] or "12345678.90" in json.dumps(
        known.opening.record
    )


def many(of: Hall, count: int) -> Opening:
    """Let an opening have so many bids that a page would hurt."""
    opening, hour = of.opening, of.deadline
    Entry.objects.bulk_create(
        Entry(
            region_code=opening.region_code,
            opening=opening,
            number=number,
            bid_id=uuid7(),
            bidder_code=f"91530100MA6G{number:06d}",
            bidder_name=f"云南示例路桥工程有限公司第{number}分公司",
            envelope=f"{number:064x}",
            path="",
            state=State.OPENED,
            opened_at=hour,
            released_at=hour,
            price=10_000_000 + number,
            duration_days=180,
            quality="合格",
        )
        for number in range(10, count + 1)
    )
    return opening


def test_fifteen_hundred_bids_are_paged_and_found(
    known: Hall, django_assert_max_num_queries: Any
) -> None:
    many(known, 1500)
    client = bidder(known.firms[2])

    with django_assert_max_num_queries(45):
        page = words(client, address(known))
    assert len(page) < 90_000
    assert page.count("<tr") == 51
    assert "本单位：" in page
    assert "第1234分公司" in words(client, f"{address(known)}?q=1234")
    assert "没有找到" in words(client, f"{address(known)}?q=没有这一家")
    assert "第 30 页" in words(client, f"{address(known)}?page=99999")


def test_tasks_tell_each_what_is_to_do(three: Hall) -> None:
    assert tasks
    at = three.deadline + timedelta(minutes=1)
    mine = [task.title for task in work.tasks_of(three.firms[0].actor, now=at)]
    assert "解密投标文件" in mine
    three.release(*three.firms[:2])
    assert "解密投标文件" not in [t.title for t in work.tasks_of(three.firms[0].actor, now=at)]
    three.freeze()
    assert three.opening.stage == Stage.JUDGED
    assert "认定未解密的原因" in [task.title for task in work.tasks_of(CLERK, now=at)]
    assert "认定未解密的原因" not in [task.title for task in work.tasks_of(OFFICER, now=at)]


def test_the_host_decides_a_cause_and_proposes_more_time_on_pages(three: Hall) -> None:
    clerk, officer = signed_in(CLERK), signed_in(OFFICER)
    until = three.deadline + timedelta(minutes=50)
    sent = {"kind": "extend", "until": f"{until:%Y-%m-%d %H:%M}", "reason": "平台故障。"}
    wrong = clerk.post(f"{address(three)}decision/", sent | {"until": "明天"})
    assert wrong.status_code == 422
    assert "平台故障。" in wrong.content.decode()

    assert clerk.post(f"{address(three)}decision/", sent).status_code == 302
    assert "平台故障。" in words(officer, f"{address(three)}decision/")
    officer.post(f"{address(three)}decision/", {"confirm": "1"})
    assert three.opening.releases_until == until

    three.release(*three.firms[:2])
    three.freeze(minutes=51)
    entry = three.entry(three.firms[2])
    page = f"{address(three)}bids/{entry.pk}/cause/"
    assert "第三十一条" in words(clerk, page)
    assert clerk.post(page, {"cause": "bidder", "evidence": ""}).status_code == 422
    paper = SimpleUploadedFile("通话记录.PNG", b"\x89PNG\r\n\x1a\n calls")
    clerk.post(page, {"cause": "bidder", "evidence": "电话无人接听。", "paper": paper})
    assert three.entry(three.firms[2]).cause == "bidder"
    assert f"{page}paper/" in words(clerk, page)
    assert clerk.get(f"{page}paper/").getvalue().startswith(b"\x89PNG")
    assert bidder(three.firms[0]).get(f"{page}paper/").status_code == 403
    clerk.post(page, {"cause": "platform", "evidence": "平台日志有误。"})
    assert three.entry(three.firms[2]).paper_name.endswith("-未解密原因.png")


def test_whoever_asks_watches_without_scripts_and_typing_hands_are_left_alone(early: Hall) -> None:
    mine, place = bidder(early.firms[0]), address(early)
    waiting = mine.get(f"{place}?watch=1")
    early.begin()

    watching, typing = mine.get(f"{place}?watch=1"), mine.get(place)

    assert waiting.headers["Refresh"] == watching.headers["Refresh"] == "15"
    assert "Refresh" not in typing.headers
    assert "提交解密" in typing.text
    assert "提交解密" not in watching.text
    assert "<strong>0 / 3</strong>" in watching.text
