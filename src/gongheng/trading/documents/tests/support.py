"""Issued tender documents of a lot at any step, for the tests of later rooms."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import actions, content, queries, templates_of_works
from gongheng.trading.documents.kinds import Conclusion, CriterionFacts
from gongheng.trading.documents.models import FairReview, TenderDocument
from gongheng.trading.documents.papers import PAPERS
from gongheng.trust.identity.actors import Actor


def drafted(
    case: Case, *, now: datetime, by: Actor, files: dict[str, bytes] | None = None, **changes: Any
) -> TenderDocument:
    """Return the draft of a case whatever step it is at, with these files for those of their names."""
    draft = queries.draft_of(case)
    if draft is None:
        facts = replace(templates_of_works.facts(queries.lot_of(case), on=day_of(now)), **changes)
        rows = templates_of_works.criteria(facts.evaluation_method)
        draft = actions._new_draft(case, facts, rows, actor=by, now=now)
    for name, data in (files or {}).items():
        kept = PAPERS.keep([data], name=name)
        draft.attachments.filter(name=name).delete()
        draft.attachments.create(
            region_code=draft.region_code,
            name=name,
            media_type=kept.media_type,
            size=kept.size,
            digest=kept.digest,
        )
    return draft


def issued(
    case: Case,
    *,
    now: datetime,
    by: Actor,
    reviewer: Actor,
    criteria: list[CriterionFacts] | None = None,
    **changes: Any,
) -> TenderDocument:
    """Issue documents of a case whatever step it is at; ``changes`` are of ``DocumentFacts``."""
    facts = replace(templates_of_works.facts(queries.lot_of(case), on=day_of(now)), **changes)
    rows = templates_of_works.criteria(facts.evaluation_method) if criteria is None else criteria
    draft = actions._new_draft(case, facts, rows, actor=by, now=now)
    FairReview.objects.create(
        region_code=case.region_code,
        case_code=case.code,
        round_number=case.round_number,
        body_digest=content.digest(content.body(draft, queries.lot_of(case))),
        conclusion=Conclusion.PASSED,
        reasons="未发现限制、排斥潜在投标人的内容。",
        reviewed_by=reviewer.person_id,
        reviewed_by_name=reviewer.name,
        reviewed_at=now,
    )
    return actions.issue(case_code=case.code, now=now)
