from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.cases import actions as engine
from gongheng.trading.documents import actions, content, queries, rules
from gongheng.trading.documents.kinds import Conclusion, EvaluationMethod
from gongheng.trading.documents.models import FairReview, TenderDocument
from gongheng.trading.documents.papers import PAPERS
from gongheng.trading.documents.templates_of_works import criteria as usual_criteria
from gongheng.trading.documents.tests.support import issued
from gongheng.trust.crypto.digests import sm3
from gongheng.web import files
from tests.cases import (
    CLERK,
    COLLEAGUE,
    NOW,
    Walk,
    case_at,
    everything_agreed,
    lot_case,
    walk_to,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk() -> Walk:
    return case_at("review_documents")


def _draft(walk: Walk) -> TenderDocument:
    return actions.begin(case_id=walk.case.pk, actor=CLERK, now=NOW)


def _review(walk: Walk, **changes: Any) -> FairReview:
    draft = queries.draft_of(walk.case)
    said: dict[str, Any] = {
        "case_id": walk.case.pk,
        "conclusion": Conclusion.PASSED,
        "reasons": "逐条核对，未发现限制、排斥潜在投标人的内容。",
        "exceptions": "",
        "revision": draft.revision if draft else 0,
        "actor": COLLEAGUE,
        "now": NOW,
    }
    written = actions.review(**(said | changes))
    walk.fresh()
    return written


def _refused(reason: Reason, deed: Any, **arguments: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal, transaction.atomic():
        deed(**arguments)
    assert refusal.value.reason is reason
    return refusal.value


def test_the_template_for_works_is_complete_and_passes_the_review(walk: Walk) -> None:
    draft = _draft(walk)

    _review(walk)

    assert walk.case.awaits == "publish_notice"
    assert rules.total_of(content.criterion_facts(draft)) == Decimal(100)
    assert draft.bond_amount == Decimal("270000.00")  # 2 % of 13.5 million


def test_the_writer_cannot_review_and_a_review_needs_its_reasons(walk: Walk) -> None:
    _draft(walk)

    def refused(reason: Reason, **changes: Any) -> None:
        _refused(reason, _review, walk=walk, **changes)

    refused(rules.SAME_REVIEWER, actor=CLERK)
    refused(rules.NO_REASONS, reasons=" ")
    refused(rules.NO_REASONS, conclusion=Conclusion.EXCEPTION)
    refused(rules.STALE, revision=7)
    assert walk.fresh().awaits == "review_documents"
    assert not FairReview.objects.exists()


def test_a_failed_review_is_kept_and_the_documents_go_back(walk: Walk) -> None:
    _draft(walk)

    _review(walk, conclusion=Conclusion.FAILED, reasons="资格条件限定了本市企业。")
    assert walk.case.awaits == "review_documents"

    _review(walk)
    assert walk.case.awaits == "publish_notice"
    assert FairReview.objects.count() == 2


def test_incomplete_documents_do_not_pass(walk: Walk) -> None:
    draft = _draft(walk)
    facts = replace(content.facts_of(draft), bond_amount=Decimal("270000.01"))
    actions.save(case_id=walk.case.pk, revision=draft.revision, facts=facts, actor=CLERK, now=NOW)

    refusal = _refused(rules.INCOMPLETE, _review, walk=walk)

    assert str(rules.BOND_TOO_HIGH) in str(refusal.facts["defects"])
    assert not FairReview.objects.exists()


def test_a_document_without_review_or_changed_after_it_is_not_issued(walk: Walk) -> None:
    _refused(rules.NO_DRAFT, actions.issue, case_code=walk.case.code, now=NOW)
    draft = _draft(walk)
    _refused(rules.NOT_REVIEWED, actions.issue, case_code=walk.case.code, now=NOW)
    _review(walk)
    TenderDocument.objects.filter(pk=draft.pk).update(quality="优良")

    _refused(rules.NOT_REVIEWED, actions.issue, case_code=walk.case.code, now=NOW)


def test_an_issued_version_is_digested_and_can_no_longer_be_written(walk: Walk) -> None:
    draft = _draft(walk)
    _review(walk)

    version = actions.issue(case_code=walk.case.code, now=NOW)

    assert version.digest == sm3(canonical(version.content)).hex()
    assert queries.issued(walk.case.code) == version
    _refused(
        rules.NO_DRAFT,
        actions.save,
        case_id=walk.case.pk,
        revision=draft.revision,
        actor=CLERK,
        now=NOW,
    )


def test_reviewed_documents_are_not_written_any_more(walk: Walk) -> None:
    draft = _draft(walk)
    _review(walk)

    _refused(
        rules.NOT_EDITABLE,
        actions.save,
        case_id=walk.case.pk,
        revision=draft.revision,
        actor=CLERK,
        now=NOW,
    )


def test_what_a_colleague_saved_is_not_written_over(walk: Walk) -> None:
    draft = _draft(walk)
    actions.save(case_id=walk.case.pk, revision=draft.revision, actor=COLLEAGUE, now=NOW)

    _refused(
        rules.STALE,
        actions.save,
        case_id=walk.case.pk,
        revision=draft.revision,
        actor=CLERK,
        now=NOW,
    )


def test_a_clarification_issues_the_next_version(walk: Walk) -> None:
    walk_to(walk, "close_bids")
    first = issued(walk.case, now=NOW, by=CLERK, reviewer=COLLEAGUE)
    assert actions.amend(case_code=walk.case.code, clarification="", now=NOW) is None
    draft = actions.begin_amendment(case_id=walk.case.pk, actor=CLERK, now=NOW)
    assert actions.amend(case_code=walk.case.code, clarification="无", now=NOW) is None
    facts = replace(content.facts_of(draft), duration_days=200)
    actions.save(case_id=walk.case.pk, revision=draft.revision, facts=facts, actor=CLERK, now=NOW)

    second = actions.amend(case_code=walk.case.code, clarification="工期延长二十天。", now=NOW)

    assert second is not None
    assert (second.number, second.duration_days) == (2, 200)
    assert second.digest != first.digest
    assert queries.issued(walk.case.code) == second
    assert TenderDocument.objects.get(pk=first.pk).content["basics"]["duration_days"] == 180


def test_the_sealing_policy_is_named_once(walk: Walk) -> None:
    walk_to(walk, "close_bids")
    version = issued(walk.case, now=NOW, by=CLERK, reviewer=COLLEAGUE)

    for _ in range(2):
        actions.bind_policy(case_code=walk.case.code, digest="ab" * 32, now=NOW)

    version.refresh_from_db()
    assert version.policy_digest == "ab" * 32
    assert version.digest == content.digest(version.content)
    _refused(
        rules.POLICY_BOUND,
        actions.bind_policy,
        case_code=walk.case.code,
        digest="cd" * 32,
        now=NOW,
    )


def test_another_round_begins_with_the_documents_of_the_last(walk: Walk) -> None:
    walk_to(walk, "publish_notice")
    issued(walk.case, now=NOW, by=CLERK, reviewer=COLLEAGUE, quality="优良")
    walk_to(walk, "close_bids")
    with everything_agreed():
        walk.later(days=25)
        walk.do("close_bids", "too_few")
        walk.do("announce_failure")
        walk.do("return_bids")
        walk.do("decide_anew", "again")

    assert queries.issued(walk.case.code) is None
    assert _draft(walk).quality == "优良"


def test_documents_are_copied_from_another_lot_but_not_its_sums(walk: Walk) -> None:
    _draft(walk)
    draft = queries.draft_of(walk.case)
    assert draft is not None
    facts = replace(
        content.facts_of(draft), evaluation_method=EvaluationMethod.LOWEST, quality="优良"
    )
    actions.save(
        case_id=walk.case.pk,
        revision=draft.revision,
        facts=facts,
        criteria=usual_criteria(EvaluationMethod.LOWEST),
        actor=CLERK,
        now=NOW,
    )
    actions.attach(
        case_id=walk.case.pk, name="清单.pdf", chunks=[b"%PDF-1.7 list"], actor=CLERK, now=NOW
    )
    other = lot_case("review_documents", estimate=Decimal("50000000.00"))[1]

    copied = actions.copy(case_id=other.case.pk, from_case=walk.case.pk, actor=COLLEAGUE, now=NOW)

    assert (copied.evaluation_method, copied.quality) == ("lowest", "优良")
    assert copied.ceiling == Decimal("50000000.00")
    assert copied.bond_amount == Decimal("800000.00")  # the cap of F-01
    assert [file.name for file in copied.attachments.all()] == ["清单.pdf"]


def test_an_attachment_is_kept_under_its_digest_and_only_of_allowed_types(walk: Walk) -> None:
    _draft(walk)

    def attach(name: str, data: bytes) -> Any:
        return actions.attach(case_id=walk.case.pk, name=name, chunks=[data], actor=CLERK, now=NOW)

    kept = attach("图纸.pdf", b"%PDF-1.7 drawing")
    assert kept.digest == sm3(b"%PDF-1.7 drawing").hex()
    assert b"".join(PAPERS.read(kept.digest)) == b"%PDF-1.7 drawing"
    again = attach("图纸.pdf", b"%PDF-1.7 another")
    draft = queries.draft_of(walk.case)
    assert draft is not None
    assert list(draft.attachments.all()) == [again]
    _refused(files.UNKNOWN_TYPE, attach, name="图纸.pdf", data=b"MZ\x90 program")
    _refused(files.UNKNOWN_TYPE, attach, name="图纸.exe", data=b"%PDF-1.7")
    _refused(files.EMPTY, attach, name="图纸.pdf", data=b"")


def test_documents_are_on_view_in_their_hours(walk: Walk) -> None:
    walk_to(walk, "close_bids")
    first = issued(walk.case, now=NOW, by=CLERK, reviewer=COLLEAGUE)
    begins, ends = NOW + timedelta(hours=1), NOW + timedelta(days=8)
    instant = timedelta(microseconds=1)

    def is_on_view(now: Any) -> bool:
        return queries.is_on_view(walk.case, first, now=now)

    assert not is_on_view(begins - instant)
    assert is_on_view(begins)
    assert is_on_view(ends - instant)
    assert not is_on_view(ends)
    first.number = 2  # what came with a clarification is had until bids are due
    assert is_on_view(ends)


def test_the_database_keeps_one_draft_and_digested_versions(walk: Walk) -> None:
    draft = _draft(walk)

    with pytest.raises(IntegrityError, match="documents_issued_with_digest"), transaction.atomic():
        TenderDocument.objects.filter(pk=draft.pk).update(number=1)
    with pytest.raises(IntegrityError, match="documents_version_number"), transaction.atomic():
        TenderDocument(
            **{
                field.attname: getattr(draft, field.attname)
                for field in TenderDocument._meta.fields
                if field.name != "id"
            }
        ).save(force_insert=True)


def test_the_step_itself_is_refused_without_a_review(walk: Walk) -> None:
    _draft(walk)

    _refused(
        rules.NOT_REVIEWED,
        engine.advance,
        case_id=walk.case.pk,
        step="review_documents",
        actor=COLLEAGUE,
        now=NOW,
    )
