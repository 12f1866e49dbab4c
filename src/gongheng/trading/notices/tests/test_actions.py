from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from gongheng.data.records.models import Act, Current, Version
from gongheng.kernel.reasons import Refusal
from gongheng.trading.notices import actions, queries, rules
from gongheng.trading.notices.kinds import DATASET, ChangeFacts
from gongheng.trading.notices.models import Notice, NoticeDraft
from gongheng.trading.notices.tests.support import draft_of, publish, typed
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trading.projects.tests.support import (
    AGENCY,
    NOW,
    OTHER,
    actor,
    lot_of,
    person,
    tender_of,
)
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import AuditEntry


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


@pytest.fixture
def case() -> Case:
    return make_case()


def _change(notice: Notice, **changes: Any) -> ChangeFacts:
    later = notice.bids_due_at + timedelta(days=7)
    facts: dict[str, Any] = {
        "reason": "图纸调整，顺延七日。",
        "may_affect_bids": True,
        "documents_until": notice.documents_until,
        "bids_due_at": later,
        "opening_at": later,
    }
    return ChangeFacts(**(facts | changes))


@pytest.mark.django_db
def test_a_published_notice_is_a_record_with_all_the_law_asks_for(case: Case) -> None:
    notice = publish(draft_of(case.tender, case.clerk), case.clerk).notice

    body = Version.objects.get(pk=notice.version_id).body
    assert body["UNIFIED_DEAL_CODES"] == case.lot.transaction_code
    assert body["BID_OPEN_TIME"] == body["BID_DOC_REFER_END_TIME"] == "20261102090000"
    for heading in ("招标条件", "投标人资格要求", "招标文件的获取", "联系方式"):
        assert heading in body["NOTICE_CONTENT"]
    assert Current.objects.get(dataset=DATASET).is_notice
    assert Act.objects.latest("id").kind == "notice.published"
    assert notice.reference == "ZB-530100-20261012-000001"
    last = AuditEntry.objects.order_by("id").last()
    assert last is not None
    assert (last.deed, last.object_id) == ("notice.published", str(notice.pk))


@pytest.mark.django_db
def test_a_notice_through_an_agency_names_the_agency() -> None:
    case = make_case(organise_form="2", agency_name="云南诚衡招标有限公司", agency_code=AGENCY)

    notice = publish(draft_of(case.tender, case.clerk), case.clerk).notice

    body = Version.objects.get(pk=notice.version_id).body
    assert body["TENDER_AGENCY_CODE"] == AGENCY
    assert "招标代理机构：云南诚衡招标有限公司" in body["NOTICE_CONTENT"]


@pytest.mark.django_db
def test_publishing_twice_gives_one_publication(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)

    first, second = publish(draft, case.clerk), publish(draft, case.colleague)

    assert (first.is_first, second.is_first) == (True, False)
    assert first.notice == second.notice
    assert second.notice.published_by_name == "王芳"
    assert Version.objects.filter(dataset=DATASET).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_publishing_at_the_same_moment_give_one_publication() -> None:
    case = make_case()
    draft = draft_of(case.tender, case.clerk)

    def press(who: Actor) -> bool:
        try:
            return publish(draft, who).is_first
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as hands:
        firsts = list(hands.map(press, [case.clerk, case.colleague] * 2))

    assert sorted(firsts) == [False, False, False, True]
    assert Version.objects.filter(dataset=DATASET).count() == 1
    assert Notice.objects.count() == 1


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
        publish(draft, case.clerk)

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
def test_a_change_is_a_new_version_and_the_old_one_stays(case: Case) -> None:
    notice = publish(draft_of(case.tender, case.clerk), case.clerk).notice

    changed = actions.change(
        notice_id=notice.pk, changes=0, facts=_change(notice), actor=case.clerk, now=NOW
    )

    versions = Version.objects.filter(dataset=DATASET).order_by("number")
    assert [version.number for version in versions] == [1, 2]
    assert versions[1].pk == changed.version_id
    assert versions[1].body["NOTICE_NATURE"] == "2"
    assert versions[1].body["IS_POSTPONE"] == "1"
    assert versions[1].body["BID_OPEN_TIME"] == "20261109090000"
    assert "图纸调整" in versions[1].body["NOTICE_CONTENT"]
    assert Act.objects.latest("id").kind == "notice.changed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reason": " "}, rules.NO_REASON),
        ({"bids_due_at": NOW + timedelta(days=20, hours=23)}, rules.DEADLINE_SHORTENED),
        ({"opening_at": NOW + timedelta(days=60)}, rules.OPENING_APART),
    ],
)
def test_a_change_against_the_rules_is_refused(
    case: Case, changes: dict[str, Any], reason: object
) -> None:
    notice = publish(draft_of(case.tender, case.clerk), case.clerk).notice

    with pytest.raises(Refusal) as refusal:
        actions.change(
            notice_id=notice.pk,
            changes=0,
            facts=_change(notice, **changes),
            actor=case.clerk,
            now=NOW,
        )

    assert refusal.value.reason is reason
    assert Version.objects.filter(dataset=DATASET).count() == 1


@pytest.mark.django_db
def test_a_change_that_is_sent_twice_is_made_once(case: Case) -> None:
    notice = publish(draft_of(case.tender, case.clerk), case.clerk).notice
    facts = _change(notice)
    actions.change(notice_id=notice.pk, changes=0, facts=facts, actor=case.clerk, now=NOW)

    with pytest.raises(Refusal) as refusal:
        actions.change(notice_id=notice.pk, changes=0, facts=facts, actor=case.clerk, now=NOW)

    assert refusal.value.reason is rules.STALE_NOTICE


@pytest.mark.django_db
def test_a_withdrawn_notice_frees_its_lots_and_is_not_touched_again(case: Case) -> None:
    notice = publish(draft_of(case.tender, case.clerk), case.clerk).notice

    actions.withdraw(notice_id=notice.pk, reason="项目调整。", actor=case.clerk, now=NOW)

    assert Current.objects.get(dataset=DATASET).is_withdrawn
    assert queries.taken_lots(case.tender) == frozenset()
    with pytest.raises(Refusal) as refusal:
        actions.withdraw(notice_id=notice.pk, reason="再次撤回。", actor=case.clerk, now=NOW)
    assert refusal.value.reason is rules.WITHDRAWN


@pytest.mark.django_db
def test_nothing_is_changed_or_withdrawn_after_the_deadline(case: Case) -> None:
    notice = publish(draft_of(case.tender, case.clerk), case.clerk).notice
    due = notice.bids_due_at

    with pytest.raises(Refusal) as refusal:
        actions.withdraw(notice_id=notice.pk, reason="晚了。", actor=case.clerk, now=due)

    assert refusal.value.reason is rules.DEADLINE_PASSED


@pytest.mark.django_db
def test_only_the_own_organisation_in_its_region_publishes(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    strangers = [
        actor(person("张伟", organisation_code=OTHER)),
        actor(person("杨洋", region_code="530300")),
    ]

    for stranger in strangers:
        with pytest.raises(NoticeDraft.DoesNotExist):
            publish(draft, stranger)
    with pytest.raises(Refusal) as refusal:
        publish(draft, actor(person("赵强", role=Role.OFFICER)))
    assert refusal.value.reason is actions.NOT_ALLOWED
    assert publish(draft, case.clerk).is_first
