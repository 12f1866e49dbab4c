"""What a second person sees of a publicity, an award and an award notice before it goes out."""

from datetime import datetime

from gongheng.kernel.money import capitals, written
from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import actions, bulletins, queries, reports, rules
from gongheng.trading.award.kinds import BulletinKind
from gongheng.trading.award.models import Bulletin, Decision
from gongheng.trading.cases import gate
from gongheng.trading.cases.models import Case, Proposal


def see_candidates(proposal: Proposal, now: datetime) -> gate.Passage:
    """Return the publicity and its candidates as they would go out."""
    case = proposal.case
    bulletin = Bulletin.objects.get(case=case, pk=str(proposal.facts["draft"]))
    candidates, lot = list(bulletin.candidates.order_by("rank")), queries.lot_of(case)
    is_again = Bulletin.objects.filter(
        case__code=case.code, kind=BulletinKind.CANDIDATES, published_at__isnull=False
    ).exists()
    body = reports.publicity_body(bulletin, candidates, lot=lot, is_again=is_again, now=now)
    rows = [
        (reports.CANDIDATE, reports.without_moment(reports.candidate_body(row, lot=lot, now=now)))
        for row in candidates
    ]
    return gate.Passage(
        title=bulletin.title,
        records=((reports.PUBLICITY, reports.without_moment(body)), *rows),
        facts=(("公示期", f"自发布之日起至 {bulletin.details['ends_on']} 24:00"),),
    )


def see_award(proposal: Proposal, now: datetime) -> gate.Passage:  # noqa: ARG001  the gate's shape
    """Return whom the first person wants to award, and why others are passed over."""
    case = proposal.case
    decision = queries.decision_named(case, str(proposal.facts.get("decision", "")))
    lost = [
        (f"{row.bidder_name}不能中标", f"{row.cause_label}。{row.reason}（{row.evidence_name}）")
        for row in queries.losses_of(case)
    ]
    return gate.Passage(
        title=f"{case.title}：{'确定中标人' if decision.candidate else '候选人均不能中标'}",
        facts=(*_award_facts(decision), *lost),
    )


def _award_facts(decision: Decision) -> tuple[tuple[str, str], ...]:
    winner = decision.candidate
    facts = [("说明", decision.reason)] if decision.reason else []
    if winner is None:
        return (("结论", "全部中标候选人均有法定的不能中标的事由，重新招标"), *facts)
    if decision.consent:
        facts.append(("同意延长投标有效期的文件", decision.consent))
    return (
        ("中标人", f"{winner.bidder_name}（{winner.bidder_code}）"),
        ("名次", f"第{winner.rank}中标候选人"),
        ("中标价", f"{written(winner.price)} 元（{capitals(winner.price)}）"),
        ("工期", f"{winner.duration_days} 日历天"),
        ("质量", winner.quality),
        ("项目负责人", winner.project_manager),
        *facts,
    )


def see_result(proposal: Proposal, now: datetime) -> gate.Passage:
    """Return the award notice as it would go out. Raises ``Refusal`` (``rules.NOT_AWARDED``)."""
    case: Case = proposal.case
    bulletin = Bulletin.objects.get(case=case, pk=str(proposal.facts["draft"]))
    decision = queries.decision_of(case)
    if decision is None:
        raise Refusal(rules.NOT_AWARDED)
    body = reports.result_body(bulletin, decision, lot=queries.lot_of(case), now=now)
    return gate.Passage(
        title=bulletin.title, records=((reports.RESULT, reports.without_moment(body)),)
    )


gate.provide("publish_candidates", see_candidates, bulletins.publish_candidates)
gate.provide("award", see_award, actions.decide_award)
gate.provide("publish_result", see_result, bulletins.publish_result)
