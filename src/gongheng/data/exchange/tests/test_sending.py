"""What a child shows of its log, and when it reads verdicts again, before a parent that answers."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings

from gongheng.data.exchange import following, protocol, sending
from gongheng.data.exchange.models import Batch, Channel, Delivery, Progress
from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.standard import samples
from gongheng.kernel.clock import BEIJING, machine_now
from gongheng.node.config import Peer
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.ledger import actions as ledger

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=BEIJING)
PARENT_KEY = PrivateKey.generate()
PARENT = Peer(
    code="530000",
    name="云南省公共资源交易平台（测试）",
    tier="province",
    url="http://parent.test",
    public_key=PARENT_KEY.public.to_hex(),
    direction="parent",
)
Start = Callable[[str, list[tuple[str, str]]], object]


class Parent:
    """A parent as the interface describes one: it signs receipts, and has verdicts to read."""

    def __init__(self) -> None:
        self.heads: list[dict[str, Any]] = []
        self.asked_from: list[int] = []
        self.verdicts: dict[str, Any] = {"verdicts": [], "next": 0}
        self.demands_proof_from: int | None = None
        self.is_never_content = False

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        said, status = self._answer(environ), "200 OK"
        if "size" in said:
            status = "409 Conflict"
        start(status, [("Content-Type", "application/json")])
        return [json.dumps(said).encode()]

    def _answer(self, environ: dict[str, Any]) -> dict[str, Any]:
        if environ["PATH_INFO"].endswith("/verdicts"):
            signed = protocol.Signed.from_text(environ["HTTP_AUTHORIZATION"].split()[-1])
            self.asked_from.append(int(str(signed.unverified()["after"])))
            return protocol.Signed.of(protocol.VERDICTS, self.verdicts, PARENT_KEY).as_json()
        head = protocol.split(environ["wsgi.input"].read())[0].unverified()
        if self.is_never_content:
            return {"size": head["grown_from"] or 3}
        if self.demands_proof_from not in {None, head["grown_from"]}:
            return {"size": self.demands_proof_from}
        self.heads.append(head)
        receipt = {name: head[name] for name in ("batch_id", "sm3", "count")}
        return protocol.Signed.of(protocol.RECEIPT, receipt, PARENT_KEY).as_json()


@pytest.fixture(autouse=True)
def _child(settings: Any) -> None:
    settings.NODE = replace(django_settings.NODE, peers=(PARENT,))


@pytest.fixture
def parent() -> Parent:
    return Parent()


@pytest.fixture
def client(parent: Parent) -> httpx.Client:
    return httpx.Client(transport=httpx.WSGITransport(app=parent))


def published(number: int) -> None:
    body = samples.valid("PROJECT", PROJECT_CODE=f"E53010000019{number:05d}")
    records.publish(dataset="PROJECT", body=body, audience=Audience.PUBLIC, now=NOW)


def _checkpoint() -> None:
    ledger.number()
    key = PrivateKey.from_pem(django_settings.NODE.key_path.read_bytes())
    ledger.sign_checkpoint(key=key, origin=django_settings.NODE.code, now=NOW)


def _send_all(client: httpx.Client) -> None:
    sending.collect(PARENT)
    while sending.send(PARENT, client, now=NOW):
        pass


def test_a_log_that_grew_after_the_last_record_is_shown_by_an_empty_batch(
    parent: Parent, client: httpx.Client
) -> None:
    published(1)
    ledger.number()
    _send_all(client)  # before any checkpoint
    _checkpoint()

    assert sending.send(PARENT, client, now=NOW)

    assert [(head["count"], bool(head["checkpoint"])) for head in parent.heads] == [
        (1, False),
        (0, True),
    ]
    assert not sending.send(PARENT, client, now=NOW)
    assert Channel.objects.get(peer=PARENT.code).shown_size == 1


def test_what_the_parent_has_seen_and_we_lost_is_shown_again_with_its_proof(
    parent: Parent, client: httpx.Client
) -> None:
    published(1)
    _checkpoint()
    _send_all(client)
    published(2)
    _checkpoint()
    Channel.objects.filter(peer=PARENT.code).update(shown_size=0)
    parent.demands_proof_from = 1

    sending.collect(PARENT)
    assert not sending.send(PARENT, client, now=NOW)
    assert sending.send(PARENT, client, now=NOW)

    assert parent.heads[-1]["grown_from"] == 1
    assert parent.heads[-1]["consistency"]
    assert Channel.objects.get(peer=PARENT.code).attempts == 0


def test_a_parent_that_is_never_content_makes_us_wait(parent: Parent, client: httpx.Client) -> None:
    published(1)
    _checkpoint()
    sending.collect(PARENT)
    parent.is_never_content = True

    assert not sending.send(PARENT, client, now=NOW)
    assert not sending.send(PARENT, client, now=NOW)

    channel = Channel.objects.get(peer=PARENT.code)
    assert channel.attempts == 1
    assert channel.next_try_at is not None
    assert Batch.objects.count() == 0


def _delivered_long_ago(parent: Parent, client: httpx.Client, *, ago: timedelta) -> Delivery:
    published(1)
    ledger.number()
    _send_all(client)
    parent.verdicts["next"] = 5
    Channel.objects.filter(peer=PARENT.code).update(verdict_position=5)
    Delivery.objects.update(delivered_at=machine_now() - ago)
    return Delivery.objects.get()


def test_a_verdict_that_is_missing_for_long_is_looked_for_from_the_beginning(
    parent: Parent, client: httpx.Client
) -> None:
    sent = _delivered_long_ago(parent, client, ago=2 * following.PATIENCE)
    following.follow(PARENT, client)
    assert Channel.objects.get(peer=PARENT.code).verdict_position == 0
    parent.verdicts["verdicts"] = [
        {
            "dataset": sent.version.dataset,
            "number": sent.version.number,
            "digest": sent.version.digest,
            "state": "accepted",
            "findings": [],
        }
    ]

    assert following.follow(PARENT, client)

    sent.refresh_from_db()
    assert sent.progress == Progress.ACCEPTED
    assert parent.asked_from == [5, 0]


def test_a_verdict_that_may_still_come_is_waited_for(parent: Parent, client: httpx.Client) -> None:
    _delivered_long_ago(parent, client, ago=following.PATIENCE / 2)

    following.follow(PARENT, client)

    assert Channel.objects.get(peer=PARENT.code).verdict_position == 5
