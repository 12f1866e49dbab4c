"""An opening from its hour to the published record, and every way on which it may stray."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Version
from gongheng.kernel.reasons import Refusal
from gongheng.trading.deposits.tests.support import documented
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.opening import actions, queries, rules
from gongheng.trading.opening.kinds import Answer, Stage, State
from gongheng.trading.opening.models import Opening
from gongheng.trading.opening.tests.support import Hall, hall, judged, shown
from tests.cases import CLERK

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def three(tmp_path: Path) -> Hall:
    return hall(tmp_path)


def test_three_bids_are_opened_made_known_confirmed_and_published(three: Hall) -> None:
    """E-05, E-31: bidders decrypt first, then the holders. B-05: the record is public."""
    three.begin()
    three.release()
    assert three.freeze(minutes=5)  # all have released: nobody waits for the window's end
    three.share()
    three.decrypt()
    three.make_known()
    for who in three.firms:
        three.answer(who.actor)
    three.answer(CLERK)
    three.publish(minutes=36)

    assert three.case.awaits == "evaluate"
    assert three.opening.stage == Stage.PUBLISHED
    found = queries.opened(three.case.code)
    assert [bid.price for bid in found] == [
        Decimal("12345678.90"),
        Decimal("12000000.00"),
        Decimal("13000000.55"),
    ]
    assert {bid.state for bid in found} == {State.OPENED}
    assert (found[0].folder / "qualification-technical" / "技术标.txt").read_bytes() == b"how"
    assert found[0].project_manager == "张建国"
    record = Version.objects.get(pk=three.opening.version_id)
    assert record.audience == Audience.PUBLIC
    assert "12,345,678.90元" in record.body["BID_OPENING_CONTENT"]
    assert "张建国" not in record.body["BID_OPENING_CONTENT"]


def test_nothing_begins_before_the_hour(three: Hall) -> None:
    three.close()

    begun = actions.begin(case_id=three.case.pk, now=three.deadline - timedelta(microseconds=1))

    assert begun is None
    assert not Opening.objects.exists()
    assert queries.due_for_opening(now=three.deadline - timedelta(microseconds=1)) == []
    assert queries.due_for_opening(now=three.deadline) == [three.case.pk]


def test_prices_are_nobodys_before_they_are_made_known(tmp_path: Path) -> None:
    three = judged(tmp_path)

    with pytest.raises(Refusal) as refusal:
        queries.opened(three.case.code)

    assert refusal.value.reason is rules.NOT_SHOWN
    entry = three.opening.entries.first()
    assert entry is not None
    assert queries.opened_bid(entry.pk) is None


def test_a_bidder_who_says_nothing_of_the_record_agrees_when_the_time_is_over(
    tmp_path: Path,
) -> None:
    three = shown(tmp_path)
    three.answer(three.firms[0].actor)
    three.answer(CLERK)

    with pytest.raises(Refusal) as refusal:
        three.publish(minutes=43.99)
    assert refusal.value.reason is rules.NOT_CONFIRMED
    three.publish(minutes=44)

    record = Version.objects.get(pk=three.opening.version_id)
    assert "2家在确认时间内未答复，视为没有异议" in record.body["BID_OPENING_CONTENT"]


def test_an_objection_to_the_record_stands_in_it(tmp_path: Path) -> None:
    """B-05, W-20."""
    three = shown(tmp_path)
    three.answer(three.firms[0].actor, Answer.OBJECT, words="工期应为一百八十日历天。")
    three.answer(CLERK)
    three.publish()

    record = Version.objects.get(pk=three.opening.version_id)
    assert "工期应为一百八十日历天" in record.body["BID_OPENING_CONTENT"]


@pytest.mark.parametrize(("stated", "minutes"), [(None, 30), (45, 45), (60, 60), (5, 30), (90, 60)])
def test_the_documents_say_how_long_bidders_may_decrypt(
    three: Hall, stated: int | None, minutes: int
) -> None:
    if stated is not None:
        documented(three.case)
        TenderDocument.objects.update(decryption_minutes=stated)

    opening = three.begin()

    assert opening.releases_until - opening.begins_at == timedelta(minutes=minutes)
