"""Writes tender plans, proposes them to a second person and publishes them (B-01)."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.money import written
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import actions as engine, gate
from gongheng.trading.cases.gate import Passage
from gongheng.trading.cases.models import Proposal
from gongheng.trading.projects import queries, reports, rules
from gongheng.trading.projects.intake import locked_tender
from gongheng.trading.projects.kinds import PlanFacts
from gongheng.trading.projects.models import Lot, TenderPlan
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

PUBLISH = "publish_plan"


@transaction.atomic
def propose(
    *, tender_project_id: UUID, facts: PlanFacts, actor: Actor, now: datetime
) -> list[Proposal]:
    """Save the plan of all lots that wait for it, and hand it to a second person.

    What was handed over before is taken back. Raises ``Refusal`` (rules.NOTHING_WAITS, PLAN_PAST,
    PLAN_EMPTY), and what the engine refuses.
    """
    tender = locked_tender(tender_project_id, actor, now=now)
    waiting = queries.cases_awaiting(tender, PUBLISH)
    if not waiting:
        raise Refusal(rules.NOTHING_WAITS)
    rules.require_plan(planned_on=facts.planned_on, scope=facts.scope, today=day_of(now))
    draft = queries.plan_draft(tender) or TenderPlan(
        region_code=tender.region_code, tender_project=tender, revision=0
    )
    draft.planned_on, draft.scope, draft.remark = facts.planned_on, facts.scope, facts.remark
    draft.revision += 1
    draft.saved_by, draft.saved_by_name, draft.saved_at = actor.person_id, actor.name, now
    draft.save()
    matter = uuid7()
    return [
        engine.propose(
            case_id=case.pk,
            step=PUBLISH,
            facts={"draft": str(draft.pk), "draft_number": draft.revision},
            matter=matter,
            actor=actor,
            now=now,
        )
        for case in waiting
    ]


def passage(proposal: Proposal, now: datetime) -> Passage:  # noqa: ARG001  the shape of a preview
    """Return what would be published. Raises ``Refusal`` (rules.STALE_PLAN)."""
    plan = _proposed(proposal)
    lots = _lots(gate.proposals_of(proposal.matter))
    return Passage(title=title_of(plan), facts=words_of(plan, lots))


@transaction.atomic
def carry_out(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Publish the plan as an act of each lot's case, and move the cases on."""
    plan = _proposed(proposal)
    proposals = gate.proposals_of(proposal.matter)
    plan.content = {
        "title": title_of(plan),
        "facts": [list(fact) for fact in words_of(plan, _lots(proposals))],
    }
    plan.published_at = now
    plan.save()
    for one in proposals:
        reports.plan_published(plan, case_code=one.case.code, actor=actor, now=now)
        engine.advance(
            case_id=one.case_id,
            step=PUBLISH,
            facts=one.facts,
            outcome=one.outcome,
            actor=actor,
            now=now,
        )
    audit.record(actor=actor, deed="plan.published", object_id=plan.pk, now=now)


def title_of(plan: TenderPlan) -> str:
    """Return the title of a plan."""
    return f"{plan.tender_project.name}招标计划"


def words_of(plan: TenderPlan, lots: list[Lot]) -> tuple[tuple[str, str], ...]:
    """Return the contents that B-01 asks for: label and words."""
    tender = plan.tender_project
    project = tender.project
    filing = queries.latest_filing(tender)
    approval = (
        f"{filing.approval_name}（{filing.approval_number}，{filing.approval_authority}）"
        if filing
        else project.approval_name
    )
    facts = [
        ("项目名称", project.name),
        ("项目编号", project.code),
        ("审批文件", approval),
        ("招标人", tender.tenderer_name),
        ("建设地点", project.address),
        ("资金来源", project.fund_source),
        ("招标内容", plan.scope),
        *((lot.name, f"{lot.code}，估算价 {written(lot.estimate)} 元") for lot in lots),
        ("估算价合计", f"{written(sum((lot.estimate for lot in lots), Decimal(0)))} 元"),
        ("计划发布招标公告日期", f"{plan.planned_on:%Y-%m-%d}"),
    ]
    return tuple(facts + ([("说明", plan.remark)] if plan.remark else []))


def _proposed(proposal: Proposal) -> TenderPlan:
    plan = TenderPlan.objects.select_related("tender_project__project").get(
        pk=str(proposal.facts["draft"])
    )
    if plan.published_at or plan.revision != proposal.facts["draft_number"]:
        raise Refusal(rules.STALE_PLAN)
    return plan


def _lots(proposals: Iterable[Proposal]) -> list[Lot]:
    codes = [proposal.case.code for proposal in proposals]
    return list(Lot.objects.filter(code__in=codes).order_by("code"))
