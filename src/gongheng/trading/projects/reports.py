"""Our projects and lots as rows of the national standard."""

from datetime import datetime

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act, Version
from gongheng.data.standard.times import wire_time
from gongheng.registers.codes.actions import platform_identifier
from gongheng.trading.projects.models import Lot, Project, TenderPlan, TenderProject
from gongheng.trust.identity.actors import Actor

YUAN = "0"
RENMINBI = "156"
CLASSIFICATION_OF_2017 = "2"
TENDERER = "01"
AGENCY = "02"
LEGAL_PERSON = "1"


def sender(now: datetime) -> dict[str, str]:
    """Return the columns that every row of works ends with."""
    identifier = platform_identifier(settings.NODE.region_code)
    return {
        "PLATFORM_CODE": settings.NODE.platform_code,
        "PUB_SERVICE_PLAT_CODE": settings.NODE.service_code,
        "DATA_TIMESTAMP": wire_time(now),
        "TRADE_PLAT": identifier,
        "PUB_SERVICE_PLAT": identifier,
    }


def given(body: dict[str, str]) -> dict[str, str]:
    """Return a row without its empty columns."""
    return {code: text for code, text in body.items() if text}


def yes_no(*, is_yes: bool) -> str:
    """Return the code of the list YES_NO."""
    return "1" if is_yes else "0"


def project_body(project: Project, *, now: datetime) -> dict[str, str]:
    """Return a project as a row of PROJECT."""
    return given(
        {
            "PROJECT_CODE": project.code,
            "PROJECT_NAME": project.name,
            "REGION_CODE": project.region_code,
            "RELATE_CODE": project.relate_code,
            "INVEST_PROJECT_CODE": project.invest_project_code,
            "ADDRESS": project.address,
            "LEGAL_PERSON": project.legal_person,
            "CLASS_VER_CODE": CLASSIFICATION_OF_2017,
            "INDUSTRIES_TYPE": project.industry,
            "FUND_SOURCE": project.fund_source,
            "CONTRIBUTION_SCALE": project.contribution_scale,
            "PROJECT_SCALE": project.scale,
            "CONTACTOR": project.contact_name,
            "CONTACT_INFORMATION": project.contact_phone,
            "APPROVAL_NAME": project.approval_name,
            "APPROVAL_NUMBER": project.approval_number,
            "APPROVAL_AUTHORITY": project.approval_authority,
            "CREATE_TIME": wire_time(project.created_at),
            "OPERATION_NAME": project.registered_by_name,
            **sender(now),
        }
    )


def tender_project_body(tender: TenderProject, *, now: datetime) -> dict[str, str]:
    """Return a tender project as a row of TENDER_PROJECT."""
    body = {
        "PROJECT_CODE": tender.project.code,
        "TENDER_PROJECT_CODE": tender.code,
        "IS_TO_LAW": yes_no(is_yes=tender.is_statutory),
        "TENDER_PROJECT_NAME": tender.name,
        "TENDER_PROJECT_TYPE": tender.category,
        "REGION_CODE": tender.region_code,
        "TENDER_CONTENT": tender.content,
        "OWNER_NAME": tender.project.legal_person,
        "TENDERER_NAME": tender.tenderer_name,
        "TENDERER_CODE_TYPE": LEGAL_PERSON,
        "TENDERER_CODE": tender.tenderer_code,
        "ISUNION": yes_no(is_yes=False),
        "TENDERER_ROLE": TENDERER,
        "TENDER_MODE": tender.mode,
        "TENDER_ORGANIZE_FORM": tender.organise_form,
        "CREATE_TIME": wire_time(tender.created_at),
        "SUPERVISE_DEPT_NAME": tender.supervisor_name,
        "APPROVE_DEPT_NAME": tender.approver_name,
        "REPORT_DUTY": tender.reporter,
    }
    agency = {
        "TENDER_AGENCY_NAME": tender.agency_name,
        "TENDER_AGENCY_CODE_TYPE": LEGAL_PERSON,
        "TENDER_AGENCY_CODE": tender.agency_code,
        "TENDER_AGENCY_ROLE": AGENCY,
    }
    return given(body | (agency if tender.has_agency else {}) | sender(now))


def lot_body(lot: Lot, *, now: datetime) -> dict[str, str]:
    """Return a lot as a row of SECTION."""
    return given(
        {
            "TENDER_PROJECT_CODE": lot.tender_project.code,
            "BID_SECTION_CODE": lot.code,
            "BID_SECTION_NAME": lot.name,
            "BID_ECTION_NUM": str(lot.round_number),
            "UNIFIED_DEAL_CODE": lot.transaction_code,
            "BID_TENDER_MODE": lot.tender_project.mode,
            "REGION_CODE": lot.region_code,
            "TRA_PLACE_CODE": settings.NODE.region_code,
            "BID_SECTION_CONTENT": lot.content,
            "TENDER_PROJECT_CLASSIFY_CODE": lot.classification,
            "CONTRACT_RECKON_PRICE": f"{lot.estimate:f}",
            "CURRENCY_CODE": RENMINBI,
            "PRICE_UNIT": YUAN,
            "BID_QUALIFICATION": lot.qualification,
            "BEGIN_DATE": f"{lot.begin_on:%Y%m%d}" if lot.begin_on else "",
            "LIMITE_TIME": str(lot.duration_days or ""),
            "CREATE_TIME": wire_time(lot.created_at),
            **sender(now),
        }
    )


def project_registered(project: Project, *, now: datetime) -> Version:
    """Report a new project."""
    body = project_body(project, now=now)
    return records.publish(dataset="PROJECT", body=body, audience=Audience.PUBLIC, now=now)


def tender_project_registered(tender: TenderProject, *, now: datetime) -> Version:
    """Report a new tender project."""
    body = tender_project_body(tender, now=now)
    return records.publish(dataset="TENDER_PROJECT", body=body, audience=Audience.PUBLIC, now=now)


def lot_added(lot: Lot, *, now: datetime) -> Version:
    """Report a new lot."""
    body = lot_body(lot, now=now)
    return records.publish(dataset="SECTION", body=body, audience=Audience.PUBLIC, now=now)


def plan_published(plan: TenderPlan, *, case_code: str, actor: Actor, now: datetime) -> Act:
    """Report a published tender plan (B-01): the standard has no dataset for it, so it is an act."""
    return records.act(
        case_code=case_code,
        kind="tender_plan.published",
        actor_code=actor.organisation_code,
        facts={
            "plan": str(plan.pk),
            "planned_on": plan.planned_on.isoformat(),
            **plan.content,
        },
        audience=Audience.PUBLIC,
        now=now,
        region_code=plan.region_code,
    )
