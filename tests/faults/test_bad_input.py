"""What strangers, forgers and broken systems hand in at the doors of a running province."""

import html
import json
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from gongheng.node.reception import SHORT
from tests.faults.agreement import agreement
from tests.faults.hostile import Record, Sender, tampered
from tests.journeys import vendor_records
from tests.journeys.vendor_records import NOTICE
from tests.network import Network

pytestmark = pytest.mark.journey

SCRIPT = "<script>alert('公告')</script>施工招标公告"
LARGE = "工程" * (10 * 1024 * 1024 // 6)
"""Ten megabytes of UTF-8."""
MANY_BYTES = 40 * 1024 * 1024
SMALL_ANSWER = 64 * 1024
LONG_BODY = 1024 * 1024
PATIENCE = 10.0
"""Seconds that two pages may take on a machine at work: far fewer than a slow body has."""


@pytest.fixture
def sender(network: Network) -> Iterator[Sender]:
    found = Sender(network.nodes)
    yield found
    found.close()


def _tender(serial: int) -> list[Record]:
    return list(vendor_records.tender(serial))


def _kept(network: Network) -> int:
    rows = network.nodes.province.rows(
        "SELECT count(*) FROM exchange_batch WHERE direction = 'in' AND peer = %s",
        network.nodes.vendor_code,
    )
    return int(rows[0][0])


def test_a_batch_that_is_not_what_its_sender_signed_is_refused(
    network: Network, sender: Sender
) -> None:
    before = _kept(network)
    lines = sender.lines(_tender(201))
    right = sender.batch(lines)
    now = datetime.now(UTC)
    stranger = Sender(network.nodes, private="2" * 64)
    city = Sender(network.nodes, code="530100")
    nobody = Sender(network.nodes, code="999999")

    assert stranger.refusal(stranger.batch(lines)) == (403, "exchange.forged")
    assert city.refusal(city.batch(lines)) == (403, "exchange.forged")
    assert nobody.refusal(nobody.batch(lines)) == (403, "exchange.unknown_peer")
    assert sender.refusal(tampered(right, count=5)) == (403, "exchange.forged")
    other_label = sender.batch(lines, label="gongheng.exchange.question.v1")
    assert sender.refusal(other_label) == (403, "exchange.forged")
    assert sender.refusal(sender.batch(lines, receiver="000000")) == (400, "exchange.not_for_us")
    for off in (timedelta(minutes=-16), timedelta(minutes=16)):
        stale = sender.batch(lines, made_at=(now + off).isoformat())
        assert sender.refusal(stale) == (400, "exchange.stale")
    for unreadable in (right[:-20], right + lines, right.replace(b"530300", b"530301"), b"", b"\n"):
        assert sender.refusal(unreadable) == (400, "exchange.unreadable")
    assert sender.refusal(sender.batch(lines, count=3)) == (400, "exchange.unreadable")
    assert sender.refusal(sender.batch(lines, batch_id="1")) == (400, "exchange.unreadable")
    assert _kept(network) == before
    assert sender.post(right).status_code == 202
    assert _kept(network) == before + 1
    for other in (stranger, city, nobody):
        other.close()


def test_a_replayed_batch_counts_once_and_its_number_serves_no_other(
    network: Network, sender: Sender
) -> None:
    number = str(uuid.uuid4())
    batch = sender.batch(sender.lines(_tender(202)), batch_id=number)

    first, again = sender.post(batch), sender.post(batch)
    kept = _kept(network)
    other = sender.batch(sender.lines(_tender(203)), batch_id=number)

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert sender.refusal(other) == (400, "exchange.replayed")
    assert _kept(network) == kept


def test_a_batch_that_breaks_off_on_the_way_is_not_kept(network: Network, sender: Sender) -> None:
    before = _kept(network)
    batch = sender.batch(sender.lines(_tender(204)))
    address = urlsplit(network.nodes.province.url)

    with socket.create_connection((address.hostname, address.port), timeout=10) as half:
        half.sendall(
            b"POST /exchange/v1/batches HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Length: %d\r\n\r\n" % len(batch) + batch[: len(batch) // 2]
        )

    too_much = sender.post(batch + b" " * MANY_BYTES)
    assert (too_much.status_code, too_much.json()["code"]) == (413, "exchange.too_large")
    assert _kept(network) == before
    assert sender.post(batch).status_code == 202


def _rules(verdict: dict[str, Any]) -> set[tuple[str, str]]:
    return {(finding["field"], finding["rule"]) for finding in verdict["findings"]}


def test_each_bad_record_is_fed_back_and_its_neighbours_are_taken(
    network: Network, sender: Sender
) -> None:
    project, tender_project, section, notice = _tender(205)
    unknown = _with(section, BID_SECTION_CODE="x0") | {"dataset": "NO_SUCH_DATASET"}
    large = _with(_tender(206)[0], PROJECT_NAME=LARGE)
    full_width = _with(section, BID_SECTION_CODE="x1", CONTRACT_RECKON_PRICE="１２３４")
    midnight = _with(notice, NOTICE_NAME="二十四点", BID_DOC_REFER_END_TIME="20261110240000")
    wrong_digest = _with(notice, NOTICE_NAME="摘要不符") | {"digest": "0" * 64}

    verdicts = sender.verdicts(
        [project, unknown, tender_project, large, section, full_width, notice, midnight]
    )
    sender.post(sender.batch(sender.lines([wrong_digest])))

    states = [verdict["state"] for verdict in verdicts]
    assert states == ["accepted", "refused"] * 4
    by_name = dict(zip(("unknown", "large", "full width", "midnight"), verdicts[1::2], strict=True))
    assert {rule for _, rule in _rules(by_name["unknown"])} == {"standard.unknown_dataset"}
    assert ("PROJECT_NAME", "std.length") in _rules(by_name["large"])
    assert ("CONTRACT_RECKON_PRICE", "std.number") in _rules(by_name["full width"])
    assert ("BID_DOC_REFER_END_TIME", "std.time") in _rules(by_name["midnight"])
    assert len(json.dumps(by_name["large"], ensure_ascii=False)) < SMALL_ANSWER
    for verdict in by_name.values():
        assert all(finding["message"] and finding["remedy"] for finding in verdict["findings"])
    agreement(network.nodes).require()


def _with(record: Record, **values: str) -> Record:
    return record | {"body": record["body"] | values}


def test_a_record_waits_for_its_parent_and_is_taken_when_it_comes(
    network: Network, sender: Sender
) -> None:
    project, tender_project, section, notice = _tender(207)

    waiting = sender.verdicts([section, notice], seconds=5)
    settled = sender.verdicts([tender_project, project, section, notice])

    assert [verdict["state"] for verdict in waiting] == ["waiting"] * 2
    assert [verdict["state"] for verdict in settled] == ["accepted"] * 4
    agreement(network.nodes).require()


def test_a_script_in_a_title_is_shown_as_text_by_the_nation(
    network: Network, sender: Sender
) -> None:
    *parents, notice = _tender(208)
    notice["body"]["NOTICE_NAME"] = SCRIPT
    assert notice["dataset"] == NOTICE

    verdicts = sender.verdicts([*parents, notice])
    agreement(network.nodes).require()

    assert [verdict["state"] for verdict in verdicts] == ["accepted"] * 4
    shown = html.escape(SCRIPT)
    for node in (network.nodes.province, network.nodes.nation):
        node.wait_until(lambda node=node: shown in node.get("/notices/?region=530300").text)
        page = node.get("/notices/?region=530300").text
        assert "<script>alert" not in page


def test_a_question_for_verdicts_needs_the_askers_own_signature(
    network: Network, sender: Sender
) -> None:
    stranger = Sender(network.nodes, private="3" * 64)
    address = f"{network.nodes.province.url}/exchange/v1/verdicts"
    old = (datetime.now(UTC) - timedelta(minutes=16)).isoformat()

    def ask(who: Sender, **changes: object) -> int:
        question = {**who.vendor.head(after=0), **changes}
        signed = who.vendor.sign("gongheng.exchange.question.v1", question)
        words = f"Gongheng {signed['statement']}.{signed['signature']}"
        return int(who.vendor.http.get(address, headers={"Authorization": words}).status_code)

    assert ask(sender) == 200
    assert ask(stranger) == 403
    assert ask(sender, made_at=old) == 400
    assert ask(sender, receiver="000000") == 400
    assert ask(sender, sender="999999") == 403
    assert sender.vendor.http.get(address, headers={"Authorization": "Basic x"}).status_code == 400
    stranger.close()


def test_pages_are_shown_while_many_more_send_slowly_than_there_are_threads(
    network: Network,
) -> None:
    """Neither short bodies that have hardly begun nor long ones that stop keep anybody waiting."""
    city = network.nodes.city
    slow = 2 * city.config.web.threads
    where = urlsplit(city.url)
    assert where.hostname
    cookies = "; ".join(f"{name}={word}" for name, word in city.get("/login/").cookies.items())
    head = (
        f"POST /login/ HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookies}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n"
    )
    with ExitStack() as lines:
        for length, sent in ((1000, b"username="), (LONG_BODY, b"username=" + b"y" * SHORT)):
            for _ in range(slow):
                line = lines.enter_context(
                    socket.create_connection((where.hostname, where.port or 80), 20)
                )
                line.sendall(head.format(length).encode() + sent)

        started = time.monotonic()
        assert city.get("/").status_code == httpx.codes.OK
        assert city.get("/login/").status_code == httpx.codes.OK
        assert time.monotonic() - started < PATIENCE
