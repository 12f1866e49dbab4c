"""Pages of bidders, of the tenderer's clerk and of the officer, as browsers and machines ask."""

import io
import json
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from gongheng.kernel.clock import machine_now
from gongheng.trading.bids import actions, keys, queries, slots, storage, trail
from gongheng.trading.bids.models import Bid, CasePolicy, HolderBody
from gongheng.trading.bids.tests import support
from gongheng.trading.bids.tests.support import NOW, Firm, Tender, firm, tender
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.envelope import holder_requests, receipt_file
from gongheng.trust.envelope.policy import Policy
from gongheng.trust.envelope.reasons import HOLDER_UNPROVEN
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, AuditEntry
from gongheng.trust.ledger import actions as ledger
from gongheng.web.arriving import Ended
from tests.cases import CLERK, OFFICER, SYSTEM, lot_case, open_accounts

pytestmark = pytest.mark.django_db


class Clock:
    """A legal clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def lot(tmp_path: Path) -> Tender:
    return tender(tmp_path)


def signed_in(account_id: Any, role: Role | None = None) -> Client:
    account = Account.objects.get(pk=account_id)
    if role:
        account.grants.create(
            region_code=account.region_code, role=role, starts_at=NOW - timedelta(days=1)
        )
    client = Client()
    client.force_login(account)
    return client


def bidder(who: Firm) -> Client:
    return signed_in(who.actor.account_id, Role.BIDDER)


def post_bid(client: Client, lot: Tender, data: bytes, **more: Any) -> Any:
    file = io.BytesIO(data)
    file.name = "bid.gbe"
    return client.post(reverse("bidding", args=[lot.case.pk]), {"envelope": file}, **more)


def test_a_bidder_hands_in_on_the_page_and_downloads_a_receipt_that_verifies(lot: Tender) -> None:
    who = firm(1)
    client = bidder(who)
    assert "递交投标文件" in client.get(reverse("bidding", args=[lot.case.pk])).text

    answer = post_bid(client, lot, lot.envelope(who), follow=True)

    assert "投标文件已收妥" in answer.text
    row = queries.receipts_for(who.actor).get()
    file = client.get(reverse("bidding-receipt-file", args=[row.pk])).json()
    steps = receipt_file.judge(file, PublicKey.from_hex(settings.NODE.public_key))
    assert all(step.ok for step in steps)
    assert "替换投标文件" in client.get(reverse("bidding", args=[lot.case.pk])).text
    assert lot.case.title in client.get(reverse("my-bids")).text


def test_the_receipt_carries_its_way_into_the_log(lot: Tender) -> None:
    who = firm(1)
    row = lot.submit(who)

    slots.enter(now=machine_now())
    ledger.number()
    ledger.sign_checkpoint(key=keys.own(), origin=settings.NODE.code, now=NOW)

    document = queries.receipt_document(row)
    steps = receipt_file.judge(json.loads(json.dumps(document)))
    assert [step.name for step in steps if not step.ok] == []
    assert "核对检查点" in [step.name for step in steps]
    document["receipt"]["facts"]["size"] += 1  # type: ignore[index]
    assert not all(step.ok for step in receipt_file.judge(document))


def test_the_log_tells_of_no_refusal_while_bids_come_in(
    lot: Tender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-01: its readers would count who tries to bid."""
    client = bidder(firm(1))
    address = reverse("bidding", args=[lot.case.pk])
    [handler] = [one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler]
    monkeypatch.setattr(handler, "stream", log := io.StringIO())

    answers = [
        client.post(address).status_code,
        client.put(f"{address}uploads/{lot.case.pk}/0/").status_code,
        client.get("/nowhere/").status_code,
    ]

    Client().get(address)  # a session that has ended
    [entry] = AuditEntry.objects.filter(deed="page.requested")
    assert entry.object_id == "/bidding/"
    assert answers == [422, 409, 404]
    assert str(lot.case.pk) not in log.getvalue()
    assert "/nowhere/" in log.getvalue()


def test_a_page_says_why_a_bid_was_refused_and_keeps_nothing(lot: Tender) -> None:
    who, other = firm(1), firm(2)

    answer = post_bid(bidder(who), lot, lot.envelope(other))

    assert answer.status_code == 422
    assert "不是用贵单位登记的签名密钥签署的" in answer.text
    assert not list(storage.home().glob("*/*"))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 plain" * 1000])
def test_what_is_no_envelope_is_refused_with_a_message(lot: Tender, data: bytes) -> None:
    """E-01, W-16: what is not sealed as asked is not taken."""
    answer = post_bid(bidder(firm(1)), lot, data)

    assert answer.status_code == 422
    assert "banner-red" in answer.text


def test_a_form_without_its_token_hands_nothing_in(lot: Tender) -> None:
    who = firm(1)
    bidder(who)
    client = Client(enforce_csrf_checks=True)
    client.force_login(Account.objects.get(pk=who.actor.account_id))

    answer = post_bid(client, lot, lot.envelope(who))

    assert answer.status_code == 403
    assert not Bid.objects.exists()


def test_after_the_deadline_the_page_takes_nothing_and_closes_the_lot(
    lot: Tender, settings: Any
) -> None:
    who = firm(1)
    client, data = bidder(who), lot.envelope(who)
    settings.GONGHENG_CLOCK = Clock(lot.deadline)

    answer = post_bid(client, lot, data)

    assert answer.status_code == 422
    assert "时间已过" in answer.text
    assert "不再接收" in client.get(reverse("bidding", args=[lot.case.pk])).text
    assert lot.case.awaits == "announce_failure"
    closing = client.get(reverse("bidding-closing", args=[lot.case.pk])).json()
    assert closing["statement"]["count"] == 0


def test_a_bidder_takes_a_bid_back(lot: Tender) -> None:
    who = firm(1)
    client = bidder(who)
    bid = lot.submit(who).bid
    address = reverse("bidding-withdraw", args=[bid.pk])
    assert client.post(address, {}).status_code == 422

    answer = client.post(address, {"is_sure": "on"}, follow=True)

    assert "投标文件已撤回" in answer.text


def test_a_bidder_sees_nothing_of_anothers_bid(lot: Tender) -> None:
    who, other = firm(1), firm(2)
    row = lot.submit(who)
    client = bidder(other)

    for name, key in (
        ("bidding-receipt", row.pk),
        ("bidding-receipt-file", row.pk),
        ("bidding-withdraw", row.bid.pk),
    ):
        assert client.get(reverse(name, args=[key])).status_code == 404
    pages = (
        client.get(reverse("my-bids")).text
        + client.get(reverse("bidding", args=[lot.case.pk])).text
    )
    assert row.bid.bidder_name not in pages
    assert row.bid.envelope_digest not in pages


def test_an_upload_in_parts_goes_on_where_it_broke(lot: Tender) -> None:
    who = firm(1)
    client, data = bidder(who), lot.envelope(who)
    begun = client.post(
        reverse("bidding-upload", args=[lot.case.pk]),
        {"size": len(data)},
        content_type="application/json",
    ).json()
    half = len(data) // 2

    first = client.put(begun["next"], data[:half], content_type="application/octet-stream")
    again = client.put(begun["next"], data[:half], content_type="application/octet-stream")
    told = client.get(begun["next"]).json()
    last = client.put(told["next"], data[half:], content_type="application/octet-stream")

    assert (first.status_code, again.status_code, last.status_code) == (200, 409, 201)
    assert again.json()["code"] == "bids.out_of_place"
    assert told["offset"] == half
    assert last.json()["receipt"]["facts"]["envelope"] == Bid.objects.get().envelope_digest
    assert client.get(begun["next"]).json()["receipt"] == last.json()["receipt"]
    assert not list(storage.home().glob("parts/*"))


class Broken(io.BytesIO):
    """A body whose line breaks behind what is here."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise Ended
        return piece


def test_what_came_of_a_part_before_its_line_broke_is_kept(lot: Tender) -> None:
    who = firm(1)
    client, data = bidder(who), lot.envelope(who)
    begun = client.post(
        reverse("bidding-upload", args=[lot.case.pk]),
        {"size": len(data)},
        content_type="application/json",
    ).json()
    came = len(data) // 2

    told = client.put(
        begun["next"],
        data,
        content_type="application/octet-stream",
        **{"wsgi.input": Broken(data[:came])},
    ).json()
    last = client.put(told["next"], data[came:], content_type="application/octet-stream")

    assert told["offset"] == came
    assert last.status_code == 201


def test_a_form_whose_line_broke_hands_in_nothing_and_leaves_nothing(lot: Tender) -> None:
    who = firm(1)
    envelope = ContentFile(lot.envelope(who), name="bid.gbe")
    sent = encode_multipart(BOUNDARY, {"envelope": envelope})

    answer = bidder(who).generic(
        "POST",
        reverse("bidding", args=[lot.case.pk]),
        sent,
        MULTIPART_CONTENT,
        **{"wsgi.input": Broken(sent[: len(sent) // 2])},
    )

    assert answer.status_code == 400
    assert not Bid.objects.exists()
    assert not [path for path in storage.home().rglob("*") if path.is_file()]


def test_nobody_goes_on_with_anothers_upload(lot: Tender) -> None:
    mine, data = bidder(firm(1)), lot.envelope(firm(3))
    begun = mine.post(
        reverse("bidding-upload", args=[lot.case.pk]),
        {"size": len(data)},
        content_type="application/json",
    ).json()

    answer = bidder(firm(2)).put(begun["next"], data, content_type="application/octet-stream")

    assert answer.status_code == 409
    assert answer.json()["code"] == "bids.no_upload"


def test_the_trail_learns_of_bids_only_when_the_bidding_is_over(lot: Tender) -> None:
    post_bid(bidder(firm(1)), lot, b"plain")
    row = lot.submit(firm(2))
    before = AuditEntry.objects.count()
    assert trail.enter_waiting() == 0
    assert not AuditEntry.objects.filter(deed__startswith="bid").exists()

    actions.close_due(now=lot.deadline, actor=SYSTEM)
    trail.enter_waiting()

    entries = AuditEntry.objects.filter(deed="bid.submitted")
    assert sorted(entry.outcome for entry in entries) == ["done", "refused"]
    done = entries.get(outcome="done")
    assert done.object_id == str(row.bid.pk)
    assert done.happened_at == NOW
    assert trail.enter_waiting() == 0
    assert AuditEntry.objects.count() >= before + 2


def _ask(path: str, body: HolderBody, *, data: bytes = b"", key: Any = None) -> Any:
    method = "POST" if data else "GET"
    header = holder_requests.authorization(
        code=body.code,
        node=settings.NODE.code,
        method=method,
        path=path,
        body=data,
        key=key or support.standing(body.code),
        now=machine_now(),
    )
    client = Client(enforce_csrf_checks=True)
    if data:
        return client.post(
            path, data, content_type="application/json", headers={"Authorization": header}
        )
    return client.get(path, headers={"Authorization": header})


def test_the_rules_of_opening_are_made_on_the_page_and_by_the_bodies_machines() -> None:
    open_accounts()
    _, walk = lot_case("review_documents")
    bodies = support.bodies()
    clerk = signed_in(CLERK.account_id, Role.CLERK)
    address = reverse("case-policy", args=[walk.case.pk])

    clerk.post(address, {"deed": "ask"})
    for body in bodies:
        (item,) = _ask("/holders/v1/work", body).json()["work"]
        assert (item["deed"], item["lot"]) == ("announce", walk.case.code)
        value = support.announcement_of(walk.case, body).as_json()
        path = reverse("holders-announcement", args=[walk.case.pk])
        assert _ask(path, body, data=json.dumps(value).encode()).status_code == 201
    drafted = clerk.post(address, {"deed": "draft", "not_before": "2026-11-05 09:00"})
    row = CasePolicy.objects.get()
    value = support.by_tenderer(Policy.of_json(row.body))
    file = io.BytesIO(json.dumps(value).encode())
    file.name = "signed.json"
    signed = clerk.post(address, {"deed": "sign", "signed": file}, follow=True)

    assert drafted.status_code == 302
    assert "双方已签署" in signed.text
    found = queries.policy_of(walk.case.code)
    assert found is not None
    assert found.policy.digest.hex() == row.digest
    assert not _ask("/holders/v1/work", bodies[0]).json()["work"]


def test_the_clerk_enters_what_a_body_announced_by_hand_and_nothing_else() -> None:
    open_accounts()
    _, walk = lot_case("review_documents")
    support.asked(walk.case)
    clerk = signed_in(CLERK.account_id, Role.CLERK)
    address = reverse("case-policy", args=[walk.case.pk])
    body, other = HolderBody.objects.order_by("code")[:2]
    value = support.announcement_of(walk.case, body).as_json()

    def enter(content: bytes) -> Any:
        file = io.BytesIO(content)
        file.name = "announcement.json"
        return clerk.post(address, {"deed": "announce", "announcement": file}, follow=True)

    assert "录入" in clerk.get(address).text
    for wrong in (b"%PDF-1.7", json.dumps({**value, "code": other.code}).encode()):
        assert enter(wrong).status_code == 422
    assert HOLDER_UNPROVEN.message in enter(b"{}").text
    announced = walk.case.key_requests.filter(announced_at__isnull=False)
    assert not announced.exists()
    assert f"已收到{body.name}的声明" in enter(json.dumps(value).encode()).text
    assert announced.get().body == body


@pytest.mark.usefixtures("lot")
def test_a_strangers_key_opens_no_door() -> None:
    body = HolderBody.objects.first()
    assert body is not None

    answer = _ask("/holders/v1/work", body, key=support.key("stranger"))

    assert answer.status_code == 403
    assert answer.json()["code"] == "envelope.request_unsigned"
    assert Client().get("/holders/v1/work").status_code == 403


def test_rules_that_the_tenderer_did_not_sign_are_refused() -> None:
    open_accounts()
    _, walk = lot_case("review_documents")
    support.announced(walk.case)
    clerk = signed_in(CLERK.account_id, Role.CLERK)
    address = reverse("case-policy", args=[walk.case.pk])
    clerk.post(address, {"deed": "draft", "not_before": "2026-11-05 09:00"})
    value = support.by_tenderer(Policy.of_json(CasePolicy.objects.get().body))
    forged = {**value, "tenderer_signature": "3006020101020101"}

    for wrong in (forged, {"policy": {}}, [1]):
        file = io.BytesIO(json.dumps(wrong).encode())
        file.name = "signed.json"
        answer = clerk.post(address, {"deed": "sign", "signed": file})
        assert answer.status_code == 422
        assert "banner-red" in answer.text
    assert queries.policy_of(walk.case.code) is None


def test_the_rules_are_frozen_once_the_notice_is_out(lot: Tender) -> None:
    clerk = signed_in(CLERK.account_id, Role.CLERK)

    answer = clerk.post(reverse("case-policy", args=[lot.case.pk]), {"deed": "ask"})

    assert answer.status_code == 422
    assert "公告已经发布" in answer.text


def test_the_officer_closes_by_hand_only_when_it_is_time(lot: Tender, settings: Any) -> None:
    officer = signed_in(OFFICER.account_id, Role.OFFICER)
    address = reverse("case-close_bids", args=[lot.case.pk])
    assert "正在接收投标" in officer.get(address).text
    assert officer.post(address).status_code == 422
    settings.GONGHENG_CLOCK = Clock(lot.deadline)

    answer = officer.post(address, follow=True)

    assert "截止声明已签署" in answer.text
