"""A secret is opened early by two supervisors on paper, in the auditor's sight, or not at all (A-13)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from gongheng.data.records import queries as records
from gongheng.data.records.models import Act
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.terms import actors as terms
from gongheng.registers.messages import queries as inboxes
from gongheng.registers.messages.models import Message
from gongheng.trading.cases.models import Case
from gongheng.trading.emergency import actions, queries, reports, rules
from gongheng.trading.emergency.kinds import Item, State
from gongheng.trading.emergency.models import Look, Request
from gongheng.trading.emergency.papers import PAPERS
from gongheng.trading.emergency.tests.support import (
    AUDITOR,
    OPERATOR,
    SECOND,
    THIRD,
    approved,
    asked,
    client_of,
    open_staff,
)
from gongheng.trading.evaluation.tests.support import declared
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account, AuditEntry, Grant
from gongheng.trust.ledger import queries as log
from tests.cases import BIDDER, CLERK, COLLEAGUE, NOW, OFFICER, SUPERVISOR, case_at, walk_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    walk = case_at("close_bids")
    open_staff()
    return walk.fresh()


def reason_of(deed: Callable[[], object]) -> object:
    try:
        deed()
    except Refusal as refusal:
        return refusal.reason
    except Http404:
        return Http404
    return None


def looking(request: Request, who: Actor = SUPERVISOR, now: datetime = NOW) -> object:
    return reason_of(lambda: actions.look(request_id=request.pk, actor=who, now=now))


class TestTheUsualWay:
    """Ask, approve, look; each leaves a trace that stays."""

    def test_two_supervisors_see_who_sits_on_the_committee(self) -> None:
        sitting = declared()
        open_staff()
        request = approved(sitting.walk.fresh())

        _, lines = actions.look(request_id=request.pk, actor=SUPERVISOR, now=NOW)
        actions.look(request_id=request.pk, actor=SECOND, now=NOW)

        assert len(lines) >= 5
        assert any(line.name.startswith("专家") for line in lines)
        assert [look.name for look in request.looks.order_by("id")] == ["wu", "jian-er"]
        told = inboxes.inbox_of(AUDITOR).values_list("message__kind", flat=True)
        assert list(told) == ["emergency.audit"] * 3
        deeds = AuditEntry.objects.filter(object_id=str(request.pk)).order_by("id")
        assert list(deeds.values_list("deed", flat=True)) == [
            "emergency.asked",
            "emergency.approved",
            "emergency.looked",
            "emergency.looked",
        ]
        acts = Act.objects.filter(kind__startswith="emergency").order_by("id")
        assert [act.kind for act in acts] == [reports.APPROVED, reports.LOOKED, reports.LOOKED]
        assert all(log.leaf_of(act.pk) for act in acts)

    def test_what_is_told_and_logged_names_nobody_of_the_list(self) -> None:
        sitting = declared()
        open_staff()
        request = approved(sitting.walk.fresh())
        _, lines = actions.look(request_id=request.pk, actor=SUPERVISOR, now=NOW)

        written = Message.objects.filter(kind__startswith="emergency")
        said = [f"{one.subject}{one.body}" for one in written]
        said += [str(act.facts) for act in Act.objects.filter(kind__startswith="emergency")]
        assert said
        assert not any(line.name in words for line in lines for words in said)

    def test_nobody_but_the_two_and_the_auditor_hears_of_it_meanwhile(self, case: Case) -> None:
        request = approved(case)
        actions.look(request_id=request.pk, actor=SUPERVISOR, now=NOW)

        assert actions.tell_parties(now=NOW) == 0
        for who in (CLERK, BIDDER, OFFICER, OPERATOR):
            assert not inboxes.inbox_of(who).filter(message__kind__startswith="emergency").exists()
        assert not queries.requests_for(CLERK).exists()

    def test_the_parties_hear_once_when_the_secret_has_ended(self) -> None:
        walk = case_at("close_bids")
        open_staff()
        request = approved(walk.fresh())
        actions.look(request_id=request.pk, actor=SUPERVISOR, now=NOW)
        walk_to(walk, "sign_contract")

        assert actions.tell_parties(now=walk.now) == 1
        assert actions.tell_parties(now=walk.now) == 0
        told = Message.objects.get(kind="emergency.told")
        assert "共查阅 1 次" in told.body
        assert inboxes.inbox_of(CLERK).filter(message=told).exists()

    def test_while_the_secret_lasts_no_row_is_locked(self, case: Case) -> None:
        """The worker asks every 20 seconds, and a lock is a write."""
        approved(case)

        with CaptureQueriesContext(connection) as asked:
            assert actions.tell_parties(now=NOW) == 0
        assert not [each for each in asked.captured_queries if "FOR UPDATE" in each["sql"]]

    def test_its_leaves_in_the_log_tell_nobody_what_they_are(self, case: Case) -> None:
        approved(case)
        act = Act.objects.get(kind=reports.APPROVED)

        assert act.audience == "parties"
        leaf = log.leaf_of(act.pk)
        assert leaf is not None
        assert b"emergency" not in bytes(leaf.data)
        assert records.disclosures([leaf]) == {}


class TestBypasses:
    """Every way around fails, and the failure is written down."""

    def test_the_same_person_does_not_approve(self, case: Case) -> None:
        request = asked(case)

        found = reason_of(
            lambda: actions.decide(request_id=request.pk, approves=True, actor=SUPERVISOR, now=NOW)
        )

        assert found is rules.SAME_PERSON
        assert looking(request) is rules.NOT_APPROVED

    def test_the_database_too_refuses_one_person_in_both_places(self, case: Case) -> None:
        request = approved(case)

        with pytest.raises(IntegrityError), transaction.atomic():
            Request.objects.filter(pk=request.pk).update(decided_by=request.asked_by)

    def test_one_person_in_both_places_is_not_proven_without_the_database(self, case: Case) -> None:
        request = approved(case)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE emergency_request DROP CONSTRAINT emergency_by_two")
        Request.objects.filter(pk=request.pk).update(decided_by=request.asked_by)

        assert looking(request) is rules.NOT_PROVEN
        assert not Look.objects.exists()

    @pytest.mark.parametrize("who", [OPERATOR, CLERK, COLLEAGUE, OFFICER, BIDDER, AUDITOR])
    def test_no_other_role_asks_approves_or_looks(self, case: Case, who: Actor) -> None:
        waiting = asked(case)

        assert reason_of(lambda: asked(case, who=who)) is Http404
        assert (
            reason_of(
                lambda: actions.decide(request_id=waiting.pk, approves=True, actor=who, now=NOW)
            )
            is Http404
        )
        assert looking(waiting, who) is Http404

    def test_a_supervisor_of_another_region_sees_no_request(self, case: Case) -> None:
        request = approved(case)

        assert looking(request, replace(SECOND, region_code="530300")) is Http404

    def test_a_third_supervisor_does_not_look(self, case: Case) -> None:
        assert looking(approved(case), THIRD) is rules.NOT_YOURS

    def test_nothing_is_seen_after_the_end(self, case: Case) -> None:
        request = approved(case)

        assert looking(request, now=NOW + timedelta(hours=24)) is rules.NOT_APPROVED
        assert looking(request, now=NOW + timedelta(hours=23, minutes=59)) is None

    def test_nothing_is_seen_after_a_no(self, case: Case) -> None:
        request = asked(case)
        decide = {"request_id": request.pk, "approves": False, "actor": SECOND, "now": NOW}

        assert reason_of(lambda: actions.decide(**decide)) is rules.NO_ANSWER
        actions.decide(**decide, answer="文书与本项目无关。")
        assert looking(request) is rules.NOT_APPROVED
        assert (
            reason_of(
                lambda: actions.decide(request_id=request.pk, approves=True, actor=THIRD, now=NOW)
            )
            is rules.NOT_WAITING
        )

    def test_a_request_that_nobody_decided_is_void(self, case: Case) -> None:
        request = asked(case)
        late = NOW + rules.DECIDED_WITHIN

        assert (
            reason_of(
                lambda: actions.decide(request_id=request.pk, approves=True, actor=SECOND, now=late)
            )
            is rules.NOT_WAITING
        )
        assert asked(case, now=late).state == State.WAITING

    def test_a_request_opens_no_other_case(self, case: Case) -> None:
        request = approved(case)
        Request.objects.filter(pk=request.pk).update(
            case=Case.objects.create(
                region_code=case.region_code,
                code="E5301000001000009001001",
                title="另一标段",
                version=case.version,
                tenderer_code=case.tenderer_code,
                awaits=case.awaits,
                phase=case.phase,
                begun_at=NOW,
            )
        )

        assert looking(request) is rules.NOT_PROVEN

    @pytest.mark.parametrize(
        "change",
        [
            {"item": Item.INVITEES},
            {"ends_at": NOW + timedelta(days=300)},
            {"document": "别的文号"},
            {"asked_by": THIRD.account_id},
            {"paper_digest": "0" * 64},
        ],
    )
    def test_a_changed_row_opens_nothing(self, case: Case, change: dict[str, Any]) -> None:
        request = approved(case)
        Request.objects.filter(pk=request.pk).update(**change)
        who = THIRD if "asked_by" in change else SUPERVISOR

        assert looking(request, who) is rules.NOT_PROVEN
        assert not Look.objects.exists()

    def test_a_flag_in_the_database_without_an_approval_opens_nothing(self, case: Case) -> None:
        request = asked(case)
        Request.objects.filter(pk=request.pk).update(
            state=State.APPROVED,
            decided_by=SECOND.account_id,
            decided_at=NOW,
            ends_at=NOW + timedelta(days=1),
            approval_id=uuid7(),
        )

        assert looking(request) is rules.NOT_PROVEN
        with pytest.raises(IntegrityError), transaction.atomic():
            Request.objects.filter(pk=request.pk).update(approval_id=None)

    def test_an_act_that_the_log_does_not_hold_opens_nothing(self, case: Case) -> None:
        request = approved(case)
        act = Act.objects.get(pk=request.approval_id)
        Request.objects.filter(pk=request.pk).update(ends_at=NOW + timedelta(days=300))
        request.refresh_from_db()
        Act.objects.filter(pk=act.pk).update(facts=dict(reports.approval_of(request)))

        assert looking(request) is rules.NOT_PROVEN

    def test_a_paper_that_was_exchanged_or_lost_opens_nothing(self, case: Case) -> None:
        request = approved(case)
        path = PAPERS.path_of(request.paper_digest)
        path.write_bytes(b"%PDF-1.4 other")
        exchanged = looking(request)
        path.unlink()

        assert exchanged is rules.NOT_PROVEN
        assert looking(request) is rules.NOT_PROVEN

    def test_without_an_auditor_nothing_begins(self, case: Case) -> None:
        request = approved(case)
        Grant.objects.filter(role="auditor").update(ends_at=NOW)

        assert looking(request) is rules.NO_AUDITOR
        assert not Look.objects.exists()

    def test_without_an_auditor_nothing_is_approved(self, case: Case) -> None:
        waiting = asked(case)
        Grant.objects.filter(role="auditor").update(ends_at=NOW)

        assert (
            reason_of(
                lambda: actions.decide(request_id=waiting.pk, approves=True, actor=SECOND, now=NOW)
            )
            is rules.NO_AUDITOR
        )

    @pytest.mark.parametrize(
        "lacking", [{"paper": None}, {"document": " "}, {"reason": "\n"}], ids=str
    )
    def test_no_request_without_number_reason_and_paper(
        self, case: Case, lacking: dict[str, Any]
    ) -> None:
        assert reason_of(lambda: asked(case, **lacking)) is rules.NO_PAPER

    def test_an_item_is_asked_for_once_at_a_time(self, case: Case) -> None:
        asked(case)

        assert reason_of(lambda: asked(case)) is rules.ASKED_ALREADY

    def test_what_is_no_secret_or_not_there_is_not_asked_for(self, case: Case) -> None:
        assert reason_of(lambda: asked(case, item=Item.INVITEES)) is rules.NOT_SECRET

    def test_no_term_is_longer_than_three_days(self, case: Case) -> None:
        for hours in (0, 73):
            with pytest.raises(ValueError, match="no term"):
                asked(case, hours=hours)


def test_neither_bids_nor_who_bids_are_an_item() -> None:
    """A-01, A-06: not by any paper."""
    assert {item.value for item in Item} == {"invitees", "committee"}
    assert terms.A_13.value == 2


def test_refusals_stand_in_the_trail(case: Case) -> None:
    request = asked(case)
    client_of(SUPERVISOR).post(f"/emergency/{request.pk}/look/")

    found = AuditEntry.objects.get(deed="emergency.looked")
    assert (found.outcome, found.reason) == ("refused", rules.NOT_APPROVED.code)
    assert Account.objects.get(pk=SUPERVISOR.account_id) == found.account
