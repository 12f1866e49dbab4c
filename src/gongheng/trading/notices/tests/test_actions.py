from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from gongheng.data.records.models import Act, Current, Version
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects.kinds import Commission
from gongheng.trading.cases import actions as cases, gate, reasons
from gongheng.trading.cases.kinds import Verdict
from gongheng.trading.cases.models import Proposal
from gongheng.trading.notices import actions, drafts, queries, rules
from gongheng.trading.notices.kinds import DATASET
from gongheng.trading.notices.models import Notice, NoticeDraft
from gongheng.trading.notices.tests.support import (
    case_of,
    colleague_of,
    draft_of,
    propose,
    publish,
    to_notice,
    typed,
)
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trading.projects.tests.support import (
    AGENCY,
    NOW,
    OTHER,
    actor,
    agreement,
    lot_of,
    person,
    tender_of,
)
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import AuditEntry
from tests.cases import WORKS, confirmed
from tests.worlds import once


@dataclass
class Case:
    clerk: Actor
    colleague: Actor
    tender: TenderProject
    lot: Lot


def make_case(**changes: Any) -> Case:
    clerk, colleague = actor(person("王芳")), actor(person("李娜"))
    tender = tender_of(clerk, **changes)
    return Case(clerk, colleague, tender, lot_of(tender, clerk))


@pytest.fixture(name="case")
def _case() -> Case:
    return usual_case()


@once
def usual_case() -> Case:
    cases.adopt(WORKS, now=NOW)
    return make_case()


def seen_of(proposal: Proposal) -> str:
    """Return what a second person saw before anything was decided."""
    passage = gate.deed_of(proposal.step).preview(proposal, NOW)
    return gate.digest(passage, gate.proposals_of(proposal.matter))


def confirm(proposal: Proposal, seen: str, who: Actor) -> None:
    cases.confirm(
        proposal_id=proposal.pk,
        verdict=Verdict.PUBLISH,
        seen=seen,
        reason="已逐项核对",
        actor=who,
        now=NOW,
    )


@pytest.mark.django_db
def test_a_published_notice_is_a_record_with_all_the_law_asks_for(case: Case) -> None:
    """B-03."""
    notice = publish(draft_of(case.tender, case.clerk), case.clerk)

    body = Version.objects.get(pk=notice.version_id).body
    assert body["UNIFIED_DEAL_CODES"] == case.lot.transaction_code
    assert body["BID_OPEN_TIME"] == body["BID_DOC_REFER_END_TIME"] == "20261102090000"
    for heading in ("招标条件", "投标人资格要求", "招标文件的获取", "联系方式"):
        assert heading in body["NOTICE_CONTENT"]
    assert Current.objects.get(dataset=DATASET).is_notice
    assert Act.objects.latest("id").kind == "notice.published"
    assert notice.reference == "ZB-530100-20261012-000001"
    assert AuditEntry.objects.get(deed="notice.published").object_id == str(notice.pk)


@pytest.mark.django_db
def test_a_notice_through_an_agency_names_the_agency() -> None:
    case = make_case(organise_form="2", agency_name="云南诚衡招标有限公司", agency_code=AGENCY)

    notice = publish(draft_of(case.tender, case.clerk), case.clerk)

    body = Version.objects.get(pk=notice.version_id).body
    assert body["TENDER_AGENCY_CODE"] == AGENCY
    assert "招标代理机构：云南诚衡招标有限公司" in body["NOTICE_CONTENT"]


@pytest.mark.django_db
def test_one_person_alone_does_not_publish(case: Case) -> None:
    [proposal] = propose(draft_of(case.tender, case.clerk), case.clerk)

    with pytest.raises(Refusal) as refusal:
        confirmed(proposal, case.clerk, NOW)

    assert refusal.value.reason is reasons.SAME_PERSON
    assert not Notice.objects.exists()
    confirmed(proposal, case.colleague, NOW)
    assert Notice.objects.get().published_by_name == "李娜"


@pytest.mark.django_db
def test_proposing_twice_is_one_proposal_and_publishing_twice_is_refused(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)

    first, second = propose(draft, case.clerk), propose(draft, case.colleague)

    assert first == second
    seen = seen_of(first[0])
    confirmed(first[0], case.colleague, NOW)
    with pytest.raises(Refusal) as refusal:
        confirm(first[0], seen, case.colleague)
    assert refusal.value.reason is reasons.PROPOSAL_SETTLED
    with pytest.raises(Refusal) as refusal:
        propose(draft, case.clerk)
    assert refusal.value.reason is actions.PUBLISHED
    assert Version.objects.filter(dataset=DATASET).count() == 1


@pytest.mark.django_db
def test_a_notice_of_two_lots_is_one_matter_and_moves_both_cases(case: Case) -> None:
    second = lot_of(case.tender, case.clerk, name="施工二标段")

    notice = publish(draft_of(case.tender, case.clerk), case.clerk, case.colleague)

    for lot in (case.lot, second):
        moved = case_of(lot)
        assert moved.awaits == "close_bids"
        assert moved.terms_on == date(2026, 10, 12)
        known = moved.steps.get(step="publish_notice").facts
        assert known["bids_due_at"] == notice.bids_due_at.astimezone(BEIJING).isoformat()
    assert queries.standing_lots(notice) == [case.lot, second]


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_confirming_at_the_same_moment_publish_once() -> None:
    case = make_case()
    [proposal] = propose(draft_of(case.tender, case.clerk), case.clerk)
    second, seen = colleague_of(case.clerk), seen_of(proposal)

    def press(who: Actor) -> bool:
        try:
            confirm(proposal, seen, who)
        except Refusal as refusal:
            assert refusal.reason is reasons.PROPOSAL_SETTLED  # noqa: PT017  the loser is told so
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as hands:
        done = list(hands.map(press, [case.colleague, second] * 2))

    assert sorted(done) == [False, False, False, True]
    assert Version.objects.filter(dataset=DATASET).count() == 1
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_a_draft_that_waits_for_its_second_person_is_not_changed(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    propose(draft, case.clerk)

    with pytest.raises(Refusal) as refusal:
        actions.save_draft(
            tender_project_id=case.tender.pk,
            values=typed(case.tender, case.colleague, title="改过的标题"),
            number=draft.number,
            actor=case.colleague,
            now=NOW,
        )

    assert refusal.value.reason is rules.AWAITS_REVIEW


@pytest.mark.django_db
def test_what_the_second_person_returns_can_be_changed_and_proposed_anew(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    [proposal] = propose(draft, case.clerk)
    confirmed(proposal, case.colleague, NOW, verdict=Verdict.RETURN, reason="标题有误")

    draft = actions.save_draft(
        tender_project_id=case.tender.pk,
        values=typed(case.tender, case.clerk, title="改过的标题"),
        number=draft.number,
        actor=case.clerk,
        now=NOW,
    )

    assert publish(draft, case.clerk, case.colleague).title == "改过的标题"


@pytest.mark.django_db
def test_the_agency_proposes_and_the_tenderer_confirms() -> None:
    agency = actor(person("陈静", organisation_code=AGENCY))
    tenderer = actor(person("王芳"))
    agreement(NOW.date(), NOW.date() + timedelta(days=60))
    tender = tender_of(
        agency, organise_form="2", agency_name="云南诚衡招标有限公司", agency_code=AGENCY
    )
    lot_of(tender, agency)

    notice = publish(draft_of(tender, agency), agency, tenderer)

    assert notice.published_by_name == "王芳"


@pytest.mark.django_db
def test_an_agency_does_only_what_it_is_commissioned_to_do() -> None:
    agency = actor(person("陈静", organisation_code=AGENCY))
    commissions = agreement(
        NOW.date(), NOW.date() + timedelta(days=60), commissions=[Commission.PREPARATION]
    )
    tender = tender_of(
        agency, organise_form="2", agency_name="云南诚衡招标有限公司", agency_code=AGENCY
    )
    lot_of(tender, agency)

    with pytest.raises(Refusal) as refusal:
        to_notice(tender, agency)
    commissions.commissions += [Commission.DOCUMENTS]
    commissions.save()

    assert refusal.value.reason is reasons.NOT_COMMISSIONED
    assert refusal.value.facts["commission"] == Commission.DOCUMENTS
    assert publish(draft_of(tender, agency), agency, actor(person("王芳"))).is_standing


@pytest.mark.django_db
def test_other_times_than_those_of_the_draft_are_not_proposed(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    to_notice(case.tender, case.clerk)
    form = drafts.read(draft, actor=case.clerk, now=NOW)
    facts = actions._facts(draft, actions.complete(form).facts())
    facts["bids_due_at"] = facts["opening_at"] = NOW + timedelta(days=60)

    with pytest.raises(Refusal) as refusal:
        cases.propose(
            case_id=case_of(case.lot).pk,
            step="publish_notice",
            facts=facts,
            actor=case.clerk,
            now=NOW,
        )

    assert refusal.value.reason is rules.OTHER_TIMES


@pytest.mark.django_db
def test_two_clerks_never_overwrite_each_other_silently(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)

    def save(who: Actor, title: str) -> NoticeDraft:
        return actions.save_draft(
            tender_project_id=case.tender.pk,
            values=typed(case.tender, case.clerk, title=title),
            number=draft.number,
            actor=who,
            now=NOW,
        )

    saved = save(case.colleague, "李娜的标题")
    with pytest.raises(Refusal) as refusal:
        save(case.clerk, "王芳的标题")

    assert refusal.value.reason is rules.STALE_DRAFT
    assert save(case.clerk, "李娜的标题").number == saved.number  # the same words are no conflict
    assert NoticeDraft.objects.get().values["title"] == "李娜的标题"


@pytest.mark.django_db
def test_a_draft_that_changed_after_it_was_checked_is_not_published(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    actions.save_draft(
        tender_project_id=case.tender.pk,
        values=typed(case.tender, case.colleague, title="改过的标题"),
        number=draft.number,
        actor=case.colleague,
        now=NOW,
    )

    with pytest.raises(Refusal) as refusal:
        publish(draft, case.clerk)  # of the number that was read

    assert refusal.value.reason is rules.STALE_DRAFT
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_tender_project_has_one_open_draft(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    draft.pk = None

    second = NoticeDraft(
        region_code=draft.region_code,
        tender_project=case.tender,
        saved_by_name="王芳",
        saved_at=NOW,
    )
    with pytest.raises(IntegrityError, match="notices_one_open_draft"), transaction.atomic():
        second.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"lots": []},
        {"bids_due_at": "2026-11-01 09:00", "opening_at": "2026-11-01 09:00"},
        {"opening_at": "2026-11-02 09:01"},
        {"documents_until": "2026-10-17 17:00"},
        {"documents_from": "2026-10-12 08:59"},
        {"bids_due_at": "2026-11-02 24:00"},
        {"title": "长" * 601},
        {"tenderer_email": "没有邮箱"},
    ],
)
def test_a_wrong_draft_is_kept_but_not_published(case: Case, wrong: dict[str, Any]) -> None:
    draft = draft_of(case.tender, case.clerk, **wrong)

    with pytest.raises(Refusal) as refusal:
        publish(draft, case.clerk)

    assert refusal.value.reason is actions.INCOMPLETE
    assert NoticeDraft.objects.filter(published_at=None).exists()
    assert not Version.objects.filter(dataset=DATASET).exists()


@pytest.mark.django_db
def test_a_lot_has_one_standing_notice(case: Case) -> None:
    publish(draft_of(case.tender, case.clerk), case.clerk)
    draft = draft_of(case.tender, case.clerk, lots=[case.lot.code], title="第二份公告")

    with pytest.raises(Refusal) as refusal:
        publish(draft, case.clerk)

    assert refusal.value.reason is actions.INCOMPLETE
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_only_the_own_organisation_in_its_region_publishes(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    strangers = [
        actor(person("张伟", organisation_code=OTHER)),
        actor(person("杨洋", region_code="530300")),
    ]

    to_notice(case.tender, case.clerk)
    for stranger in strangers:
        with pytest.raises(NoticeDraft.DoesNotExist):
            publish(draft, stranger)
    with pytest.raises(Refusal) as refusal:
        publish(draft, actor(person("赵强", role=Role.OFFICER)))
    assert refusal.value.reason is actions.NOT_ALLOWED
    assert publish(draft, case.clerk)
