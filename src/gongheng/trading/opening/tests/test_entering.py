"""A holder whose service is down works by hand, and the centre enters what it stated."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids.tests.support import BODIES, standing
from gongheng.trading.opening import entering, rules
from gongheng.trading.opening.kinds import State
from gongheng.trading.opening.models import ShareRelease
from gongheng.trading.opening.tests.support import Hall, HandClock, frozen, shown
from gongheng.trading.opening.tests.test_pages import address, signed_in, words
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.destruction import Destruction, Order
from gongheng.trust.identity.models import AuditEntry
from tests.cases import CLERK, OFFICER

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CODES = tuple(BODIES)


@pytest.fixture
def waiting(tmp_path: Path, settings: Any) -> Hall:
    """Return a hall whose lists are frozen and whose holders have said nothing yet."""
    found = frozen(tmp_path)
    settings.GONGHENG_CLOCK = HandClock(found.deadline + timedelta(minutes=31))
    return found


def stated(of: Hall, code: str) -> list[dict[str, object]]:
    return [of.statement(code, row.part).as_json() for row in of.opening.lists.order_by("part")]


def test_the_centre_enters_by_a_file_what_holders_stated_by_hand(waiting: Hall) -> None:
    officer, door = signed_in(OFFICER), f"{address(waiting)}holders/"
    assert "holders/list-price.json" in words(officer, door)
    assert officer.get(f"{door}list-price.json").json()["statement"]["part"] == "price"

    for code in CODES[:3]:
        lines = "\n".join(json.dumps(each) for each in stated(waiting, code))
        file = SimpleUploadedFile("shares.json", lines.encode())
        assert officer.post(door, {"file": file}).status_code == 302
    waiting.decrypt()

    assert set(waiting.opening.entries.values_list("state", flat=True)) == {State.OPENED}
    assert AuditEntry.objects.filter(deed=entering.DEED, outcome="done").count() == 3


def test_a_file_of_which_one_statement_is_wrong_is_not_taken_at_all(waiting: Hall) -> None:
    officer, door = signed_in(OFFICER), f"{address(waiting)}holders/"
    right, wrong = stated(waiting, CODES[0])
    wrong["signature"] = "00" * 64
    file = SimpleUploadedFile("shares.json", json.dumps([right, wrong]).encode())

    answer = officer.post(door, {"file": file})

    assert answer.status_code == 422
    assert reasons.STATEMENT_INVALID.message in answer.content.decode()
    assert not ShareRelease.objects.exists()
    refused = officer.post(door, {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.4")})
    assert rules.STATEMENTS_UNREADABLE.message in refused.content.decode()


def test_the_centre_enters_that_a_key_was_destroyed_by_hand(tmp_path: Path, settings: Any) -> None:
    of = shown(tmp_path)
    of.answer(CLERK)
    of.publish(minutes=45)
    now = of.deadline + timedelta(minutes=46)
    settings.GONGHENG_CLOCK = HandClock(now)
    officer, door = signed_in(OFFICER), f"{address(of)}holders/"
    order = Order.of_json(officer.get(f"{door}order.json").json())
    made = Destruction.make(
        order, code=CODES[0], key=of.keys[CODES[0]], standing=standing(CODES[0]), now=now
    )

    file = SimpleUploadedFile("destroyed.json", json.dumps(made.as_json()).encode())
    answer = officer.post(door, {"file": file}, follow=True)

    assert [row.holder for row in of.case.key_destructions.all()] == [CODES[0]]
    assert "已销毁密钥的保管方" in answer.content.decode()


def test_nobody_but_the_centre_enters_a_statement(waiting: Hall) -> None:
    with pytest.raises(Refusal) as refusal:
        entering.enter(
            case_id=waiting.case.pk,
            statements=stated(waiting, CODES[0]),
            actor=CLERK,
            now=waiting.deadline + timedelta(minutes=31),
        )

    assert refusal.value.reason is rules.NOT_THE_CENTRE
