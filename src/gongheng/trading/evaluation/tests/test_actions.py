from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from gongheng.data.records.models import Act
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.cases import actions as engine, reasons
from gongheng.trading.evaluation import actions, queries, rules, seating
from gongheng.trading.evaluation.actions import Letter, Seat
from gongheng.trading.evaluation.correction import Item
from gongheng.trading.evaluation.kinds import (
    Conclusion,
    Ground,
    MemberKind,
    Opinion,
    ReplacementCause,
    RequestKind,
    RequestState,
)
from gongheng.trading.evaluation.models import Assessment, Member, Request
from gongheng.trading.evaluation.tests.support import (
    BUSINESS,
    FIRMS,
    LETTER,
    PARTNER,
    TECHNICAL,
    VERDICTS,
    A,
    B,
    C,
    actor,
    consortium,
    declared,
    drawn_up,
    expert,
    representative,
    reviewed,
    scored,
    sitting,
    submitted,
)
from gongheng.trading.projects.tests.support import person
from gongheng.trust.identity.kinds import Role
from tests.cases import BIDDER, CLERK, COLLEAGUE, OFFICER

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def refused(reason: Reason, deed: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        deed()
    assert refusal.value.reason is reason
    return refusal.value


# The committee.


def test_a_committee_of_five_experts_is_formed_under_seal() -> None:
    """W-21, A-04: its commitment goes out, no name does."""
    room = sitting()

    committee = room.form()

    acts = [str(act.__dict__) for act in Act.objects.filter(case_code=room.lot.code)]
    assert any(committee.commitment in act for act in acts)
    for account in room.accounts:
        assert not any(account.display_name in act or account.username in act for act in acts)
        assert not any(str(account.pk) in act for act in acts)
    assert room.case.awaits == "evaluate"
    assert not queries.shows_names(room.case, "tenderer")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("experts", "representatives", "reason"),
    [
        (3, 0, seating.SIZE),
        (4, 0, seating.SIZE),
        (6, 0, seating.SIZE),
        (3, 2, seating.MIX),
        (4, 3, seating.MIX),
        (4, 1, None),
        (5, 2, None),
        (7, 0, None),
    ],
)
def test_size_and_mix_are_those_of_the_law(
    experts: int, representatives: int, reason: Reason | None
) -> None:
    """W-21: five or more, odd, experts two thirds."""
    room = sitting()
    for number in range(representatives):
        representative(number)
    seats = room.seats(experts, representatives)

    if reason is None:
        assert room.form(seats=seats).members.count() == experts + representatives
    else:
        refused(reason, lambda: room.form(seats=seats))
        assert queries.committee_of(room.case) is None


def test_people_of_the_parties_and_strangers_are_refused() -> None:
    """W-22."""
    room = sitting()
    expert("insider", organisation_code=room.case.tenderer_code)
    expert("rival", organisation_code=A)
    person("clerk-only")
    representative(0, organisation_code=B)

    def first(name: str, kind: str = MemberKind.EXPERT) -> list[Seat]:
        return [Seat(username=name, kind=kind), *room.seats(4)]

    refused(seating.SAME_ORGANISATION, lambda: room.form(seats=first("insider")))
    refused(seating.SAME_ORGANISATION, lambda: room.form(seats=first("rival")))
    refused(seating.NO_EXPERT, lambda: room.form(seats=first("clerk-only")))
    refused(seating.NO_EXPERT, lambda: room.form(seats=first("nobody")))
    refused(seating.TWICE, lambda: room.form(seats=first("expert1")))
    outsider = expert("outsider", organisation_code="91530100MA6K00099X")
    refused(
        seating.NOT_OF_TENDERER,
        lambda: room.form(seats=first(outsider.username, MemberKind.REPRESENTATIVE)),
    )


def test_before_the_opening_nothing_of_the_bidders_shows_in_a_refusal() -> None:
    """A-01: the account of a bidder's own man is taken; the declaration refuses him later."""
    room = sitting("close_bids")
    rival = expert("rival", organisation_code=A)

    committee = room.form(seats=[Seat(username="rival", kind="expert"), *room.seats(4)])

    assert committee.members.filter(account_id=rival.pk).exists()


def test_a_bidders_own_man_cannot_declare_to_be_free_of_conflict() -> None:
    room = sitting()
    room.form()
    Member.objects.filter(account_id=room.accounts[0].pk).update(organisation_code=B)

    refused(
        seating.SAME_ORGANISATION,
        lambda: actions.declare(**room.by(room.members[0]), avoids=False, reason=""),
    )


def test_a_man_of_a_bidders_partner_is_refused_like_one_of_the_bidder() -> None:
    """W-22, J-01: who bids together shares the interest."""
    room = sitting()
    consortium(A, PARTNER)
    expert("partner", organisation_code=PARTNER["code"])
    seats = [Seat(username="partner", kind=MemberKind.EXPERT), *room.seats(4)]

    refused(seating.SAME_ORGANISATION, lambda: room.form(seats=seats))
    room.form()
    Member.objects.filter(account_id=room.accounts[0].pk).update(organisation_code=PARTNER["code"])
    refused(
        seating.SAME_ORGANISATION,
        lambda: actions.declare(**room.by(room.members[0]), avoids=False, reason=""),
    )


def test_a_committee_is_formed_once_by_its_clerk_with_a_letter_of_the_past() -> None:
    room = sitting()
    tomorrow = Letter(number="1", on=date(2027, 1, 1), digest="ab" * 32)
    stranger = replace(CLERK, organisation_code="12530100MB1A00099X")

    refused(rules.LETTER_DATE, lambda: room.form(letter=tomorrow))
    refused(rules.CLERK_ONLY, lambda: room.form(actor=OFFICER))
    with pytest.raises(type(room.case).DoesNotExist):
        room.form(actor=stranger)
    room.form()
    refused(rules.ALREADY_FORMED, lambda: room.form(actor=COLLEAGUE))
    assert LETTER.number == room.fresh().letter_number


def test_a_member_who_steps_back_is_replaced_and_the_findings_are_void() -> None:
    """W-22."""
    room = reviewed()
    leaving = room.members[4]
    room.mark(leaving, A, TECHNICAL, "10")
    change = {
        "case_id": room.case.pk,
        "seat": 5,
        "note": "与投标人有利害关系",
        "letter_number": "云专抽〔2026〕2号",
        "username": "expert6",
        "actor": CLERK,
        "now": room.now,
    }

    refused(
        rules.NOT_REPLACEABLE, lambda: actions.replace(cause=ReplacementCause.AVOIDANCE, **change)
    )
    refused(rules.WHY_AVOID, lambda: actions.declare(**room.by(leaving), avoids=True, reason=" "))
    actions.declare(**room.by(leaving), avoids=True, reason="配偶在投标单位任职")
    refused(rules.DECLARE_FIRST, lambda: room.mark(leaving, A, TECHNICAL, "11", number=1))
    refused(
        rules.NOT_REPLACEABLE, lambda: actions.replace(cause=ReplacementCause.ILLNESS, **change)
    )
    refused(
        seating.TWICE,
        lambda: actions.replace(
            cause=ReplacementCause.AVOIDANCE, **(change | {"username": "expert1"})
        ),
    )
    actions.replace(cause=ReplacementCause.AVOIDANCE, **change)

    committee = room.fresh()
    assert committee.review_closed_at is None
    assert committee.chair is not None
    assert not queries.is_ready(committee)
    assert 5 not in {mark.seat for mark in queries.findings_of(committee).marks}
    refused(rules.NOT_READY, lambda: actions.close_review(**room.by(room.chair)))
    with pytest.raises(Member.DoesNotExist):
        room.mark(leaving, A, TECHNICAL, "12")


def test_when_the_chair_leaves_another_is_chosen() -> None:
    room = declared()

    actions.declare(**room.by(room.chair), avoids=True, reason="亲属关系")

    assert room.fresh().chair is None
    refused(rules.CHAIR_ONLY, lambda: actions.close_review(**room.by(room.members[1])))


def test_there_is_one_chair_however_the_votes_come() -> None:
    """Two of five are no majority; the third vote decides and later ones are refused."""
    room = sitting()
    room.form()
    one, two, three, four, five = room.members
    refused(rules.DECLARE_FIRST, lambda: actions.vote(**room.by(one), seat=1))
    for member in room.members:
        actions.declare(**room.by(member), avoids=False, reason="")

    actions.vote(**room.by(one), seat=1)
    actions.vote(**room.by(two), seat=2)
    actions.vote(**room.by(three), seat=2)
    actions.vote(**room.by(four), seat=1)
    assert room.fresh().chair is None
    refused(rules.NOT_A_MEMBER, lambda: actions.vote(**room.by(five), seat=9))
    actions.vote(**room.by(five), seat=1)

    assert room.fresh().chair == Member.objects.get(account_id=one.account_id)
    refused(rules.CHAIR_CHOSEN, lambda: actions.vote(**room.by(two), seat=2))
    refused(rules.CHAIR_ONLY, lambda: actions.close_review(**room.by(two)))


def test_one_declares_once_and_not_before_the_opening_is_over() -> None:
    early = sitting("publish_opening")
    early.form()
    refused(
        rules.NOT_OPENED_YET,
        lambda: actions.declare(**early.by(early.members[0]), avoids=False, reason=""),
    )


# Marks.


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ("0", None),
        ("0.00", None),
        ("50", None),
        ("49.99", None),
        ("50.01", rules.TOO_MANY_POINTS),
        ("-0.01", rules.TOO_MANY_POINTS),
        ("12.345", rules.TOO_PRECISE),
        ("", rules.UNREADABLE_POINTS),
        ("优", rules.UNREADABLE_POINTS),
        ("4e1", rules.UNREADABLE_POINTS),
        ("NaN", rules.UNREADABLE_POINTS),
        ("Infinity", rules.UNREADABLE_POINTS),
        ("4_0", rules.UNREADABLE_POINTS),
        ("４０", rules.UNREADABLE_POINTS),
        ("1" * 30, rules.UNREADABLE_POINTS),
    ],
)
def test_a_mark_lies_between_nothing_and_the_full_mark(points: str, reason: Reason | None) -> None:
    room = reviewed()

    def save() -> None:
        room.mark(room.members[0], A, TECHNICAL, points)

    if reason is None:
        save()
        assert Assessment.objects.get(criterion=TECHNICAL).value == Decimal(points)
    else:
        refused(reason, save)
        assert not Assessment.objects.filter(criterion=TECHNICAL).exists()


def test_a_rejection_needs_a_ground_of_the_law_and_a_reason() -> None:
    """W-24."""
    room = declared()
    member = room.members[0]

    for wrong in (
        {"ground": "", "reason": "没有签字"},
        {"ground": Ground.UNSIGNED, "reason": "  "},
        {"ground": "too_expensive", "reason": "太贵"},
    ):
        refused(
            rules.GROUND_MISSING,
            lambda wrong=wrong: room.verdict(member, A, VERDICTS[0], passes=False, **wrong),  # type: ignore[misc]
        )
    refused(rules.NO_VERDICT, lambda: room.verdict(member, A, VERDICTS[0], passes=None))
    room.verdict(
        member, A, VERDICTS[0], passes=False, ground=Ground.UNSIGNED, reason="投标函没有签字"
    )


def test_criteria_that_the_documents_do_not_list_cannot_be_judged() -> None:
    """W-41."""
    room = reviewed()

    for criterion in ("technical-9", "price-1", ""):
        refused(
            rules.NO_SUCH_CRITERION,
            lambda criterion=criterion: room.mark(room.members[0], A, criterion, "1"),  # type: ignore[misc]
        )
    refused(rules.NO_SUCH_CRITERION, lambda: room.mark(room.members[0], "9" * 18, TECHNICAL, "1"))


def test_scoring_begins_when_the_review_is_closed_and_verdicts_end_there() -> None:
    """W-15: the committee judges qualification, after the opening."""
    room = declared()
    refused(rules.REVIEW_OPEN, lambda: room.mark(room.members[0], A, TECHNICAL, "40"))
    found = refused(rules.INCOMPLETE, lambda: actions.close_review(**room.by(room.chair)))
    assert len(found.facts["gaps"]) == 5 * 3 * 2  # type: ignore[arg-type]

    room.passed(*FIRMS)
    actions.close_review(**room.by(room.chair))

    refused(rules.REVIEW_CLOSED, lambda: room.verdict(room.members[0], A, VERDICTS[0], number=1))


def test_two_windows_lose_nothing() -> None:
    """The second window is told what the first saved; the same content twice is no conflict."""
    room = reviewed()
    member = room.members[0]
    room.mark(member, A, TECHNICAL, "40")
    room.mark(member, A, TECHNICAL, "40")
    room.mark(member, A, TECHNICAL, "41", number=1)

    refused(rules.STALE, lambda: room.mark(member, A, TECHNICAL, "39", number=1))
    refused(rules.STALE, lambda: room.mark(member, A, TECHNICAL, "39"))
    assert Assessment.objects.get(criterion=TECHNICAL).value == Decimal("41.00")

    room.mark(member, A, TECHNICAL, "39", number=2)
    assert Assessment.objects.get(criterion=TECHNICAL).number == 3
    refused(rules.STALE, lambda: room.mark(member, B, TECHNICAL, "39", number=4))


def test_an_expert_of_another_committee_can_do_nothing_here() -> None:
    room = reviewed()
    stranger = actor(room.accounts[6])

    with pytest.raises(Member.DoesNotExist):
        room.mark(stranger, A, TECHNICAL, "40")
    with pytest.raises(Member.DoesNotExist):
        actions.draw_up(**room.by(stranger))
    assert queries.seat_of(stranger, room.case.pk) is None
    assert (
        queries.seat_of(replace(room.chair, roles=frozenset({Role.BIDDER})), room.case.pk) is None
    )


def test_three_of_five_reject_a_bid_which_is_then_not_scored() -> None:
    room = declared()
    against = {"passes": False, "ground": Ground.UNSIGNED, "reason": "投标函没有签字。"}
    for member in room.members[:3]:
        room.verdict(member, B, VERDICTS[0], number=0, **against)
    room.passed(A, C)
    room.passed(B, criteria=VERDICTS[1:])
    for member in room.members[3:]:
        room.verdict(member, B, VERDICTS[0])
    actions.close_review(**room.by(room.chair))

    refused(rules.REJECTED_BID, lambda: room.mark(room.members[0], B, TECHNICAL, "40"))
    room.mark(room.members[0], A, TECHNICAL, "40")


# Requests.


def test_only_the_chair_asks_and_only_the_bidder_asked_answers() -> None:
    """W-25."""
    room = declared()
    asked = {"bidder_code": A, "question": "请说明第12页的工期。"}
    refused(rules.CHAIR_ONLY, lambda: actions.ask(**room.by(room.members[1]), **asked))
    refused(
        rules.ASK_SOMETHING,
        lambda: actions.ask(**room.by(room.chair), bidder_code=A, question=" "),
    )
    request = actions.ask(**room.by(room.chair), **asked)
    own = replace(BIDDER, organisation_code=A)
    other = replace(BIDDER, organisation_code=B)

    def answer(who: Any = own, text: str = "工期为180日历天。", **time: float) -> Request:
        at = room.now + timedelta(**time)
        return actions.answer(request_id=request.pk, text=text, actor=who, now=at)

    with pytest.raises(Request.DoesNotExist):
        answer(other)
    refused(rules.ASK_SOMETHING, lambda: answer(text=""))
    refused(rules.ANSWER_LATE, lambda: answer(hours=2))
    assert answer(hours=1.99).state == RequestState.ANSWERED
    refused(rules.NO_REQUEST, answer)
    assert list(queries.requests_to(other)) == []


def test_a_confirmed_correction_is_evaluated_and_a_refused_one_is_out() -> None:
    """S-09: 120 x 85.50 printed 10,620.00."""
    room = scored()
    item = Item(
        label="路缘石", quantity=Decimal(120), unit_price=Decimal("85.5"), total=Decimal("10620.00")
    )
    request = actions.correct(
        **room.by(room.chair), bidder_code=C, question="请确认算术修正。", items=[item]
    )
    own = replace(BIDDER, organisation_code=C)
    refused(rules.PENDING_REQUEST, lambda: actions.draw_up(**room.by(room.chair)))
    refused(
        rules.NO_CHOICE,
        lambda: actions.answer(request_id=request.pk, text="好", actor=own, now=room.now),
    )

    actions.answer(request_id=request.pk, text="", accepts=True, actor=own, now=room.now)
    report = actions.draw_up(**room.by(room.chair))

    [line] = [row for row in report.body["ranking"] if row["bidder"] == C]
    assert line["price"] == "9199640.00"
    assert report.body["base"] == "9199640.00"


def test_silence_to_a_correction_is_no_confirmation() -> None:
    """S-09."""
    room = scored()
    actions.correct(
        **room.by(room.chair), bidder_code=C, question="请确认", words=Decimal("9300000.00")
    )
    for member in room.members:
        actions.say(**room.by(member), lacks_competition=False)
    room.now += timedelta(hours=2)

    report = actions.draw_up(**room.by(room.chair))

    assert [row["bidder"] for row in report.body["rejected"]] == [C]
    assert Request.objects.get().kind == RequestKind.CORRECTION


# The report.


def test_the_report_is_that_of_the_handbook_and_carries_all_it_rests_on() -> None:
    """S-01, S-02, S-03, W-27."""
    room, report = drawn_up()

    rows = [(row["rank"], row["bidder"], row["total"]) for row in report.body["ranking"]]
    assert rows == [(1, A, "89.75"), (2, C, "89.00"), (3, B, "88.60")]
    assert report.candidates == 3
    assert report.body["formula_version"] == "S/1"
    names = [account.display_name for account in room.accounts]
    assert not any(name in str(report.body) for name in names)
    assert queries.report(room.lot.code) is None


def test_nothing_is_marked_while_a_report_stands_and_again_after_its_withdrawal() -> None:
    room, report = drawn_up()
    room.sign(room.members[1], report)

    refused(rules.LOCKED, lambda: room.mark(room.members[1], A, TECHNICAL, "50", number=1))
    refused(rules.LOCKED, lambda: actions.say(**room.by(room.members[1]), needs_time=True))
    refused(rules.LOCKED, lambda: actions.draw_up(**room.by(room.chair)))
    actions.withdraw(**room.by(room.chair))
    room.mark(room.members[1], A, TECHNICAL, "50", number=1)
    second = actions.draw_up(**room.by(room.chair))

    assert (second.number, report.number) == (2, 1)
    assert second.digest != report.digest
    refused(rules.OTHER_REPORT, lambda: room.sign(room.members[1], report))


def test_unequal_objective_marks_and_missing_ones_keep_the_report_back() -> None:
    """S-02."""
    room = scored()
    room.mark(room.members[2], A, BUSINESS, "17", number=1)

    found = refused(rules.UNEQUAL, lambda: actions.draw_up(**room.by(room.chair)))
    [gap] = found.facts["gaps"]  # type: ignore[misc]
    assert (gap.bidder_code, gap.criterion.code) == (A, BUSINESS)

    Assessment.objects.filter(criterion=BUSINESS, bidder_code=A).delete()
    lacking = refused(rules.INCOMPLETE, lambda: actions.draw_up(**room.by(room.chair)))
    assert {gap.seat for gap in lacking.facts["gaps"]} == {1, 2, 3, 4, 5}  # type: ignore[attr-defined]


def test_dissent_needs_its_reason_and_silence_counts_as_consent_once_noted() -> None:
    """W-27."""
    room, report = drawn_up()
    one, two, three, four, five = room.members
    room.sign(one, report)
    refused(rules.DISSENT_MISSING, lambda: room.sign(two, report, opinion=Opinion.DISSENTED))
    room.sign(two, report, opinion=Opinion.DISSENTED, reason="业绩认定有误。")
    room.sign(three, report, opinion=Opinion.REFUSED)
    refused(
        rules.DISSENT_MISSING,
        lambda: room.sign(four, report, opinion=Opinion.REFUSED_WITH_REASON),
    )
    room.sign(four, report, opinion=Opinion.REFUSED_WITH_REASON, reason="程序有误。")
    refused(rules.SIGNED_ALREADY, lambda: room.sign(four, report))
    refused(rules.SIGNED_ALREADY, lambda: room.sign(five, report, opinion=Opinion.NOTED))
    refused(rules.NOT_SIGNED, lambda: actions.submit(**room.by(room.chair)))

    note = {"seat": 5, "reason": "该成员离席，拒绝签字且不说明理由。"}
    refused(rules.CHAIR_ONLY, lambda: actions.note_refusal(**room.by(two), **note))
    refused(
        rules.DISSENT_MISSING,
        lambda: actions.note_refusal(**room.by(one), seat=5, reason=""),
    )
    refused(rules.SIGNED_ALREADY, lambda: actions.note_refusal(**room.by(one), seat=4, reason="无"))
    refused(rules.NOT_A_MEMBER, lambda: actions.note_refusal(**room.by(one), seat=1, reason="无"))
    actions.note_refusal(**room.by(one), **note)
    refused(rules.CHAIR_ONLY, lambda: actions.submit(**room.by(two)))
    actions.submit(**room.by(one))

    assert room.case.awaits == "receive_report"
    handed = queries.report(room.lot.code)
    assert handed is not None
    assert handed.digest == report.digest


def test_a_member_whose_refusal_was_noted_may_still_speak() -> None:
    room, report = drawn_up()
    actions.note_refusal(**room.by(room.chair), seat=5, reason="拒绝签字。")

    room.sign(room.members[4], report, opinion=Opinion.DISSENTED, reason="评分偏高。")

    assert report.signatures.get(member__seat=5).opinion == Opinion.DISSENTED


def test_the_submitted_report_is_received_and_read_by_later_steps() -> None:
    room, report = submitted()
    done = room.case.steps.get(step="evaluate")

    actions.receive(case_id=room.case.pk, actor=CLERK, now=room.now)

    found = queries.report(room.lot.code)
    assert found is not None
    assert [row.bidder_code for row in found.ranking] == [A, C, B]
    assert found.ranking[0].price == Decimal("9600000.00")
    assert found.ranking[0].score == Decimal("89.75")
    assert found.method == "comprehensive"
    assert found.conclusion_label == "推荐中标候选人"
    assert done.done_by_name == "评标委员会"
    assert done.facts["report"] == report.digest
    assert room.case.awaits == "publish_candidates"


def test_the_outcome_of_the_step_is_that_of_the_report() -> None:
    """A member who calls the engine by hand is stopped by the guard."""
    room, report = drawn_up()
    call = {"case_id": room.case.pk, "step": "evaluate", "actor": room.chair, "now": room.now}
    refused(
        rules.NOT_SIGNED,
        lambda: engine.advance(outcome="ranked", facts={"candidates": 3}, **call),
    )
    for member in room.members:
        room.sign(member, report)

    refused(
        rules.NOT_SIGNED,
        lambda: engine.advance(outcome="all_rejected", facts={"candidates": 0}, **call),
    )
    refused(
        rules.NOT_SIGNED,
        lambda: engine.advance(outcome="ranked", facts={"candidates": 2}, **call),
    )
    refused(
        reasons.COUNT_UNLAWFUL,
        lambda: engine.advance(outcome="ranked", facts={"candidates": 4}, **call),
    )


def test_no_competition_left_leads_to_the_failure_of_the_round() -> None:
    """W-26, Q-02."""
    room = sitting(ceiling=Decimal("9700000.00")).scored_of(A, C)
    refused(rules.COMPETITION_UNDECIDED, lambda: actions.draw_up(**room.by(room.chair)))
    for number, member in enumerate(room.members):
        actions.say(**room.by(member), lacks_competition=number < 3)

    report = actions.draw_up(**room.by(room.chair))
    for member in room.members:
        room.sign(member, report)
    actions.submit(**room.by(room.chair))

    assert report.conclusion == Conclusion.NO_COMPETITION
    assert room.case.awaits == "announce_failure"


def test_all_bids_rejected_lead_to_the_failure_of_the_round() -> None:
    """W-26, Q-03."""
    room = reviewed(ceiling=Decimal("1000000.00"))

    report = actions.draw_up(**room.by(room.chair))
    for member in room.members:
        room.sign(member, report)
    actions.submit(**room.by(room.chair))

    assert report.conclusion == Conclusion.ALL_REJECTED
    assert len(report.body["rejected"]) == 3
    assert room.case.awaits == "announce_failure"


def test_the_lowest_evaluated_price_needs_no_marks_but_the_documents_quantities() -> None:
    """S-11."""
    criteria = (
        {"group": "form", "number": 1, "title": "签字盖章", "method": "pass", "is_veto": True},
        {"group": "technical", "number": 1, "title": "方案可行", "method": "pass", "is_veto": True},
    )
    rule = {"adjustments": [{"title": "工期每延迟一周", "unit": "周", "percent": "0.5"}]}
    room = declared(criteria=criteria, evaluation_method="lowest", price_rule=rule)
    room.passed(*FIRMS, criteria=("form-1", "technical-1"))
    actions.close_review(**room.by(room.chair))
    for member in room.members:
        for bidder in FIRMS:
            room.mark(member, bidder, "adjustment-1", "10" if bidder == C else "0")

    report = actions.draw_up(**room.by(room.chair))

    rows = [(row["bidder"], row["evaluated_price"]) for row in report.body["ranking"]]
    assert rows == [(A, "9600000.00"), (C, "9660000.00"), (B, "10000000.00")]
