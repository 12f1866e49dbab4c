"""The committee sees who is related to whom, after the opening, from what was registered then."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gongheng.registers.subjects import rules as subject_rules
from gongheng.registers.subjects.models import Subject, SubjectVersion
from gongheng.trading.bids.models import Bid, Bidder
from gongheng.trading.bids.tests import support as bidding
from gongheng.trading.evaluation import actions, looking, sources
from gongheng.trading.evaluation.tests.support import (
    FIRMS,
    PARTNER,
    A,
    B,
    C,
    Sitting,
    consortium,
    declared,
    scored,
    sitting,
)
from gongheng.trading.notices.models import NoticeLot
from gongheng.trading.notices.tests.support import draft_of, publish
from gongheng.trading.opening.kinds import Stage
from gongheng.trading.opening.models import Entry, Opening
from gongheng.trading.projects.tests.support import actor, lot_of, person, tender_of
from gongheng.trust.identity.models import Account
from tests.cases import NOW, TENDERER

pytestmark = pytest.mark.django_db


def registered(code: str, head: str, *, at: datetime = NOW) -> SubjectVersion:
    """Enter that a subject has this head from now on."""
    subject = Subject.objects.filter(code=code).first() or bidding.register(code, code)
    body = {"LEGAL_NAME": subject.name, "LEGAL_CODE": code, "LEGAL_REPRESENT": head}
    return SubjectVersion.objects.create(
        region_code=subject.region_code,
        subject=subject,
        number=subject.versions.count() + 1,
        name=subject.name,
        body=body,
        digest=subject_rules.digest_of(body),
        verified_by="赵强",
        verified_at=at,
    )


def handed_in(room: Sitting, code: str, version: SubjectVersion) -> None:
    """Let a firm's opened bid rest on a version of its registration."""
    entry = Entry.objects.get(bidder_code=code)
    bidder = Bidder.objects.create(
        region_code=room.case.region_code, case=room.case, code=code, name=entry.bidder_name
    )
    Bid.objects.create(
        id=entry.bid_id,
        region_code=room.case.region_code,
        case=room.case,
        case_code=room.case.code,
        bidder=bidder,
        bidder_code=code,
        bidder_name=entry.bidder_name,
        subject_version=version.pk,
        key="",
        account_id=entry.bid_id,
        envelope_digest=entry.envelope,
        size=1,
        completed_at=NOW,
        state="standing",
        path="",
    )


def invited(room: Sitting, takes: str) -> None:
    """Publish a notice that takes consortia (1) or does not (0), and let it invite these bids."""
    who = actor(person("notice-clerk"))
    tender = tender_of(who, name="另一项目")
    lot = lot_of(tender, who, name="另一标段")
    publish(draft_of(tender, who, lots=[lot.code], consortium_allowed=takes), who)
    NoticeLot.objects.update(lot=room.lot)


def rules_found(room: Sitting) -> dict[str, list[str]]:
    committee = room.fresh()
    return {
        bid.bidder_code: [lead.law.rule for lead in bid.leads] for bid in sources.bids_of(committee)
    }


def test_the_head_is_that_of_the_version_that_the_bid_rests_on() -> None:
    """W-39: who changes the registration after handing in changes nothing of what is found."""
    room = sitting()
    room.form()
    for code, head in ((A, "张三"), (B, "李四"), (C, "张三")):
        handed_in(room, code, registered(code, head))
    registered(C, "王五", at=NOW + timedelta(days=1))

    assert rules_found(room) == {A: ["W-39"], B: [], C: ["W-39"]}


def test_the_head_of_the_tenderer_is_that_of_the_deadline() -> None:
    room = sitting()
    room.form()
    handed_in(room, B, registered(B, "李四"))
    registered(TENDERER, "李四")

    assert rules_found(room) == {A: [], B: ["W-39"], C: []}


def test_a_partner_who_bids_alone_shows_in_both_bids() -> None:
    """J-02."""
    room = sitting()
    room.form()
    consortium(A, {"name": FIRMS[B][0], "code": B, "contact": "李工", "phone": "1"})

    assert rules_found(room) == {A: ["J-01", "J-02"], B: ["J-02"], C: []}


def test_an_altered_registration_is_not_believed() -> None:
    room = sitting()
    room.form()
    version = registered(A, "张三")
    handed_in(room, A, version)
    SubjectVersion.objects.filter(pk=version.pk).update(body={"LEGAL_REPRESENT": "无名"})

    with pytest.raises(looking.subjects.Refusal) as refusal:
        sources.bids_of(room.fresh())

    assert refusal.value.reason is looking.subjects.reasons.FORGED_COPY


@pytest.mark.parametrize(("takes", "words"), [("0", "不接受联合体投标"), ("1", "共同投标协议")])
def test_a_consortium_is_shown_on_the_members_page_and_stands_in_the_report(
    takes: str, words: str, standing_clock: Any
) -> None:
    """J-01, W-24: found by itself, decided by people: nobody is out before they say so."""
    room = declared()
    invited(room, takes)
    consortium(A, PARTNER)
    standing_clock.at = room.now
    client = Client()
    client.force_login(Account.objects.get(pk=room.members[0].account_id))
    number = next(bid.number for bid in sources.bids_of(room.fresh()) if bid.bidder_code == A)

    home = client.get(f"/evaluation/{room.case.pk}/").content.decode()
    shown = client.get(f"/evaluation/{room.case.pk}/bids/{number}/").content.decode()
    other = client.get(f"/evaluation/{room.case.pk}/bids/{number % 3 + 1}/").content.decode()

    assert home.count("有事项待核") == 1
    assert words in shown
    assert PARTNER["name"] in shown
    assert "规则 J-01" in shown
    assert "规则 J-01" not in other
    assert "已否决" not in home


def test_the_report_keeps_what_was_found() -> None:
    room = scored()
    consortium(A, PARTNER)

    body = actions.draw_up(**room.by(room.chair)).body

    kept = {row["bidder"]: row["findings"] for row in body["bids"]}
    assert [PARTNER["name"] in words for words in kept[A]] == [True]
    assert kept[B] == kept[C] == []
    assert body["conclusion"] == "ranked"


def test_a_blind_part_shows_none_of_it() -> None:
    """W-42: what is found tells whose bid it is."""
    room = sitting()
    room.form()
    consortium(A, PARTNER)
    found = next(bid for bid in sources.bids_of(room.fresh()) if bid.bidder_code == A)

    assert found.leads
    assert found.blind().leads == ()


def test_before_the_bids_are_known_nothing_is_looked_up() -> None:
    """A-01: not even the committee learns before the opening who bids, nor who is related."""
    room = sitting()
    room.form()
    consortium(A, PARTNER)
    Opening.objects.update(stage=Stage.BIDDERS)

    with pytest.raises(looking.subjects.Refusal) as refusal:
        sources.bids_of(room.fresh())

    assert refusal.value.reason is sources.openings.rules.NOT_SHOWN
