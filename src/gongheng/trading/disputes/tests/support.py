"""A case at any step with bidders who have accounts, and objections to it."""

from datetime import datetime
from typing import Any

from gongheng.kernel.reasons import Refusal
from gongheng.trading.disputes import actions
from gongheng.trading.disputes.kinds import AnswerFacts, Matter, ObjectionFacts, Verdict
from gongheng.trading.disputes.models import Objection
from gongheng.trust.identity.actors import Actor
from tests.cases import BIDDER, CLERK, Walk

FACTS = {
    "claims": "删除对特定业绩的要求。",
    "grounds": "第二章第3.2条要求本市同类业绩，排斥潜在投标人。",
    "evidence": "招标文件第二章第3.2条原文。",
    "contact": "孙经理 0871-60000009",
}


def object_to(
    walk: Walk,
    matter: Matter = Matter.DOCUMENTS,
    who: Actor = BIDDER,
    now: datetime | None = None,
    **facts: Any,
) -> Objection:
    return actions.raise_objection(
        case_id=walk.case.pk,
        matter=matter,
        facts=ObjectionFacts(**(FACTS | facts)),
        actor=who,
        now=now or walk.now,
    )


def answer(
    objection: Objection, now: datetime, verdict: Verdict = Verdict.REJECTED, **facts: Any
) -> Objection:
    stated = {"verdict": verdict, "text": "该要求与项目规模相适应。"}
    return actions.answer(
        objection_id=objection.pk, facts=AnswerFacts(**(stated | facts)), actor=CLERK, now=now
    )


def reason_of(deed: Any, *args: Any, **more: Any) -> object:
    """Return why a deed is refused, nothing when it is done."""
    try:
        deed(*args, **more)
    except Refusal as refusal:
        return refusal.reason
    return None
