"""Parts that wait for an event are opened by the holders once it came and the tenderer decided (E-29)."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids.kinds import PRICE_LATER, TECHNICAL_EVALUATED
from gongheng.trading.bids.models import HolderBody
from gongheng.trading.bids.tests.support import standing
from gongheng.trading.opening import (
    destruction,
    evidence,
    holder_work,
    jobs,
    later,
    queries,
    rules,
    sealed,
)
from gongheng.trading.opening.kinds import LaterStage, State
from gongheng.trading.opening.models import LaterOpening
from gongheng.trading.opening.tests.support import Hall, shown
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.envelope import evidence as judging, reasons
from tests.cases import CLERK, OFFICER, TENDERER
from tests.worlds import once

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def refused(deed: Any, *arguments: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **given)
    return refusal.value


def at(two: Hall, hours: float) -> datetime:
    return two.deadline + timedelta(hours=hours)


@pytest.fixture
def two(tmp_path: Path) -> Hall:
    return first_published(tmp_path)


@once
def first_published(folder: Path) -> Hall:
    """Return an opening whose first envelopes are opened and published."""
    return shown(folder, parts=PRICE_LATER).publish_record()


def recorded(two: Hall) -> LaterOpening:
    """Record the event for all but the last bid."""
    return later.record_event(
        case_id=two.case.pk,
        event=TECHNICAL_EVALUATED,
        bidders=[who.code for who in two.firms[:-1]],
        now=at(two, 24),
    )


def decided(two: Hall) -> LaterOpening:
    return two.decide_later(recorded(two), at=at(two, 25))


def opened(two: Hall) -> LaterOpening:
    row = decided(two)
    two.share_later(at=at(two, 25))
    to_end(row, two)
    row.refresh_from_db()
    return row


def to_end(row: LaterOpening, two: Hall) -> None:
    """Let what the holders gave be decrypted."""
    while later.step(later_id=row.pk, now=at(two, 26)):
        pass


def prices(two: Hall) -> list[Decimal | None]:
    return [bid.price for bid in queries.opened(two.case.code)]


def test_at_the_hour_only_the_first_envelopes_are_opened(two: Hall) -> None:
    found = queries.opened(two.case.code)

    assert {bid.state for bid in found} == {State.OPENED}
    assert prices(two) == [None, None, None]
    assert not any(bid.findings for bid in found)
    assert not (found[0].folder / "price").exists()
    assert queries.is_sealed_still(two.case, TECHNICAL_EVALUATED)
    assert destruction.cause_of(two.case) is None


def test_the_event_alone_opens_nothing_and_asks_no_holder(two: Hall) -> None:
    row = recorded(two)
    body = HolderBody.objects.get(code=TENDERER)

    assert row.stage == LaterStage.DECISION
    assert recorded(two).pk == row.pk
    assert not list(holder_work.releases(body=body, now=at(two, 25)))
    statement = refused(two.statement, TENDERER, "price", now=at(two, 25))
    assert statement.reason is reasons.LIST_INVALID


def test_only_the_tenderers_own_key_decides(two: Hall) -> None:
    row = recorded(two)
    facts = {"later_id": row.pk, "now": at(two, 25)}
    right = two.decided_lists(row, standing(TENDERER))
    strange = two.decided_lists(row, PrivateKey.generate())

    assert refused(later.decide, value=strange, actor=CLERK, **facts).reason is (
        reasons.LIST_INVALID
    )
    assert refused(later.decide, value=right, actor=OFFICER, **facts).reason is rules.NOT_HOST
    later.decide(value=right, actor=CLERK, **facts)
    assert refused(later.decide, value=right, actor=CLERK, **facts).reason is (
        rules.DECIDED_ALREADY
    )


def test_the_standing_holders_open_what_was_decided_and_nothing_else(two: Hall) -> None:
    row = decided(two)
    body = HolderBody.objects.get(code=TENDERER)
    [work] = holder_work.releases(body=body, now=at(two, 25))
    assert work["parts"] == ["price"]
    two.share_later(at=at(two, 25))

    while jobs.open_later():
        pass

    row.refresh_from_db()
    assert row.stage == LaterStage.JUDGED
    assert list(row.entries.values_list("state", flat=True)) == [State.OPENED] * 2
    assert prices(two) == [None, None, None]
    last = two.entry(two.firms[-1])
    assert not (
        queries.opened(two.case.code)[0].folder.parent / str(last.bid_id) / "price"
    ).exists()


def test_a_person_of_the_centre_makes_the_prices_known(two: Hall) -> None:
    row = opened(two)
    assert refused(later.show, later_id=row.pk, actor=CLERK, now=at(two, 27)).reason is (
        rules.NOT_SECOND
    )

    row = later.show(later_id=row.pk, actor=OFFICER, now=at(two, 27))

    assert prices(two) == [Decimal("12345678.90"), Decimal("12000000.00"), None]
    assert not queries.is_sealed_still(two.case, TECHNICAL_EVALUATED)
    assert "price" in queries.opened(two.case.code)[0].parts
    found = judging.judge(evidence.bundle(two.opening, row), now=at(two, 28))
    assert all(one.is_right for one in found), found
    assert all(one.is_right for one in judging.judge(evidence.bundle(two.opening), now=at(two, 28)))
    assert destruction.cause_of(two.case) is None  # one price stays closed until the end


def test_a_file_that_the_platform_lost_is_restored_and_opened_after_all(two: Hall) -> None:
    """E-09."""
    row = decided(two)
    two.share_later(at=at(two, 25))
    path = sealed.envelope_file(two.entry(two.firms[0]).path)
    away = path.rename(path.with_suffix(".away"))
    to_end(row, two)
    lost = row.entries.get(entry__bidder_code=two.firms[0].code)
    again = {"row_id": lost.pk, "now": at(two, 27)}

    by_clerk = refused(later.retry, actor=CLERK, **again)
    away.rename(path)
    later.retry(actor=OFFICER, **again)
    too_soon = refused(later.show, later_id=row.pk, actor=OFFICER, now=at(two, 27))
    to_end(row, two)
    later.show(later_id=row.pk, actor=OFFICER, now=at(two, 28))

    assert lost.fault == queries.FILE_LOST
    assert by_clerk.reason is rules.NOT_SECOND
    assert too_soon.reason is rules.UNFINISHED
    assert prices(two) == [Decimal("12345678.90"), Decimal("12000000.00"), None]
    assert refused(later.retry, actor=OFFICER, **again).reason is rules.NOT_RETRIABLE


def test_an_event_that_nothing_waits_for_is_refused(two: Hall) -> None:
    refusal = refused(
        later.record_event,
        case_id=two.case.pk,
        event="another",
        bidders=[two.firms[0].code],
        now=at(two, 24),
    )

    assert refusal.reason is rules.NOTHING_WAITS
