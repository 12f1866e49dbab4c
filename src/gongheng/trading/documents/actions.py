"""Writes tender documents, reviews and issues them: the only writer of this room."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongheng.data.records.kinds import Audience
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import actions as engine, holding, queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import (
    checking,
    content,
    queries,
    reports,
    rules,
    templates_of_works,
)
from gongheng.trading.documents.kinds import (
    PASSING,
    Addendum,
    Conclusion,
    CriterionFacts,
    DocumentFacts,
)
from gongheng.trading.documents.models import Attachment, Criterion, FairReview, TenderDocument
from gongheng.trading.documents.papers import PAPERS
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, is_same_person

STEP = "review_documents"
BEFORE_REVIEW = frozenset({"register", "accept", "publish_plan", STEP})
"""Awaited steps before the review: documents are written; afterwards only a new version changes them."""


@transaction.atomic
def begin(*, case_id: UUID, actor: Actor, now: datetime) -> TenderDocument:
    """Return the draft of a lot; it begins with the template for works, or with the last round's.

    Raises ``Refusal`` (rules.NOT_EDITABLE).
    """
    case = _locked(case_id, actor)
    if draft := queries.draft_of(case):
        return draft
    _require_writing(case, None)
    last = queries.issued_in(case.previous) if case.previous else None
    if last is None:
        facts = templates_of_works.facts(queries.lot_of(case), on=day_of(now))
        criteria = templates_of_works.criteria(facts.evaluation_method)
        draft = _new_draft(case, facts, criteria, actor=actor, now=now)
    else:
        draft = _continued(case, last, actor=actor, now=now)
    audit.record(actor=actor, deed="documents.begun", object_id=draft.pk, now=now)
    return draft


@transaction.atomic
def save(
    *,
    case_id: UUID,
    revision: int,
    actor: Actor,
    now: datetime,
    facts: DocumentFacts | None = None,
    criteria: Sequence[CriterionFacts] | None = None,
) -> TenderDocument:
    """Save basic data, criteria or both over a revision of the draft; what is left out stays.

    Raises ``Refusal`` (rules.STALE, NOT_EDITABLE, NO_DRAFT, POINTS_UNREADABLE).
    """
    draft = _draft_to_write(case_id, actor)
    rules.require_revision(stated=revision, current=draft.revision)
    _write(
        draft,
        facts or content.facts_of(draft),
        content.criterion_facts(draft) if criteria is None else criteria,
        actor=actor,
        now=now,
    )
    audit.record(actor=actor, deed="documents.saved", object_id=draft.pk, now=now)
    return draft


@transaction.atomic
def copy(*, case_id: UUID, from_case: UUID, actor: Actor, now: datetime) -> TenderDocument:
    """Make the draft of a lot equal to the documents of another lot of the person's cases.

    The sums stay those of the lot. Raises ``Refusal`` (NO_DRAFT, NOT_EDITABLE).
    """
    _locked(case_id, actor)
    source = cases.cases_for(actor).get(pk=from_case)
    pattern = queries.draft_of(source) or queries.issued_in(source)
    if pattern is None:
        raise Refusal(rules.NO_DRAFT)
    draft = begin(case_id=case_id, actor=actor, now=now)
    _require_writing(_locked(case_id, actor), draft)
    facts = replace(content.facts_of(pattern), ceiling=draft.ceiling, bond_amount=draft.bond_amount)
    _write(draft, facts, content.criterion_facts(pattern), actor=actor, now=now)
    draft.attachments.all().delete()
    _copy_attachments(pattern, draft)
    audit.record(actor=actor, deed="documents.copied", object_id=draft.pk, now=now)
    return draft


@transaction.atomic
def attach(
    *, case_id: UUID, name: str, chunks: Iterable[bytes], actor: Actor, now: datetime
) -> Attachment:
    """Add a file to the draft; one of the same name takes its place. Raises ``Refusal``."""
    draft = _draft_to_write(case_id, actor)
    kept = PAPERS.keep(chunks, name=name)
    draft.attachments.filter(name=name).delete()
    attachment = Attachment.objects.create(
        region_code=draft.region_code,
        document=draft,
        name=name,
        media_type=kept.media_type,
        size=kept.size,
        digest=kept.digest,
    )
    _saved(draft, actor=actor, now=now)
    audit.record(actor=actor, deed="documents.attached", object_id=draft.pk, now=now)
    return attachment


@transaction.atomic
def detach(*, case_id: UUID, attachment_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a file out of the draft. Raises ``Refusal``."""
    draft = _draft_to_write(case_id, actor)
    draft.attachments.filter(pk=attachment_id).delete()
    _saved(draft, actor=actor, now=now)
    audit.record(actor=actor, deed="documents.detached", object_id=draft.pk, now=now)


@transaction.atomic
def review(
    *,
    case_id: UUID,
    conclusion: Conclusion,
    reasons: str,
    exceptions: str,
    revision: int,
    actor: Actor,
    now: datetime,
) -> FairReview:
    """Write down a review of fair competition by a second person; a passing one does the step.

    Raises ``Refusal`` (rules.SAME_REVIEWER, NO_REASONS, STALE, INCOMPLETE), and what the engine refuses.
    """
    case = _locked(case_id, actor)
    draft = queries.draft_of(case)
    if draft is None:
        raise Refusal(rules.NO_DRAFT)
    rules.require_revision(stated=revision, current=draft.revision)
    _require_writing(case, draft)
    if is_same_person(actor, draft.saved_by):
        raise Refusal(rules.SAME_REVIEWER)
    rules.require_reasoned(
        reasons=reasons,
        exceptions=exceptions,
        is_exception=conclusion == Conclusion.EXCEPTION,
    )
    lot = queries.lot_of(case)
    written = FairReview.objects.create(
        region_code=case.region_code,
        case_code=case.code,
        round_number=case.round_number,
        body_digest=content.digest(content.body(draft, lot)),
        conclusion=conclusion,
        reasons=reasons.strip(),
        exceptions=exceptions.strip(),
        findings=[finding.as_json() for finding in checking.suspicions(draft, lot)],
        reviewed_by=actor.person_id,
        reviewed_by_name=actor.name,
        reviewed_at=now,
    )
    audit.record(actor=actor, deed="documents.reviewed", object_id=written.pk, now=now)
    if conclusion in PASSING:
        engine.advance(
            case_id=case.pk,
            step=STEP,
            facts={"documents_digest": written.body_digest},
            actor=actor,
            now=now,
        )
    return written


@transaction.atomic
def issue(*, case_code: str, now: datetime, actor: Actor | None = None) -> TenderDocument:
    """Issue the reviewed draft of a lot as its first version; called where the notice goes out.

    Raises ``Refusal`` (rules.NO_DRAFT, NOT_REVIEWED).
    """
    case = _case(case_code)
    draft = queries.draft_of(case)
    if draft is None:
        raise Refusal(rules.NO_DRAFT)
    require_reviewed(case, draft)
    return _issue(case, draft, clarification="", actor=actor, now=now)


@transaction.atomic
def begin_amendment(*, case_id: UUID, actor: Actor, now: datetime) -> TenderDocument:
    """Return the draft of the next version, at first a copy of the issued one. Raises ``Refusal``."""
    case = _locked(case_id, actor)
    if draft := queries.draft_of(case):
        return draft
    last = queries.issued_in(case)
    if last is None:
        raise Refusal(rules.NO_DRAFT)
    _require_writing(case, None)
    draft = _continued(case, last, actor=actor, now=now)
    draft.policy_digest = last.policy_digest
    draft.save(update_fields=["policy_digest"])
    audit.record(actor=actor, deed="documents.amendment_begun", object_id=draft.pk, now=now)
    return draft


def preview(case: Case, addendum: Addendum, *, now: datetime) -> dict[str, str] | None:
    """Return the record that ``clarify`` would publish; nothing where nothing was issued."""
    coming = queries.coming_in(case)
    return reports.addendum_body(coming, case, addendum, now=now) if coming else None


@transaction.atomic
def clarify(
    *, case_code: str, addendum: Addendum, audience: Audience, actor: Actor, now: datetime
) -> None:
    """Publish an addendum of issued documents as a record, and issue what it amends.

    Called where the clarification goes out. Raises ``Refusal`` (rules.INCOMPLETE).
    """
    amend(case_code=case_code, clarification=addendum.text, now=now, actor=actor)
    case = _case(case_code)
    if issued := queries.issued_in(case):
        reports.addendum_published(issued, case, addendum, audience=audience, now=now)


@transaction.atomic
def amend(
    *, case_code: str, clarification: str, now: datetime, actor: Actor | None = None
) -> TenderDocument | None:
    """Issue the draft of an amendment as the next version; nothing when nothing was amended.

    Raises ``Refusal`` (rules.INCOMPLETE).
    """
    case = _case(case_code)
    draft, last = queries.draft_of(case), queries.issued_in(case)
    if draft is None or last is None:
        return None
    lot = queries.lot_of(case)
    if content.body(draft, lot) == content.body(last, lot):
        return None
    rules.require_complete(checking.defects(draft, lot, on=case.terms_on or day_of(now)))
    return _issue(case, draft, clarification=clarification, actor=actor, now=now)


@transaction.atomic
def bind_policy(
    *, case_code: str, digest: str, now: datetime, actor: Actor | None = None
) -> TenderDocument:
    """Name the policy by which bids are sealed, once: in the issued version, before it in the draft.

    Raises ``Refusal`` (rules.NO_DRAFT, POLICY_BOUND).
    """
    case = _case(case_code)
    document = queries.issued_in(case) or queries.draft_of(case)
    if document is None:
        raise Refusal(rules.NO_DRAFT)
    if document.policy_digest not in {"", digest}:
        raise Refusal(rules.POLICY_BOUND, bound=document.policy_digest)
    document.policy_digest = digest
    document.save(update_fields=["policy_digest"])
    if actor:
        audit.record(actor=actor, deed="documents.policy_bound", object_id=document.pk, now=now)
    return document


def require_reviewed(case: Case, draft: TenderDocument) -> None:
    """Refuse a draft without a passing review of just its contents. Raises ``Refusal``."""
    last = queries.latest_review(case)
    rules.require_reviewed(
        conclusion=last.conclusion if last else None,
        reviewed=last.body_digest if last else "",
        current=content.digest(content.body(draft, queries.lot_of(case))),
    )


def may_write(case: Case) -> bool:
    """Tell whether documents are written now: before the review, or to amend what was issued."""
    is_amendment = case.awaits == queries.BIDDING and queries.issued_in(case) is not None
    return case.awaits in BEFORE_REVIEW or is_amendment


def _locked(case_id: UUID, actor: Actor) -> Case:
    found = cases.cases_for(actor).select_related(None)
    # What answers an open objection is written while it suspends the case; an order stops that too.
    return holding.require_no_hold(found.select_for_update(of=("self",)).get(pk=case_id))


def _case(case_code: str) -> Case:
    case = cases.case_of(case_code)
    if case is None:
        raise Refusal(rules.NO_DRAFT, case_code=case_code)
    return Case.objects.select_for_update(of=("self",)).get(pk=case.pk)


def _require_writing(case: Case, draft: TenderDocument | None) -> None:
    """Refuse to write after the review, except the amendment of what was issued."""
    if not may_write(case):
        raise Refusal(rules.NOT_EDITABLE, awaits=case.awaits, draft=draft.pk if draft else None)


def _draft_to_write(case_id: UUID, actor: Actor) -> TenderDocument:
    case = _locked(case_id, actor)
    draft = queries.draft_of(case)
    if draft is None:
        raise Refusal(rules.NO_DRAFT)
    _require_writing(case, draft)
    return draft


def _new_draft(
    case: Case,
    facts: DocumentFacts,
    criteria: Sequence[CriterionFacts],
    *,
    actor: Actor,
    now: datetime,
) -> TenderDocument:
    draft = TenderDocument(
        region_code=case.region_code, case_code=case.code, round_number=case.round_number
    )
    draft.revision = 0
    _write(draft, facts, criteria, actor=actor, now=now)
    return draft


def _continued(case: Case, last: TenderDocument, *, actor: Actor, now: datetime) -> TenderDocument:
    draft = _new_draft(
        case, content.facts_of(last), content.criterion_facts(last), actor=actor, now=now
    )
    _copy_attachments(last, draft)
    return draft


def _write(
    draft: TenderDocument,
    facts: DocumentFacts,
    criteria: Sequence[CriterionFacts],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    for name in (*content.BASICS, "ceiling", "bond_amount"):
        setattr(draft, name, getattr(facts, name))
    draft.price_rule = content.price_rule(facts, criteria)
    _saved(draft, actor=actor, now=now)
    draft.criteria.all().delete()
    counts: dict[str, int] = {}
    rows = []
    for one in criteria:
        counts[one.group] = counts.get(one.group, 0) + 1
        rows.append(
            Criterion(
                region_code=draft.region_code,
                document=draft,
                number=counts[one.group],
                **asdict(one),
            )
        )
    Criterion.objects.bulk_create(rows)


def _saved(draft: TenderDocument, *, actor: Actor, now: datetime) -> None:
    draft.revision += 1
    draft.saved_by = actor.person_id
    draft.saved_by_name = actor.name
    draft.saved_at = now
    draft.save()


def _copy_attachments(source: TenderDocument, target: TenderDocument) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            region_code=target.region_code,
            document=target,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            digest=file.digest,
        )
        for file in source.attachments.order_by("name")
    )


def _issue(
    case: Case,
    draft: TenderDocument,
    *,
    clarification: str,
    actor: Actor | None,
    now: datetime,
) -> TenderDocument:
    last = queries.issued_in(case)
    draft.number = last.number + 1 if last else 1
    draft.issued_at = now
    draft.clarification = clarification
    draft.content = content.issued(draft, queries.lot_of(case))
    draft.digest = content.digest(draft.content)
    draft.save()
    if actor:
        audit.record(actor=actor, deed="documents.issued", object_id=draft.pk, now=now)
    return draft
