"""What goes wrong at an opening: who does not release, what is bad, what was changed, who is away."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds, reasons as hold_reasons
from gongheng.registers.holds.kinds import HoldKind
from gongheng.trading.bids.tests.support import BODIES, firm
from gongheng.trading.deposits.tests.support import documented
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.opening import actions, jobs, phases, queries, recording, rules, sealed
from gongheng.trading.opening.kinds import Cause, DecisionKind, Stage, State
from gongheng.trading.opening.models import Opening, ShareRelease
from gongheng.trading.opening.tests.support import (
    Hall,
    HandClock,
    begun,
    frozen,
    hall,
    letter,
    shared,
    shown,
)
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope import reasons, recovery
from gongheng.trust.envelope.share_release import LABEL, ShareStatement
from tests.cases import CLERK, COLLEAGUE, NOW, OFFICER, SUPERVISOR

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
CODES = tuple(BODIES)
PRICE = "price"


@pytest.fixture
def three(tmp_path: Path) -> Hall:
    return begun(tmp_path)


@pytest.fixture
def four(tmp_path: Path) -> Hall:
    return begun(tmp_path, bidders=4)


@pytest.fixture
def awaiting(tmp_path: Path) -> Hall:
    """Return a hall that waits for the holders: every bidder has released."""
    return frozen(tmp_path)


def refused(reason: Any, deed: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        deed()
    assert refusal.value.reason is reason


def states(of: Hall) -> list[str]:
    return list(of.opening.entries.order_by("number").values_list("state", flat=True))


# Bidders.


def test_a_bidder_who_never_releases_stays_closed_and_the_others_are_opened(four: Hall) -> None:
    """E-07: by the own fault it counts as revoked."""
    four.release(*four.firms[:3])
    assert not four.freeze(minutes=29.99)
    assert four.freeze(minutes=30)
    four.share()
    four.decrypt()

    assert states(four) == [State.OPENED] * 3 + [State.ABSENT]
    refused(rules.CAUSE_MISSING, four.make_known)
    four.judge()
    four.make_known()
    assert four.case.awaits == "publish_opening"
    row = four.opening.record["bids"][3]
    assert row["result"] == "未在规定时间内解密，投标人原因，视为撤销投标文件"
    assert "price" not in row
    assert len(queries.opened(four.case.code)) == 3


def test_a_release_at_the_end_of_the_window_is_too_late(three: Hall) -> None:
    first, second, _ = three.firms
    three.release(first, minutes=29.999)

    refused(rules.RELEASES_OVER, lambda: three.release(second, minutes=30))

    assert states(three) == [State.RELEASED, State.WAITING, State.WAITING]


def test_fewer_than_three_who_release_are_not_opened_at_all(three: Hall) -> None:
    three.release(*three.firms[:2])
    three.freeze()

    assert three.opening.stage == Stage.JUDGED
    assert not three.opening.lists.exists()
    three.judge(Cause.PLATFORM)
    three.make_known()
    assert three.case.awaits == "announce_failure"
    assert three.opening.stage == Stage.FAILED
    assert not sealed.opened_folder(three.case).exists()
    refused(rules.NOT_SHOWN, lambda: queries.opened(three.case.code))


def test_three_who_release_of_whom_one_was_planted_are_too_few(awaiting: Hall) -> None:
    spoilt = awaiting.entry(awaiting.firms[1])
    path = sealed.envelope_file(spoilt.path)
    data = bytearray(path.read_bytes())
    data[-2000 - 1] ^= 1
    path.write_bytes(data)
    awaiting.share()
    awaiting.decrypt()

    assert states(awaiting).count(State.OPENED) == 2
    awaiting.judge(Cause.PLATFORM)
    awaiting.make_known()
    assert awaiting.case.awaits == "announce_failure"
    assert all("price" not in row for row in awaiting.opening.record["bids"])


def test_the_half_of_one_bid_opens_no_other(three: Hall) -> None:
    first, second, _ = three.firms

    refused(
        rules.NOT_YOUR_BID,
        lambda: actions.release(
            case_id=three.case.pk,
            statements=three.half(first),
            now=three.deadline,
            actor=second.actor,
        ),
    )
    statement = three.half(first)[0]
    statement["statement"]["envelope"] = three.entry(second).envelope  # type: ignore[index]
    refused(
        reasons.RELEASE_INVALID,
        lambda: actions.release(
            case_id=three.case.pk, statements=[statement], now=three.deadline, actor=second.actor
        ),
    )


def test_the_recovery_code_releases_when_the_key_is_lost(three: Hall) -> None:
    """E-08."""
    who = three.firms[0]
    code = recovery.code_of(three.seeds[who.code])

    entry = actions.release_by_code(
        case_id=three.case.pk, code=code.lower(), actor=who.actor, now=three.deadline
    )

    assert entry.state == State.RELEASED
    assert not any(row.is_signed for row in entry.releases.all())
    other = three.firms[1]
    refused(
        reasons.NOT_THE_BIDDER,
        lambda: actions.release_by_code(
            case_id=three.case.pk, code=code, actor=other.actor, now=three.deadline
        ),
    )


def test_a_rescue_that_the_documents_do_not_state_is_given_to_nobody(three: Hall) -> None:
    """E-08: stated and the same for all, or there is none."""
    who = three.firms[0]
    documented(three.case)
    TenderDocument.objects.update(allows_recovery=False)

    refused(
        rules.RESCUE_NOT_STATED,
        lambda: actions.release_by_code(
            case_id=three.case.pk,
            code=recovery.code_of(three.seeds[who.code]),
            actor=who.actor,
            now=three.deadline,
        ),
    )
    three.release(who)

    assert three.entry(who).state == State.RELEASED


def test_half_a_release_is_none(three: Hall) -> None:
    who = three.firms[0]

    entry = actions.release(
        case_id=three.case.pk, statements=three.half(who)[:1], now=three.deadline, actor=who.actor
    )
    assert entry.state == State.WAITING
    three.release(who)
    three.release(who)

    assert three.entry(who).state == State.RELEASED
    assert three.entry(who).releases.count() == 2


# Time.


def test_more_time_takes_two_people_and_holds_the_list_back_meanwhile(three: Hall) -> None:
    until = three.deadline + timedelta(minutes=60)

    def propose(who: Any) -> Any:
        return actions.propose_decision(
            opening_id=three.opening.pk,
            kind=DecisionKind.EXTEND,
            until=until,
            reason="平台登录故障二十分钟，有运维日志。",
            actor=who,
            now=three.deadline + timedelta(minutes=25),
        )

    for stranger in (OFFICER, SUPERVISOR, three.firms[0].actor):
        refused(rules.NOT_HOST, lambda stranger=stranger: propose(stranger))
    decision = propose(CLERK)
    assert not three.freeze(minutes=31)

    def settle(who: Any) -> None:
        actions.settle_decision(
            decision_id=decision.pk,
            is_confirmed=True,
            actor=who,
            now=three.deadline + timedelta(minutes=32),
        )

    for stranger in (CLERK, COLLEAGUE, SUPERVISOR, three.firms[0].actor):
        refused(rules.NOT_SECOND, lambda stranger=stranger: settle(stranger))
    settle(OFFICER)

    assert three.opening.releases_until == until
    three.release(minutes=50)
    assert three.freeze(minutes=50)


def test_a_proposal_nobody_confirms_holds_the_list_back_only_for_a_while(three: Hall) -> None:
    actions.propose_decision(
        opening_id=three.opening.pk,
        kind=DecisionKind.EXTEND,
        until=three.deadline + timedelta(minutes=60),
        reason="平台故障。",
        actor=CLERK,
        now=three.deadline + timedelta(minutes=25),
    )

    assert not three.freeze(minutes=39.9)
    assert three.freeze(minutes=40)


@pytest.mark.parametrize("minutes", [0, 30, 30 + 24 * 60 + 1])
def test_a_new_time_lies_ahead_and_not_too_far(three: Hall, minutes: int) -> None:
    refused(
        rules.TIME_UNFIT,
        lambda: actions.propose_decision(
            opening_id=three.opening.pk,
            kind=DecisionKind.EXTEND,
            until=three.deadline + timedelta(minutes=minutes),
            reason="平台故障。",
            actor=CLERK,
            now=three.deadline + timedelta(minutes=1),
        ),
    )


def test_a_hold_stops_release_and_freezing(three: Hall) -> None:
    three.release(*three.firms[:2])
    holds.place(
        code=three.case.code,
        document="昆建招投监〔2026〕1号",
        kind=HoldKind.COMPLAINT,
        cause="投诉处理",
        placed_by_code="11530100015100000J",
        now=NOW,
    )

    refused(hold_reasons.HELD, lambda: three.release(three.firms[2]))
    refused(hold_reasons.HELD, three.freeze)


def test_the_loops_leave_what_is_held_and_go_on_with_the_rest(
    tmp_path: Path, settings: Any
) -> None:
    three = hall(tmp_path)
    three.close()
    settings.GONGHENG_CLOCK = HandClock(three.deadline - timedelta(seconds=1))
    assert not jobs.begin()
    settings.GONGHENG_CLOCK = HandClock(three.deadline)
    assert jobs.begin()
    assert not jobs.begin()
    three.release()
    assert jobs.freeze()
    assert not jobs.decrypt()
    three.share(CODES[:3])

    settings.GONGHENG_CLOCK = HandClock(three.deadline + timedelta(minutes=32))
    while jobs.decrypt():
        pass

    assert three.opening.stage == Stage.JUDGED
    assert states(three) == [State.OPENED] * 3


# Holders.


def test_two_holders_may_be_away(awaiting: Hall) -> None:
    awaiting.share(CODES[:2])
    awaiting.decrypt()
    assert states(awaiting) == [State.RELEASED] * 3  # k - 1

    awaiting.share(CODES[2:3])
    awaiting.decrypt()

    assert states(awaiting) == [State.OPENED] * 3


def test_with_too_few_holders_the_opening_is_put_off_by_two_people(awaiting: Hall) -> None:
    awaiting.share(CODES[:2])
    awaiting.decrypt()
    until = awaiting.deadline + timedelta(hours=5)
    decision = actions.propose_decision(
        opening_id=awaiting.opening.pk,
        kind=DecisionKind.POSTPONE,
        until=until,
        reason="两家保管方机房停电。",
        actor=CLERK,
        now=awaiting.deadline + timedelta(hours=1),
    )
    actions.settle_decision(
        decision_id=decision.pk,
        is_confirmed=True,
        actor=OFFICER,
        now=awaiting.deadline + timedelta(hours=1),
    )

    assert awaiting.opening.postponed_until == until
    assert awaiting.opening.stage == Stage.HOLDERS
    refused(rules.UNFINISHED, lambda: recording.finished(awaiting.case.pk))


def bad(statement: ShareStatement, key: PrivateKey, envelope: bytes) -> ShareStatement:
    """Return a statement with one share changed, signed by its holder all the same."""
    share = statement.shares[envelope]
    spoilt = replace(share, value=bytes([share.value[0] ^ 1]) + share.value[1:])
    changed = replace(statement, shares={**statement.shares, envelope: spoilt})
    return replace(changed, signature=sign(LABEL, changed.statement(), key).signature)


def hand_in(of: Hall, statement: ShareStatement) -> ShareRelease:
    return phases.take_shares(
        case_id=of.case.pk,
        statement=statement.as_json(),
        now=of.deadline + timedelta(minutes=31),
    )


def test_a_bad_share_is_named_and_the_others_open_the_bid(awaiting: Hall) -> None:
    target = bytes.fromhex(awaiting.entry(awaiting.firms[0]).envelope)
    awaiting.share(CODES[1:])
    for part in ("qualification-technical", PRICE):
        hand_in(awaiting, bad(awaiting.statement(CODES[0], part), awaiting.keys[CODES[0]], target))
    awaiting.decrypt()

    assert states(awaiting) == [State.OPENED] * 3
    named = ShareRelease.objects.exclude(bad=[])
    assert {row.holder for row in named} == {CODES[0]}
    assert {tuple(row.bad) for row in named} == {(target.hex(),)}


def test_bad_shares_of_too_many_keep_one_bid_closed_and_are_named(awaiting: Hall) -> None:
    target = bytes.fromhex(awaiting.entry(awaiting.firms[0]).envelope)
    awaiting.share(CODES[3:])
    for code in CODES[:3]:
        for part in ("qualification-technical", PRICE):
            hand_in(awaiting, bad(awaiting.statement(code, part), awaiting.keys[code], target))
    awaiting.decrypt()

    entry = awaiting.entry(awaiting.firms[0])
    assert entry.state == State.FAILED
    assert entry.fault == reasons.TOO_FEW_SHARES.code
    assert all(BODIES[code][0] in entry.fault_words for code in CODES[:3])
    assert {row.holder for row in ShareRelease.objects.exclude(bad=[])} == set(CODES[:3])


def test_a_body_may_mend_a_bad_share(awaiting: Hall) -> None:
    target = bytes.fromhex(awaiting.entry(awaiting.firms[0]).envelope)
    awaiting.share(CODES[:2])
    for part in ("qualification-technical", PRICE):
        hand_in(awaiting, bad(awaiting.statement(CODES[2], part), awaiting.keys[CODES[2]], target))
    awaiting.decrypt()
    assert awaiting.entry(awaiting.firms[0]).state == State.RELEASED

    awaiting.share(CODES[2:3], minutes=33)
    awaiting.decrypt()

    assert states(awaiting) == [State.OPENED] * 3


def test_shares_of_a_wrong_key_or_before_the_list_are_refused(three: Hall) -> None:
    three.release()
    refused(
        rules.NOT_DECRYPTING,
        lambda: phases.take_shares(case_id=three.case.pk, statement=_any_statement(), now=NOW),
    )
    three.freeze()
    statement = three.statement(CODES[0], PRICE)
    forged = replace(
        statement, signature=sign(LABEL, statement.statement(), PrivateKey.generate()).signature
    )
    refused(reasons.STATEMENT_INVALID, lambda: hand_in(three, forged))
    as_another = replace(statement, holder=CODES[1])
    refused(reasons.STATEMENT_INVALID, lambda: hand_in(three, as_another))
    refused(
        reasons.NOT_A_HOLDER, lambda: three.statement(CODES[0], PRICE, key=PrivateKey.generate())
    )


def _any_statement() -> dict[str, object]:
    return {
        "statement": {
            "v": 1,
            "lot": "x",
            "part": PRICE,
            "list": "0" * 64,
            "holder": "x",
            "shares": [],
            "unusable": [],
            "released_at": "2026-11-20T09:00:00+08:00",
        },
        "signature": "00",
    }


# Files.


@pytest.mark.parametrize("region", ["head", "first part", "last part", "tags", "trailer", "length"])
def test_a_changed_byte_anywhere_closes_one_bid_and_is_the_platforms_to_mend(
    tmp_path: Path, region: str
) -> None:
    """E-09."""
    three = shared(tmp_path)
    entry = three.entry(three.firms[1])
    path = sealed.envelope_file(entry.path)
    original = path.read_bytes()
    cover = sealed.cover_of(entry.path)
    start = len(cover.head)
    at = {
        "head": 40,
        "first part": start + 5,
        "last part": start + cover.header.body_size - 100,
        "tags": start + cover.header.body_size - 3,
        "trailer": -10,
        "length": 0,
    }[region]
    spoilt = bytearray(original)
    spoilt[at] ^= 1
    path.write_bytes(spoilt[:-1] if region == "length" else spoilt)

    three.decrypt()

    assert states(three) == [State.OPENED, State.FAILED, State.OPENED]
    assert three.entry(three.firms[1]).fault in queries.FAULTS_OF_PLATFORM
    assert not (sealed.opened_folder(three.case) / str(entry.bid_id)).exists()
    path.write_bytes(original)
    refused(
        rules.NOT_SECOND,
        lambda: actions.retry(entry_id=entry.pk, actor=CLERK, now=three.deadline),
    )
    actions.retry(entry_id=entry.pk, actor=OFFICER, now=three.deadline)
    three.decrypt()
    assert states(three) == [State.OPENED] * 3


def test_a_lost_file_closes_one_bid_only(tmp_path: Path) -> None:
    three = shared(tmp_path)
    path = sealed.envelope_file(three.entry(three.firms[1]).path)
    path.rename(path.with_suffix(".away"))

    three.decrypt()

    assert states(three) == [State.OPENED, State.FAILED, State.OPENED]
    assert three.entry(three.firms[1]).fault == queries.FILE_LOST


UNREADABLE = (
    ({"bid.json": letter("0.00")}, "opening.price_zero"),
    ({"bid.json": letter("-5")}, "opening.price_negative"),
    ({"bid.json": letter("100.001")}, "opening.price_decimals"),
    ({"bid.json": letter("下浮5%")}, "opening.price_rate"),
    ({"bid.json": letter("95%")}, "opening.price_rate"),
    ({"bid.json": letter(None)}, "opening.price_missing"),
    ({"bid.json": b"\xff\x00"}, "opening.letter_unreadable"),
    ({"bid.json": b'{"price": "1\\u0000"}'}, "opening.letter_unreadable"),
    ({"报价.txt": b"12345"}, "opening.letter_missing"),
)


def test_a_price_that_cannot_be_read_is_opened_and_said_to_be_so(tmp_path: Path) -> None:
    many = hall(tmp_path, bidders=2)
    for number, (inside, _) in enumerate(UNREADABLE, start=3):
        files = {"qualification-technical": {"技术标.txt": b"how"}, PRICE: inside}
        many.bid(firm(number), files)
    many.to_shown()

    for place, (_, finding) in enumerate(UNREADABLE, start=2):
        found = queries.opened(many.case.code)[place]
        assert found.state == State.OPENED
        assert found.price is None
        assert finding in {each["rule"] for each in found.findings}
        assert many.opening.record["bids"][place]["price"] == ""


# People.


def test_nobody_opens_early_and_nobody_alone(tmp_path: Path) -> None:
    three = hall(tmp_path)
    early = three.deadline - timedelta(seconds=1)
    for who in (CLERK, OFFICER, SUPERVISOR):
        with pytest.raises(Refusal):
            recording.propose_opening(case_id=three.case.pk, actor=who, now=early)
    assert actions.begin(case_id=three.case.pk, now=early) is None
    three.to_judged()

    def propose(who: Any) -> Any:
        at = three.deadline + timedelta(minutes=34)
        return recording.propose_opening(case_id=three.case.pk, actor=who, now=at)

    for who in (OFFICER, SUPERVISOR, three.firms[0].actor):
        with pytest.raises(Refusal):
            propose(who)
    proposal = propose(CLERK)
    proposal.facts = {"decrypted": 2}
    refused(
        rules.OTHER_COUNT,
        lambda: three.let_out(proposal, at=three.deadline + timedelta(minutes=34)),
    )


def test_the_record_waits_for_the_clerk_too(tmp_path: Path) -> None:
    three = shown(tmp_path)
    for who in three.firms:
        three.answer(who.actor)

    refused(rules.CLERK_NOT_CONFIRMED, three.publish)
    refused(rules.CONFIRMED_ALREADY, lambda: three.answer(three.firms[0].actor))
    refused(rules.NOT_YOUR_BID, lambda: three.answer(SUPERVISOR))
    three.answer(CLERK)
    three.publish()
    assert three.opening.stage == Stage.PUBLISHED


def test_a_cause_is_the_hosts_to_decide_and_only_where_one_is_asked_for(four: Hall) -> None:
    """E-07: with evidence."""
    four.release(*four.firms[:3])
    four.freeze()
    absent, opened = four.entry(four.firms[3]), four.entry(four.firms[0])

    def decide(entry: Any, who: Any = CLERK, words: str = "电话无人接听。") -> Any:
        return actions.decide_cause(
            entry_id=entry.pk, cause=Cause.BIDDER, evidence=words, actor=who, now=four.deadline
        )

    refused(rules.NOT_HOST, lambda: decide(absent, OFFICER))
    refused(rules.CAUSE_NOT_ASKED, lambda: decide(opened))
    refused(rules.WORDS_MISSING, lambda: decide(absent, words="  "))
    assert decide(absent).cause == Cause.BIDDER


def test_one_opening_for_a_round_however_many_begin_it(three: Hall) -> None:
    first = three.opening

    again = actions.begin(case_id=three.case.pk, now=three.deadline + timedelta(minutes=3))

    assert again == first
    assert Opening.objects.count() == 1
