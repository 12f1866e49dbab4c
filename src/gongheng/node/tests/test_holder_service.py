"""The standing service of a body: it judges by itself, goes on after a cut, and obeys no stranger."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings

from gongheng.kernel.reasons import Refusal
from gongheng.node.holder_folder import JOURNAL, JOURNAL_BROKEN, Body, HolderFolder, write
from gongheng.node.holder_service import OTHER_NODE, Door, NodeAway, Service, serve
from gongheng.trading.bids.models import KeyRequest
from gongheng.trading.bids.tests.support import BODIES, standing
from gongheng.trading.opening import destruction, rules
from gongheng.trading.opening.models import Destruction, ShareRelease
from gongheng.trading.opening.tests.conftest import quiet_house
from gongheng.trading.opening.tests.support import Hall, HandClock, hall
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.envelope.destruction import Cause, Order
from tests.cases import CLERK, NOW

__all__ = ["quiet_house"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NOTARY = "12530100MB1X000036"


def reached(request: httpx.Request) -> httpx.Response:
    """Let the node answer, in this test's own transaction."""
    headers = {"Authorization": request.headers["Authorization"]}
    answer = Client().generic(
        request.method,
        request.url.raw_path.decode(),
        request.read(),
        content_type="application/json",
        headers=headers,
    )
    return httpx.Response(answer.status_code, content=answer.content)


class Cut:
    """A line that is cut after some requests, before or behind the node."""

    def __init__(self, after: int, *, is_behind: bool = False) -> None:
        self.left = after
        self.is_behind = is_behind

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.left > 0:
            self.left -= 1
            return reached(request)
        if self.is_behind:
            reached(request)
        raise httpx.ConnectError("cut")


def body_of(path: Path, code: str = NOTARY, *, node_key: str = "") -> HolderFolder:
    body = Body(
        code=code,
        name=BODIES[code][0],
        node=settings.NODE.code,
        node_key=node_key or settings.NODE.public_key,
    )
    return HolderFolder.make(path, body, standing(code))


def service(
    folder: HolderFolder, at: datetime, line: Callable[[httpx.Request], httpx.Response] = reached
) -> Service:
    client = httpx.Client(transport=httpx.MockTransport(line))
    return Service(folder, Door("http://testserver", folder, client), HandClock(at))


def holding(three: Hall, path: Path, code: str = NOTARY, **changes: Any) -> HolderFolder:
    """Return the folder of a body that has announced its key for the case already."""
    folder = body_of(path, code, **changes)
    request = KeyRequest.objects.get(case=three.case, body__code=code)
    write(folder.case(three.case.pk) / "key.pem", three.keys[code].to_pem())
    folder.keep(three.case.pk, "announcement", request.announcement)
    return folder


def journal(folder: HolderFolder) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder.path / JOURNAL).read_bytes().splitlines()]


def deeds(folder: HolderFolder) -> list[str]:
    return [line["deed"] for line in journal(folder)]


@pytest.fixture(scope="module")
def made(
    django_db_setup: None,  # noqa: ARG001  brings the database
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Hall, Path]]:
    """Make a hall once, with its files; the mark on the tests rolls back what each does to it."""
    folder = tmp_path_factory.mktemp("hall")
    changed = {
        "NODE": replace(settings.NODE, state_dir=folder / "state"),
        "GONGHENG_CLOCK": HandClock(NOW),
    }
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(**changed):
            three = hall(folder)
        yield three, folder / "state"
        transaction.set_rollback(True)


@pytest.fixture
def three(made: tuple[Hall, Path]) -> Hall:
    found, state = made
    shutil.copytree(state, settings.NODE.state_dir)
    return found


def test_it_releases_its_shares_once_the_list_is_frozen(three: Hall, tmp_path: Path) -> None:
    folder = holding(three, tmp_path / "notary")
    three.begin()
    three.release()
    assert service(folder, three.deadline).round() == 0

    three.freeze()
    done = serve(
        service(folder, three.deadline + timedelta(minutes=31)), once=True, say=lambda _: None
    )

    assert done == 0
    assert ShareRelease.objects.filter(holder=NOTARY).count() == 2
    assert deeds(folder).count("shares_released") == 2
    assert service(folder, three.deadline + timedelta(minutes=32)).round() == 0


def test_by_its_own_clock_the_deadline_has_not_come(three: Hall, tmp_path: Path) -> None:
    folder = holding(three, tmp_path / "notary")
    three.begin()
    three.release()
    three.freeze()
    early = three.tender.signed.policy.deadline - timedelta(seconds=1)

    assert service(folder, early).round() == 0

    assert not ShareRelease.objects.exists()
    assert [line["facts"]["reason"] for line in journal(folder) if line["deed"] == "refused"] == [
        "envelope.not_yet"
    ]


def test_a_node_with_another_key_gets_nothing(three: Hall, tmp_path: Path) -> None:
    folder = holding(three, tmp_path / "notary", node_key=PrivateKey.generate().public.to_hex())
    three.begin()
    three.release()
    three.freeze()

    assert service(folder, three.deadline + timedelta(minutes=31)).round() == 0

    assert not ShareRelease.objects.exists()
    assert OTHER_NODE.code in {
        line["facts"].get("reason") for line in journal(folder) if line["deed"] == "refused"
    }


def test_a_node_with_another_code_is_left_at_once(three: Hall, tmp_path: Path) -> None:
    folder = holding(three, tmp_path / "notary")

    def other(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"v": 1, "node": "999999", "work": []})

    with pytest.raises(Refusal) as refusal:
        serve(service(folder, NOW, other), once=False, say=lambda _: None, wait=_never)

    assert refusal.value.reason is OTHER_NODE


def _never(_seconds: float) -> None:
    raise AssertionError("it waits")


def test_a_node_that_is_away_is_asked_again_with_longer_pauses(three: Hall, tmp_path: Path) -> None:
    folder, pauses = holding(three, tmp_path / "notary"), []

    class Enough(Exception):
        pass

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 8:
            raise Enough

    with pytest.raises(Enough):
        serve(service(folder, NOW, Cut(0)), once=False, say=lambda _: None, wait=wait)

    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize("is_behind", [False, True])
@pytest.mark.parametrize("requests", range(8))
def test_a_line_cut_anywhere_while_releasing_loses_and_doubles_nothing(
    three: Hall, tmp_path: Path, requests: int, *, is_behind: bool
) -> None:
    folder = holding(three, tmp_path / "notary")
    three.begin()
    three.release()
    three.freeze()
    at = three.deadline + timedelta(minutes=31)

    with pytest.raises(NodeAway):
        service(folder, at, Cut(requests, is_behind=is_behind)).round()
    again = HolderFolder(folder.path)
    serve(service(again, at + timedelta(seconds=9)), once=True, say=lambda _: None)

    assert ShareRelease.objects.filter(holder=NOTARY).count() == 2
    assert deeds(again).count("shares_signed") == 2


def test_keys_are_destroyed_on_the_centres_order_when_every_bid_was_opened(
    three: Hall, tmp_path: Path, settings: Any
) -> None:
    folder = holding(three, tmp_path / "notary")
    three.to_shown()
    for who in three.firms:
        three.answer(who.actor)
    three.answer(CLERK)
    three.publish()

    at = three.deadline + timedelta(hours=1)
    settings.GONGHENG_CLOCK = HandClock(at)
    serve(service(folder, at), once=True, say=lambda _: None)

    assert folder.key_of(three.case.pk) is None
    row = Destruction.objects.get(case=three.case, holder=NOTARY)
    assert row.statement["statement"]["cause"] == Cause.ALL_OPENED
    assert deeds(folder)[-2:] == ["key_destroyed", "destruction_told"]
    assert service(folder, at).round() == 0


def test_a_forged_order_destroys_nothing(three: Hall, tmp_path: Path) -> None:
    folder = holding(three, tmp_path / "notary")
    policy = three.tender.signed
    order = Order.make(
        policy.policy, Cause.NEVER_OPENED, key=PrivateKey.generate(), now=three.deadline
    )
    item = {
        "deed": "destroy",
        "case": str(three.case.pk),
        "lot": three.case.code,
        "order": order.as_json(),
        "policy": policy.as_json(),
    }

    def forged(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"v": 1, "node": settings.NODE.code, "work": [item]})

    assert service(folder, three.deadline + timedelta(hours=1), forged).round() == 0

    assert folder.key_of(three.case.pk) is not None
    assert not folder.kept(three.case.pk, "destroyed")


def test_a_true_order_before_the_deadline_destroys_nothing(three: Hall) -> None:
    policy = three.tender.signed.policy
    order = Order.make(policy, Cause.NEVER_OPENED, key=PrivateKey.generate(), now=policy.deadline)

    with pytest.raises(Refusal):
        order.require_valid(policy, now=policy.deadline - timedelta(seconds=1))


def test_a_changed_journal_is_noticed_and_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    folder = body_of(tmp_path / "notary")
    for deed in ("one", "two", "three"):
        folder.note(deed, at=NOW)
    path = folder.path / JOURNAL
    lines = path.read_bytes()

    path.write_bytes(lines + b'{"number":4,"at"')
    HolderFolder(folder.path).note("four", at=NOW)
    assert deeds(folder) == ["one", "two", "three", "four"]

    path.write_bytes(path.read_bytes().replace(b"two", b"TWO"))
    with pytest.raises(Refusal) as refusal:
        HolderFolder(folder.path)
    assert refusal.value.reason is JOURNAL_BROKEN


def test_no_key_is_destroyed_while_it_is_needed(three: Hall) -> None:
    three.begin()

    with pytest.raises(Refusal) as refusal:
        destruction.take(case_id=three.case.pk, statement={}, now=three.deadline)

    assert refusal.value.reason is rules.DESTRUCTION_UNASKED
    assert destruction.order_of(three.case, now=three.deadline) is None
