"""Over real connections: 200 uploads straddling the deadline, and the command that goes on."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from gongheng.node import cli
from gongheng.trading.bids import actions, queries
from gongheng.trading.bids.kinds import UsualPart
from gongheng.trading.bids.models import Bid, Upload
from gongheng.trading.bids.tests.support import Firm, Tender, firm, grant, tender
from gongheng.trust.identity.models import Account
from tests.cases import SYSTEM

pytestmark = pytest.mark.full
ONE_PART = (UsualPart("bid", "投标文件"),)
UPLOADS = 200


class Running:
    """A legal clock that runs from an instant on."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)


def _send(url: str, cookie: str, data: bytes) -> dict[str, Any] | None:
    """Upload a bid as a machine does; return the receipt, or nothing when it was refused."""
    jar = {settings.SESSION_COOKIE_NAME: cookie, settings.CSRF_COOKIE_NAME: "a" * 32}
    headers = {"X-CSRFToken": "a" * 32}
    with httpx.Client(cookies=jar, headers=headers, timeout=120, trust_env=False) as client:
        begun = client.post(f"{url}uploads/", json={"size": len(data)})
        if begun.status_code != httpx.codes.CREATED:
            return None
        address = httpx.URL(url).join(begun.json()["next"])
        done = client.put(address, content=data)
    return done.json() if done.status_code == httpx.codes.CREATED else None


def test_two_hundred_uploads_straddle_the_deadline(
    live_server: Any, tmp_path: Path, settings: Any
) -> None:
    lot = tender(tmp_path, parts=ONE_PART)
    deadline, firms = lot.deadline, [firm(number) for number in range(1, UPLOADS + 1)]
    prepared = [(_cookie(who), lot.envelope(who)) for who in firms]
    url = live_server.url + reverse("bidding", args=[lot.case.pk])
    settings.GONGHENG_CLOCK = clock = Running(deadline - timedelta(seconds=6))
    over = threading.Event()
    closer = threading.Thread(target=_close_again_and_again, args=(clock, over))
    closer.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda one: _send(url, *one), prepared))
    finally:
        over.set()
        closer.join()

    receipts = [answer["receipt"]["facts"] for answer in answers if answer]
    closing = queries.closing(lot.case.code)
    assert closing is not None
    assert 0 < len(receipts) < UPLOADS
    assert all(datetime.fromisoformat(facts["completed_at"]) < deadline for facts in receipts)
    assert {digest.hex() for digest in closing.envelopes} == {
        facts["envelope"] for facts in receipts
    }
    assert Bid.objects.count() == len(receipts)


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
