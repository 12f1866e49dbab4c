"""What follows a notice: clarifications, failure, end, stop and going on; the law's own dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act, Current, Version
from gongheng.data.standard.times import wire_time
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import queries as holds
from gongheng.registers.messages.models import Delivery
from gongheng.trading.cases import actions as cases, bidders, reasons
from gongheng.trading.cases.models import Case as LotCase
from gongheng.trading.documents.kinds import ADDENDA
from gongheng.trading.documents.tests.support import issued as documents_of
from gongheng.trading.notices import (
    announcing,
    clarifying,
    content,
    queries,
    questioning,
    rules,
    unlawful,
)
from gongheng.trading.notices.kinds import (
    DATASET,
    EXCEPTIONS,
    AnnouncementFacts,
    Cause,
    ChangeFacts,
    QuestionState,
)
from gongheng.trading.notices.models import Announcement, Clarification, Notice, Question
from gongheng.trading.notices.tests.support import (
    case_of,
    colleague_of,
    draft_of,
    officer_of,
    publish,
)
from gongheng.trading.projects.models import Lot
from gongheng.trading.projects.tests.support import NOW, actor, lot_of, person, tender_of
from gongheng.trust.identity.actors import NOBODY, Actor, system_of
from gongheng.trust.identity.models import AuditEntry
from tests.cases import WORKS, confirmed, everything_agreed, plain_deed
from tests.worlds import once

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = datetime(2026, 11, 9, 9, 0, tzinfo=BEIJING)
MAY = datetime(2026, 5, 5, 9, 0, tzinfo=BEIJING)


@dataclass
class Standing:
    clerk: Actor
    colleague: Actor
    notice: Notice
    lots: list[Lot]

    @property
    def case(self) -> LotCase:
        return case_of(self.lots[0])

    def fresh(self) -> Notice:
        self.notice.refresh_from_db()
        return self.notice


@pytest.fixture(name="standing")
def _standing() -> Standing:
    return published()


@once
def published() -> Standing:
    """Return a published notice for two lots."""
    cases.adopt(WORKS, now=NOW)
    clerk = actor(person("王芳"))
    tender = tender_of(clerk)
    lots = [lot_of(tender, clerk), lot_of(tender, clerk, name="施工二标段")]
    notice = publish(draft_of(tender, clerk), clerk)
    return Standing(clerk, colleague_of(clerk), notice, lots)


def change(notice: Notice, **changes: Any) -> ChangeFacts:
    later = notice.bids_due_at + timedelta(days=7)
    facts: dict[str, Any] = {
        "old_text": "图纸 S-03，雨水管径 600 毫米。",
        "new_text": "图纸 S-03，雨水管径 800 毫米。",
        "reason": "图纸调整，顺延七日。",
        "may_affect_bids": True,
        "documents_until": notice.documents_until,
        "bids_due_at": later,
        "opening_at": later,
    }
    return ChangeFacts(**(facts | changes))


def clarified(standing: Standing, now: datetime = NOW, **changes: Any) -> Notice:
    proposals = clarifying.propose(
        case_id=standing.case.pk,
        changes=standing.fresh().changes,
        facts=change(standing.notice, **changes),
        actor=standing.clerk,
        now=now,
    )
    confirmed(proposals[0], standing.colleague, now)
    return standing.fresh()


def announce(
    standing: Standing, step: str, now: datetime, who: Actor, second: Actor, **facts: Any
) -> list[Announcement]:
    stated = AnnouncementFacts(**({"statement": "情况说明。"} | facts))
    proposals = announcing.propose(
        case_id=standing.case.pk, step=step, facts=stated, actor=who, now=now
    )
    confirmed(proposals[0], second, now)
    return list(Announcement.objects.filter(published_at=now).order_by("lot__code"))


Said = list[tuple[str, str, str, frozenset[str]]]
"""Kind, subject, body and lots of what those who have a bid in were told."""


@pytest.fixture(name="said")
def _said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """Return what this room has said to those who have a bid in, in place of the room of bids."""
    found: Said = []

    def way(of: Sequence[LotCase], *, subject: str, body: str, kind: str, **_: Any) -> None:
        found.append((kind, subject, body, frozenset(case.code for case in of)))

    monkeypatch.setattr(bidders, "_ways", [way])
    return found


def test_a_clarification_is_told_at_once_to_who_has_a_bid_in_any_lot(
    standing: Standing, said: Said
) -> None:
    notice = clarified(standing)

    [(kind, subject, body, lots)] = said
    assert kind == "notice.changed"
    assert subject == f"{notice.title}：第1号澄清（修改）"
    assert "2026年11月9日09:00" in body
    assert lots == {lot.code for lot in standing.lots}


def test_each_lots_stop_and_going_on_is_told_with_the_new_deadline(
    standing: Standing, said: Said
) -> None:
    officer, other = officer_of(standing.clerk), officer_of(standing.clerk, "值班")
    due = standing.notice.bids_due_at + timedelta(days=3)

    announce(standing, "suspend", NOW, officer, other, since=NOW, statement="机房断电。")
    announce(standing, "resume", NOW + timedelta(days=1), officer, other, bids_due_at=due)

    kinds = [(kind, lots) for kind, _, _, lots in said]
    of_each = [frozenset({lot.code}) for lot in standing.lots]
    assert kinds == [
        *(("notice.suspension", lot) for lot in of_each),
        *(("notice.resumption", lot) for lot in of_each),
    ]
    assert "机房断电。" in said[0][2]
    assert content.written(due) in said[-1][2]


def test_the_end_of_a_tender_is_told_with_what_follows(standing: Standing, said: Said) -> None:
    announce(
        standing,
        "terminate",
        NOW,
        standing.clerk,
        standing.colleague,
        duties="退还投标保证金及利息。",
    )

    assert [kind for kind, *_ in said] == ["notice.termination"] * 2
    assert all("退还投标保证金及利息。" in body for _, _, body, _ in said)


def test_the_failure_of_a_lot_is_told_for_that_lot_alone(standing: Standing, said: Said) -> None:
    due = standing.notice.bids_due_at
    cases.advance(
        case_id=standing.case.pk,
        step="close_bids",
        outcome="too_few",
        facts={"bidders": 2},
        actor=system_of("530100"),
        now=due,
    )

    announce(standing, "announce_failure", due, standing.clerk, standing.colleague)

    [(kind, _, _, lots)] = said
    assert (kind, lots) == ("notice.failure", {standing.lots[0].code})


def test_a_clarification_is_a_new_version_for_all_lots_and_the_old_one_stays(
    standing: Standing,
) -> None:
    """B-04: numbered, old text beside new, the new deadline."""
    notice = clarified(standing)

    versions = Version.objects.filter(dataset=DATASET).order_by("number")
    assert [version.number for version in versions] == [1, 2]
    body = versions[1].body
    assert (body["NOTICE_NATURE"], body["IS_POSTPONE"]) == ("2", "1")
    assert body["BID_OPEN_TIME"] == "20261109090000"
    for words in (
        "第1号澄清（修改）",
        "原内容：图纸 S-03，雨水管径 600",
        "修改为：",
        "变更为2026年11月9日",
    ):
        assert words in body["NOTICE_CONTENT"]
    assert (notice.version_id, notice.changes) == (versions[1].pk, 1)
    for lot in standing.lots:
        stated = case_of(lot).steps.get(step="clarify").facts
        assert datetime.fromisoformat(stated["bids_due_at"]) == notice.bids_due_at


def test_a_clarification_is_a_record_for_the_documents_of_each_lot(standing: Standing) -> None:
    for lot in standing.lots:
        documents_of(case_of(lot), now=NOW, by=standing.clerk, reviewer=standing.colleague)
    due = standing.notice.bids_due_at

    clarified(standing)
    clarified(standing, may_affect_bids=False, bids_due_at=LATER, opening_at=LATER)

    added = Current.objects.filter(dataset=ADDENDA).order_by("key").select_related("version")
    bodies = [one.version.body for one in added]
    lots = [lot.code for lot in standing.lots]
    assert [body["DOC_NO"] for body in bodies] == [f"{lot}10{n}" for lot in lots for n in (1, 2)]
    first, second = bodies[:2]
    assert first["IS_POSTPONE"] == "1"
    assert first["BID_DOC_REFER_END_TIME"] == wire_time(due)
    assert first["POST_OPEN_TIME"] == wire_time(LATER)
    assert "第二十一条顺延投标截止时间" in first["CLARIFY_CONTENT"]
    assert second["IS_POSTPONE"] == "0"
    assert "POST_OPEN_TIME" not in second
    assert "顺延投标截止时间" not in second["CLARIFY_CONTENT"]
    assert {one.version.audience for one in added} == {Audience.PUBLIC}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reason": " "}, rules.NO_REASON),
        ({"new_text": ""}, rules.NO_REASON),
        ({"bids_due_at": NOW + timedelta(days=20, hours=23)}, rules.DEADLINE_SHORTENED),
        ({"opening_at": NOW + timedelta(days=60)}, rules.OPENING_APART),
    ],
)
def test_a_change_against_the_rules_is_refused(
    standing: Standing, changes: dict[str, Any], reason: object
) -> None:
    with pytest.raises(Refusal) as refusal:
        clarified(standing, **changes)

    assert refusal.value.reason is reason
    assert Version.objects.filter(dataset=DATASET).count() == 1


def test_a_clarification_is_for_two_people_and_made_once(standing: Standing) -> None:
    facts = change(standing.notice)
    asked = {"case_id": standing.case.pk, "facts": facts, "actor": standing.clerk, "now": NOW}
    proposals = clarifying.propose(**asked, changes=0)  # type: ignore[arg-type]

    with pytest.raises(Refusal) as refusal:
        confirmed(proposals[0], standing.clerk, NOW)
    assert refusal.value.reason is reasons.SAME_PERSON
    with pytest.raises(Refusal) as refusal:
        clarifying.propose(**asked, changes=0)  # type: ignore[arg-type]
    assert refusal.value.reason is reasons.ALREADY_PROPOSED
    confirmed(proposals[0], standing.colleague, NOW)
    with pytest.raises(Refusal) as refusal:
        clarifying.propose(**asked, changes=0)  # type: ignore[arg-type]
    assert refusal.value.reason is rules.STALE_NOTICE


def test_w_07_the_handbooks_example_fifteen_days_before_20_may_is_5_may() -> None:
    due = datetime(2026, 5, 20, 9, 0, tzinfo=BEIJING)

    rules.require_change_in_time(now=MAY, bids_due_at=due, may_affect_bids=True)
    with pytest.raises(Refusal) as refusal:
        rules.require_change_in_time(
            now=MAY + timedelta(days=1), bids_due_at=due, may_affect_bids=True
        )

    assert refusal.value.reason is rules.CHANGE_TOO_LATE
    assert refusal.value.facts["earliest_day"] == date(2026, 5, 21)
    assert rules.earliest_deadline_after_change(now=MAY) == date(2026, 5, 20)


def test_w_07_a_late_change_that_may_affect_bids_moves_the_deadline(standing: Standing) -> None:
    late = NOW + timedelta(days=10)
    due = standing.notice.bids_due_at
    kept = {"bids_due_at": due, "opening_at": due}

    with pytest.raises(Refusal) as refusal:
        clarified(standing, now=late, **kept)
    assert refusal.value.reason is rules.CHANGE_TOO_LATE
    assert clarified(standing, now=late, may_affect_bids=False, **kept).bids_due_at == due
    earliest = datetime(2026, 11, 6, 9, 0, tzinfo=BEIJING)
    moved = clarified(standing, now=late, bids_due_at=earliest, opening_at=earliest)
    assert moved.bids_due_at == earliest


def test_nothing_is_changed_after_the_deadline(standing: Standing) -> None:
    with pytest.raises(Refusal) as refusal:
        clarified(standing, now=standing.notice.bids_due_at)

    assert refusal.value.reason is rules.DEADLINE_PASSED


def test_a_question_is_answered_in_public_and_nobody_learns_who_asked(standing: Standing) -> None:
    bidder = actor(person("投标人", role="bidder", organisation_code="91440300MA5F000007"))  # type: ignore[arg-type]
    asked = questioning.ask(
        notice_id=standing.notice.pk, text="工期是否含冬歇期？", contact="", actor=bidder, now=NOW
    )
    questioning.ask(
        notice_id=standing.notice.pk,
        text="图纸比例不清。",
        contact="wen@example.cn",
        actor=NOBODY,
        now=NOW,
    )
    entries = AuditEntry.objects.filter(deed=questioning.ASKED)
    assert [entry.account_id for entry in entries] == [None]  # of the stranger alone
    [first, _] = queries.open_questions(standing.notice)
    assert first.get_deferred_fields() == {"asked_by", "contact"}

    clarified(standing, answers=((asked.pk, "含。"),))

    states = Question.objects.order_by("asked_at", "id").values_list("state", flat=True)
    assert list(states) == [QuestionState.ANSWERED, QuestionState.OPEN]
    [published] = queries.answered_questions([standing.notice])
    assert (published.answer, published.clarification) == ("含。", Clarification.objects.get())
    body = Version.objects.get(pk=standing.notice.version_id).body
    assert "问：工期是否含冬歇期？\n答：含。" in body["NOTICE_CONTENT"]
    [told] = Delivery.objects.all()
    assert told.account_id == bidder.account_id
    everything = str(list(Act.objects.values_list("facts", flat=True))) + str(body)
    assert "wen@example.cn" not in everything
    assert "91440300MA5F000007" not in everything


def test_a_question_comes_in_time_says_something_and_strangers_do_not_flood(
    standing: Standing,
) -> None:
    def ask(text: str, now: datetime, who: Actor = NOBODY) -> object:
        try:
            questioning.ask(notice_id=standing.notice.pk, text=text, contact="", actor=who, now=now)
        except Refusal as refusal:
            return refusal.reason
        return None

    due = standing.notice.bids_due_at
    assert ask("问题", due - timedelta(microseconds=1)) is None
    assert ask("问题", due) is rules.QUESTIONS_CLOSED
    assert ask("  ", NOW) is rules.QUESTION_EMPTY
    for _ in range(rules.MOST_QUESTIONS_OF_STRANGERS):
        assert ask("问题", NOW) is None
    assert ask("问题", NOW) is rules.TOO_MANY_QUESTIONS
    assert ask("问题", NOW + timedelta(days=1)) is None
    assert ask("问题", NOW, who=standing.colleague) is None


def test_a_termination_ends_all_lots_is_public_and_frees_them(standing: Standing) -> None:
    """B-08."""
    made = announce(
        standing,
        "terminate",
        NOW,
        standing.clerk,
        standing.colleague,
        duties="退还投标保证金及利息。",
    )

    assert [one.cause for one in made] == [Cause.TERMINATED, Cause.TERMINATED]
    body = Version.objects.get(pk=made[0].version_id).body
    assert body["EXCEPITON_TYPE"] == "3"
    assert "退还投标保证金及利息" in body["EXCEPITON_INFOR"]
    assert [case_of(lot).awaits for lot in standing.lots] == ["refund_terminated"] * 2
    assert Current.objects.get(dataset=DATASET).is_withdrawn
    assert not standing.fresh().is_standing
    assert queries.taken_lots(standing.notice.tender_project) == frozenset()


def test_a_failed_lot_is_announced_with_the_cause_that_led_there(standing: Standing) -> None:
    """B-08."""
    due = standing.notice.bids_due_at
    cases.advance(
        case_id=standing.case.pk,
        step="close_bids",
        outcome="too_few",
        facts={"bidders": 2},
        actor=system_of("530100"),
        now=due,
    )

    [made] = announce(
        standing, "announce_failure", due, standing.clerk, standing.colleague, duties="重新招标。"
    )

    assert made.cause == Cause.TOO_FEW_BIDDERS
    body = Version.objects.get(pk=made.version_id).body
    assert body["EXCEPITON_TYPE"] == "1"
    assert "少于三个" in body["EXCEPITON_INFOR"]
    assert standing.case.awaits == "return_bids"
    assert queries.standing_lots(standing.fresh()) == standing.lots[1:]
    assert standing.notice.is_standing
    assert not Current.objects.get(dataset=DATASET).is_withdrawn


def test_a_second_failure_of_a_lot_is_another_record(standing: Standing) -> None:
    due = standing.notice.bids_due_at
    for number in (1, 2):
        case = standing.case
        with everything_agreed():
            while case.awaits != "close_bids":
                _again(standing, case, due)
                case = standing.case
        cases.advance(
            case_id=case.pk,
            step="close_bids",
            outcome="too_few",
            facts={"bidders": 0},
            actor=system_of("530100"),
            now=due + timedelta(days=60 * number),
        )
        announce(
            standing,
            "announce_failure",
            due + timedelta(days=60 * number),
            standing.clerk,
            standing.colleague,
        )

    titles = [one.title for one in Announcement.objects.order_by("number")]
    named = "龙泉路道路提升改造工程施工（施工一标段）招标失败公告"
    assert titles == [f"{named}（第1号）", f"{named}（第2号）"]
    assert Version.objects.filter(dataset=EXCEPTIONS).count() == 2


def _again(standing: Standing, case: LotCase, due: datetime) -> None:
    """Do the awaited step of a round that begins anew, by whoever may."""
    now = due + timedelta(days=70)
    asked: dict[str, Any] = {"case_id": case.pk, "step": case.awaits, "now": now}
    if case.awaits == "return_bids":
        cases.advance(**asked, actor=officer_of(standing.clerk))
    elif case.awaits == "decide_anew":
        cases.advance(**asked, actor=standing.clerk, outcome="again")
    elif case.awaits == "review_documents":
        cases.advance(**asked, actor=standing.clerk)
    else:
        later = now + timedelta(hours=1)
        ends = now + timedelta(days=45)
        facts = {
            "documents_from": later,
            "documents_until": now + timedelta(days=9),
            "bids_due_at": ends,
            "opening_at": ends,
        }
        proposal = cases.propose(**asked, actor=standing.clerk, facts=facts)
        with plain_deed("publish_notice"):
            confirmed(proposal, standing.colleague, now)


def test_an_outage_stops_all_lots_and_what_remained_remains(standing: Standing) -> None:
    """B-08."""
    officer, other = officer_of(standing.clerk), officer_of(standing.clerk, "值班")
    stopped_at = NOW + timedelta(days=19)
    since = stopped_at - timedelta(hours=2)
    due = standing.notice.bids_due_at
    announce(standing, "suspend", stopped_at, officer, other, since=since)

    assert all(holds.standing_on(lot.code).exists() for lot in standing.lots)
    with pytest.raises(Refusal) as refusal:
        clarified(standing, now=stopped_at, may_affect_bids=False)
    assert refusal.value.reason is reasons.SUSPENDED
    resumed_at = due + timedelta(days=1)
    earliest = resumed_at + (due - since)
    with pytest.raises(Refusal) as refusal:
        announce(
            standing,
            "resume",
            resumed_at,
            officer,
            other,
            bids_due_at=earliest - timedelta(seconds=1),
        )
    assert refusal.value.reason is rules.TIME_LOST
    assert refusal.value.facts["earliest"] == earliest

    announce(standing, "resume", resumed_at, officer, other, bids_due_at=earliest)

    assert standing.fresh().bids_due_at == earliest
    assert not any(holds.standing_on(lot.code).exists() for lot in standing.lots)
    body = Version.objects.get(pk=standing.notice.version_id).body
    assert body["IS_POSTPONE"] == "1"
    assert "恢复招标（HF-530100-" in body["NOTICE_CONTENT"]
    assert queries.suspension_of(standing.case) is None


def test_a_stop_after_the_deadline_moves_no_deadline(standing: Standing) -> None:
    officer, other = officer_of(standing.clerk), officer_of(standing.clerk, "值班")
    due = standing.notice.bids_due_at
    announce(standing, "suspend", due + timedelta(hours=1), officer, other, since=due)

    announce(standing, "resume", due + timedelta(days=2), officer, other, bids_due_at=due)

    assert standing.fresh().bids_due_at == due


def test_an_outage_to_come_and_going_on_without_a_stop_are_refused(standing: Standing) -> None:
    officer, other = officer_of(standing.clerk), officer_of(standing.clerk, "值班")

    with pytest.raises(Refusal) as refusal:
        announce(standing, "suspend", NOW, officer, other, since=NOW + timedelta(minutes=1))
    assert refusal.value.reason is rules.OUTAGE_AHEAD
    with pytest.raises(Refusal) as refusal:
        announce(standing, "resume", NOW, officer, other, bids_due_at=NOW)
    assert refusal.value.reason is rules.NOT_STOPPED
    with pytest.raises(Refusal) as refusal:
        announce(standing, "announce_failure", NOW, standing.clerk, standing.colleague)
    assert refusal.value.reason is rules.NO_FAILURE


def test_documents_found_unlawful_lead_to_a_failure_for_that_cause(standing: Standing) -> None:
    with everything_agreed():
        unlawful.find(
            case_id=standing.case.pk, statement="资质条件违法。", actor=standing.clerk, now=NOW
        )

    [made] = announce(standing, "announce_failure", NOW, standing.clerk, standing.colleague)

    assert made.cause == Cause.DOCUMENTS_UNLAWFUL
