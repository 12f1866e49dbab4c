"""The list of bidders goes out with the opening record; what a bid does not say stays back."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gongheng.data.records.models import Act, Current, Version
from gongheng.data.standard import disclosure, validator
from gongheng.kernel.codes.identity import EXAMPLE
from gongheng.trading.bids.kinds import PRICE_LATER, TECHNICAL_EVALUATED
from gongheng.trading.bids.tests.support import credit_code, firm
from gongheng.trading.deposits.facts import Form
from gongheng.trading.deposits.models import Deposit
from gongheng.trading.opening import figures, later, particulars, roster
from gongheng.trading.opening.hall import Hall as Seen
from gongheng.trading.opening.models import Opening
from gongheng.trading.opening.tests.support import Hall, letter, tender
from tests.cases import CLERK, NOW

pytestmark = pytest.mark.slow

PARTNER = {
    "name": "示例安装有限公司",
    "code": credit_code(9),
    "contact": "李工",
    "phone": "0591-83211111",
}
WHOLE: dict[str, Any] = {
    "project_manager_id_no": EXAMPLE,
    "project_manager_certificates": "一级注册建造师 闽1352020202100001",
    "is_dishonest": False,
}


def test_a_letter_need_not_say_anything_for_the_list() -> None:
    assert figures.read(letter()).findings == ()
    assert particulars.read({}) == particulars.Particulars()


def test_what_cannot_be_read_for_the_list_is_named_and_not_repeated() -> None:
    found = figures.read(
        letter(
            project_manager_id_no=EXAMPLE + "9",
            project_manager_certificates=["一级"],
            is_dishonest="否",
            consortium=[PARTNER, PARTNER | {"name": "甲;乙"}],
        )
    )

    assert {each.rule for each in found.findings} == {"opening.particulars_unreadable"}
    assert [each.field for each in found.findings] == [
        "is_dishonest",
        "project_manager_id_no",
        "project_manager_certificates",
        "consortium",
    ]
    assert EXAMPLE not in str(found.findings)
    assert found.price is not None


def test_a_consortium_is_all_of_its_members() -> None:
    found = particulars.read(WHOLE | {"consortium": [PARTNER, PARTNER]})

    assert [one.name for one in found.members] == [PARTNER["name"]] * 2
    assert particulars.read({"consortium": [PARTNER, {}]}).members == ()
    assert particulars.read({"consortium": "联合体"}).unreadable == ("consortium",)


def test_words_of_a_letter_cannot_turn_the_record_round() -> None:
    found = figures.read(letter(quality="合格\u202e良优", project_manager="张\u200b伟"))

    assert (found.quality, found.project_manager) == ("合格良优", "张伟")


def test_what_a_letter_leaves_to_a_sealed_part_is_no_fault() -> None:
    first = figures.read(letter("", duration_days=None, documents=[{"name": "a"}]), is_whole=False)
    silent = figures.read(None, earlier=first.letter)
    whole = figures.read(letter("1", documents=[{"name": "b"}]), earlier=first.letter)
    broken = figures.read(b"[]", earlier=first.letter)

    assert first.findings == ()
    assert (first.price, first.duration_days) == (None, None)
    assert [one.rule for one in silent.findings] == [
        "opening.price_missing",
        "opening.duration_unreadable",
    ]
    assert whole.findings == ()
    assert (whole.price, whole.duration_days) == (Decimal("1.00"), 180)
    assert whole.letter["documents"] == [{"name": "a"}, {"name": "b"}]
    assert broken.findings[0].rule == "opening.letter_unreadable"
    assert broken.project_manager == first.project_manager


@pytest.mark.django_db
def test_the_list_goes_out_with_the_record_and_again_with_a_later_price(tmp_path: Path) -> None:
    hall = shown(tmp_path)
    [first, second, third] = hall.firms
    assert not rows()
    assert [line.bidder_name for line in seen(hall).unlisted] == [hall.entry(third).bidder_name]
    assert "项目负责人证件号码" in seen(hall).unlisted[0].lacks

    hall.publish()

    assert set(rows()) == {first.code, second.code}
    body = rows()[first.code].version.body
    assert validator.check(roster.DATASET, body) == []
    assert body["BID_PRICE"] == "12345678.90"
    assert body["MARGIN_PAY_FORM"] == Form.BANK_GUARANTEE
    assert body["UNION_ENTERPRISE_NAME"] == PARTNER["name"]
    assert rows()[second.code].version.body["OTHER_BID_PRICE"] == "下浮 5%"
    act = Act.objects.get(kind="opening.bidders_held_back")
    assert act.facts["bidders"] == {
        third.code: ["IS_LOST", "PM_CERTIFICATES", "PM_CODE"],
    }

    public = disclosure.public_body(roster.DATASET, body)

    assert body["PM_CODE"] == EXAMPLE
    assert EXAMPLE not in str(public)
    assert {"PM_CODE", "UNION_CONTACT_PHONE"}.isdisjoint(public)
    assert public["BIDDER_NAME"] == hall.entry(first).bidder_name

    after = hall.deadline + timedelta(hours=24)
    hall.opening.entries.filter(bidder_code=second.code).update(price=Decimal(12000000))
    held_back = roster.publish(Opening.objects.get(pk=hall.opening.pk), now=after)

    assert [line.bidder_code for line in held_back] == [third.code]
    assert rows()[first.code].version.number == 1
    assert rows()[second.code].version.number == 2
    assert rows()[second.code].version.body["BID_PRICE"] == "12000000.00"


@pytest.mark.django_db
def test_of_two_envelopes_the_first_lists_the_bidders_and_the_second_their_prices(
    tmp_path: Path,
) -> None:
    hall = first_published(tmp_path)
    [first, second, third] = hall.firms
    listed = rows()
    record = Version.objects.get(pk=hall.opening.version_id)
    assert set(listed) == {first.code, second.code}
    assert all(row.version.number == 1 for row in listed.values())
    assert all(validator.check(roster.DATASET, row.version.body) == [] for row in listed.values())
    body = listed[first.code].version.body
    assert body["OTHER_BID_PRICE"] == "在尚未开启的部分中"
    assert body.keys() >= {"PM_CODE", "PM_CERTIFICATES", "IS_LOST", "UNION_CONTACT_NAME"}
    assert body["TIME_LIMIT"] == "180"
    assert hall.entry(first).findings == []
    assert (
        "投标报价在尚未开启的部分中；工期180日历天；质量承诺合格"
        in (record.body["BID_OPENING_CONTENT"])
    )
    assert Act.objects.get(kind="opening.bidders_held_back").facts["bidders"].keys() == {third.code}

    after = hall.deadline + timedelta(hours=24)
    event = later.record_event(
        case_id=hall.case.pk,
        event=TECHNICAL_EVALUATED,
        bidders=[who.code for who in hall.firms],
        now=after,
    )
    shown = hall.open_later(event, at=after)

    priced = {code: row.version for code, row in rows().items()}
    assert {code: version.number for code, version in priced.items()} == {
        first.code: 2,
        second.code: 2,
        third.code: 1,
    }
    assert all(validator.check(roster.DATASET, version.body) == [] for version in priced.values())
    assert [priced[who.code].body["BID_PRICE"] for who in hall.firms] == [
        "12345678.90",
        "12000000.00",
        "13000000.00",
    ]
    was, became = body, priced[first.code].body
    assert {name for name in became if name in was and became[name] != was[name]} == {
        "PRICE_FORM_CODE",
        "DATA_TIMESTAMP",
    }
    assert priced[second.code].body["TIME_LIMIT"] == "180"
    assert [row["rule"] for row in hall.entry(second).findings] == ["opening.letter_differs"]
    again = Version.objects.get(pk=shown.version_id)
    assert again.number == record.number + 1
    assert "12,345,678.90元；工期180日历天" in again.body["BID_OPENING_CONTENT"]
    assert validator.check("BID_OPENING_RECORD", again.body) == []


def shown(folder: Path) -> Hall:
    """Return an opening made known: a whole bid with a guarantee, one at a rate, one that lacks."""
    hall = Hall(*tender(folder))
    letters = (
        letter(consortium=[PARTNER], **WHOLE),
        letter("下浮 5%", **WHOLE),
        letter("13000000"),
    )
    for number, data in enumerate(letters, start=1):
        who = firm(number)
        hall.bid(
            who,
            {"qualification-technical": {"技术标.txt": b"how"}, "price": {"bid.json": data}},
        )
    guaranteed(hall)
    hall.to_shown()
    for who in hall.firms:
        hall.answer(who.actor)
    hall.answer(CLERK)
    return hall


def first_published(folder: Path) -> Hall:
    """Return two envelopes whose first is published; the bidders wrote their letters each its way.

    Everything but the price in the first; the same, and another word in the second; all in the
    second.
    """
    hall = Hall(*tender(folder, PRICE_LATER))
    envelopes = (
        (letter("", consortium=[PARTNER], **WHOLE), b'{"price": "12345678.90"}'),
        (letter("", **WHOLE), b'{"price": "12000000", "duration_days": 90}'),
        (None, letter("13000000", **WHOLE)),
    )
    for number, (first, second) in enumerate(envelopes, start=1):
        papers = {"技术标.txt": b"how"} | ({"bid.json": first} if first else {})
        hall.bid(firm(number), {"qualification-technical": papers, "price": {"bid.json": second}})
    guaranteed(hall)
    return hall.to_shown().publish_record()


def guaranteed(hall: Hall) -> None:
    Deposit.objects.create(
        region_code=hall.case.region_code,
        case=hall.case,
        bidder_code=hall.firms[0].code,
        bidder_name="投标人",
        form=Form.BANK_GUARANTEE,
        amount=Decimal(100_000),
        payer_name="投标人",
        bank="示例银行",
        number="BH-1",
        received_at=hall.deadline - timedelta(hours=1),
        recorded_at=hall.deadline - timedelta(hours=1),
        recorded_by=CLERK.person_id,
        recorded_by_name=CLERK.name,
    )


def rows() -> dict[str, Current]:
    """Return the published rows by bidder."""
    found = Current.objects.filter(dataset=roster.DATASET).select_related("version")
    return {row.version.body["BIDDER_ORG_CODE"]: row for row in found}


def seen(hall: Hall) -> Seen:
    return Seen(hall.case, hall.opening, CLERK, NOW)
