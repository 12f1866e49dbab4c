"""Over real connections: uploads straddling the deadline, and the command that goes on."""

import asyncio
import json
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from gongheng.node import cli
from gongheng.trading.bids import actions, queries
from gongheng.trading.bids.kinds import UsualPart
from gongheng.trading.bids.models import Bid, BidReceipt, Upload
from gongheng.trading.bids.tests.support import Firm, Tender, firm, grant, tender
from gongheng.trust.identity.models import Account
from tests.cases import NOW, SYSTEM
from tests.scope import IS_FULL

pytestmark = pytest.mark.slow
ONE_PART = (UsualPart("bid", "投标文件"),)
UPLOADS = 200 if IS_FULL else 60
AHEAD = timedelta(seconds=3)
"""How long before the deadline the first of them end."""
TOKEN = "a" * 32
TAKEN, TOO_LATE = (
    {HTTPStatus.CREATED, HTTPStatus.FOUND},
    {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY},
)


class Running:
    """A legal clock that runs from an instant on."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)


class HandedClock(Running):
    """A legal clock that stands until somebody lets it run."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._runs = False

    def run(self) -> None:
        self._began, self._runs = time.monotonic(), True

    def now(self) -> datetime:
        return super().now() if self._runs else self._start


@dataclass
class Line:
    """One bidder's connection; all but the last byte of its bid is sent before the hour."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    last: bytes
    status: int = 0

    async def end(self, after: float) -> None:
        """Send the last byte after so many seconds, and take the answer."""
        await asyncio.sleep(after)
        self.writer.write(self.last)
        await self.writer.drain()
        self.status = int((await self.reader.readline()).split()[1])
        self.writer.close()


def _request(lot: Tender, who: Firm, *, in_parts: bool) -> bytes:
    """Return what a bidder's machine or browser sends to hand in its bid."""
    data, page, boundary = lot.envelope(who), reverse("bidding", args=[lot.case.pk]), "x" * 30
    sort = "application/octet-stream"
    if in_parts:
        begun = actions.begin_upload(case_id=lot.case.pk, size=len(data), actor=who.actor, now=NOW)
        page = reverse("bidding-upload-part", args=[lot.case.pk, begun.pk, 0])
    else:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="envelope"; filename="a.gbe"\r\n\r\n'
        data, sort = (
            head.encode() + data + f"\r\n--{boundary}--\r\n".encode(),
            f"multipart/form-data; boundary={boundary}",
        )
    cookies = f"{settings.SESSION_COOKIE_NAME}={_cookie(who)}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    head = (
        f"{'PUT' if in_parts else 'POST'} {page} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {TOKEN}\r\nContent-Type: {sort}\r\nContent-Length: {len(data)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + data


async def _straddle(server: Any, requests: Sequence[bytes], clock: "HandedClock") -> list[int]:
    """Let all begin before the hour and end one after the other, the middle one at the hour."""
    lines = []
    for request in requests:
        line = Line(
            *await asyncio.open_connection(server.thread.host, server.thread.port), request[-1:]
        )
        line.writer.write(request[:-1])
        await line.writer.drain()
        lines.append(line)
    clock.run()
    pace = 2 * AHEAD.total_seconds() / len(lines)
    await asyncio.gather(*(line.end(number * pace) for number, line in enumerate(lines)))
    return [line.status for line in lines]


def test_uploads_that_are_all_under_way_straddle_the_deadline(
    live_server: Any, tmp_path: Path, settings: Any
) -> None:
    """T-10: what counts is when the last byte lay on the disk."""
    lot = tender(tmp_path, parts=ONE_PART)
    deadline, firms = lot.deadline, [firm(number) for number in range(1, UPLOADS + 1)]
    requests = [_request(lot, who, in_parts=bool(i % 2)) for i, who in enumerate(firms)]
    settings.GONGHENG_CLOCK = clock = HandedClock(deadline - AHEAD)
    over = threading.Event()
    closer = threading.Thread(target=_close_again_and_again, args=(clock, over))
    closer.start()
    try:
        # In a thread of its own: a browser of another test may keep a loop in this one.
        with ThreadPoolExecutor(1) as alone:
            statuses = alone.submit(
                lambda: asyncio.run(_straddle(live_server, requests, clock))
            ).result()
    finally:
        over.set()
        closer.join()

    receipts = [receipt.body["facts"] for receipt in BidReceipt.objects.all()]
    closing = queries.closing(lot.case.code)
    assert closing is not None
    assert set(statuses) == {*TAKEN, *TOO_LATE}
    assert sum(status in TAKEN for status in statuses) == len(receipts) == Bid.objects.count()
    assert set(statuses[UPLOADS // 2 :]) <= TOO_LATE
    assert all(datetime.fromisoformat(facts["completed_at"]) < deadline for facts in receipts)
    assert {digest.hex() for digest in closing.envelopes} == {
        facts["envelope"] for facts in receipts
    }


def _cookie(who: Firm) -> str:
    grant(who)
    client = Client()
    client.force_login(Account.objects.get(pk=who.actor.person_id))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _close_again_and_again(clock: Running, over: threading.Event) -> None:
    while not over.wait(0.05):
        actions.close_due(now=clock.now(), actor=SYSTEM)
    actions.close_due(now=clock.now(), actor=SYSTEM)
    connections.close_all()


@pytest.fixture
def lot(transactional_db: None, tmp_path: Path) -> Tender:  # noqa: ARG001  the server has other connections
    return tender(tmp_path)


def test_the_command_goes_on_where_an_earlier_run_broke_and_checks_the_receipt(
    lot: Tender, live_server: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    deadline = queries.deadline_of(lot.case)
    assert deadline
    settings.GONGHENG_CLOCK = Running(deadline - timedelta(days=1))
    who = firm(1)
    grant(who)
    account = Account.objects.get(pk=who.actor.person_id)
    account.set_password("公衡演示2026")
    account.save()
    envelope, password = tmp_path / "bid.gbe", tmp_path / "password"
    data = lot.envelope(who)
    envelope.write_bytes(data)
    password.write_text("公衡演示2026\n", encoding="utf-8")
    url = live_server.url + reverse("bidding", args=[lot.case.pk])
    begun = actions.begin_upload(
        case_id=lot.case.pk, size=len(data), actor=who.actor, now=settings.GONGHENG_CLOCK.now()
    )
    pieces = iter([data[:700_000], b""])
    actions.add_part(
        upload_id=begun.pk,
        offset=0,
        pieces=lambda: next(pieces),
        actor=who.actor,
        clock=settings.GONGHENG_CLOCK.now,
    )
    following = reverse("bidding-upload-part", args=[lot.case.pk, begun.pk, 0])
    note = tmp_path / "bid.gbe.upload"
    note.write_text(json.dumps({"url": url, "next": following}))

    code = cli.main(
        [
            *("bid", "submit", str(envelope), "--url", url, "--user", account.username),
            *("--password-file", str(password), "--platform-key", settings.NODE.public_key),
        ]
    )

    facts = json.loads(capsys.readouterr().out)
    receipt = tmp_path / "bid.gbe.receipt.json"
    assert code == 0
    assert Upload.objects.count() == 1
    assert facts["envelope"] == Bid.objects.get().envelope_digest
    assert not note.exists()
    assert cli.main(["verify", str(receipt), "--key", settings.NODE.public_key]) == 0
    forged = receipt.read_text(encoding="utf-8").replace('"number": 1', '"number": 2')
    receipt.write_text(forged, encoding="utf-8")
    assert cli.main(["verify", str(receipt)]) == 1
