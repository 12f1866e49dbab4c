"""Registers projects, tender projects and lots, gives them their codes and reports them."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.registers.codes import actions as codes
from gongheng.trading.cases import actions as cases, queries as case_queries, reasons
from gongheng.trading.cases.kinds import TenderMode
from gongheng.trading.projects import engagement, queries, reports, rules
from gongheng.trading.projects.kinds import (
    TRADE_TYPE,
    LotFacts,
    ProjectFacts,
    TenderProjectFacts,
)
from gongheng.trading.projects.models import Lot, Project, TenderProject
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor


@transaction.atomic
def register_project(
    *, facts: ProjectFacts, actor: Actor, now: datetime, submission: UUID | None = None
) -> Project:
    """Register a project under a new code. Raises ``Refusal``."""
    rules.require_within_reach(region_code=facts.region_code, reach=actor.reach)
    project = Project.objects.create(
        **asdict(facts),
        code=codes.issue_project_code(region_code=settings.NODE.region_code),
        organisation_code=actor.organisation_code,
        registered_by=actor.person_id,
        registered_by_name=actor.name,
        submission=submission or uuid7(),
        created_at=now,
    )
    reports.project_registered(project, now=now)
    audit.record(actor=actor, deed="project.registered", object_id=project.pk, now=now)
    return project


@transaction.atomic
def register_tender_project(
    *, project_id: UUID, facts: TenderProjectFacts, actor: Actor, now: datetime
) -> TenderProject:
    """Register a tender of one of the own projects. Raises ``Refusal``, ``Project.DoesNotExist``."""
    project = queries.projects_of(actor).select_for_update(of=("self",)).get(pk=project_id)
    rules.require_party(
        organisation_code=actor.organisation_code,
        tenderer_code=facts.tenderer_code,
        agency_code=facts.agency_code,
    )
    engagement.require(
        tenderer_code=facts.tenderer_code, agency_code=facts.agency_code, actor=actor, now=now
    )
    tender = TenderProject.objects.create(
        **asdict(facts),
        mode=_mode_of(facts.procedure),
        project=project,
        region_code=project.region_code,
        code=codes.issue_tender_project_code(
            region_code=settings.NODE.region_code, project_code=project.code
        ),
        organisation_code=actor.organisation_code,
        created_at=now,
    )
    reports.tender_project_registered(tender, now=now)
    audit.record(actor=actor, deed="tender_project.registered", object_id=tender.pk, now=now)
    return tender


def _mode_of(code: str) -> TenderMode:
    """Return who may bid under a procedure of this room's trade. Raises ``Refusal``."""
    found = {procedure.code: procedure for procedure in case_queries.adopted(TRADE_TYPE)}
    if code not in found:
        raise Refusal(reasons.NO_PROCEDURE, procedure=code)
    return found[code].tender_mode


def register(
    *,
    project: ProjectFacts,
    tender_project: TenderProjectFacts,
    actor: Actor,
    now: datetime,
    submission: UUID | None = None,
) -> TenderProject:
    """Register a project and its first tender together: both or none.

    ``submission`` marks the form: one that comes twice gives what it gave at first. Raises
    ``Refusal``.
    """
    try:
        with transaction.atomic():
            registered = register_project(
                facts=project, actor=actor, now=now, submission=submission
            )
            return register_tender_project(
                project_id=registered.pk, facts=tender_project, actor=actor, now=now
            )
    except IntegrityError:
        if submission is None:
            raise
        own = queries.tender_projects_of(actor).filter(project__submission=submission)
        earlier = own.order_by("created_at").first()
        if earlier is None:
            raise
        return earlier


@transaction.atomic
def add_lot(
    *,
    tender_project_id: UUID,
    facts: LotFacts,
    actor: Actor,
    now: datetime,
    submission: UUID | None = None,
) -> Lot:
    """Add a lot with its codes and begin its case; a ``submission`` that comes twice adds one.

    Raises ``Refusal``, ``TenderProject.DoesNotExist``.
    """
    own = queries.tender_projects_of(actor).select_for_update(of=("self",))
    tender = own.get(pk=tender_project_id)
    if submission and (earlier := tender.lots.filter(submission=submission).first()):
        return earlier
    engagement.require(
        tenderer_code=tender.tenderer_code, agency_code=tender.agency_code, actor=actor, now=now
    )
    rules.require_estimate(facts.estimate)
    lot = Lot.objects.create(
        **asdict(facts),
        tender_project=tender,
        region_code=tender.region_code,
        code=codes.issue_section_code(
            region_code=settings.NODE.region_code, tender_project_code=tender.code
        ),
        transaction_code=codes.issue_transaction_code(
            category=tender.category,
            region_code=settings.NODE.region_code,
            platform_code=settings.NODE.platform_code,
            day=now.astimezone(BEIJING).date(),
        ),
        submission=submission or uuid7(),
        created_at=now,
    )
    reports.lot_added(lot, now=now)
    audit.record(actor=actor, deed="lot.added", object_id=lot.pk, now=now)
    cases.begin(
        procedure=tender.procedure,
        code=lot.code,
        title=lot.title,
        region_code=lot.region_code,
        tenderer_code=tender.tenderer_code,
        agency_code=tender.agency_code,
        actor=actor,
        now=now,
        facts={"is_statutory": tender.is_statutory},
    )
    return lot
