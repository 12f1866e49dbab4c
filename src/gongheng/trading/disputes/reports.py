"""Objections and their answers as records of the standard, for supervision alone."""

from datetime import datetime

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Version
from gongheng.data.standard.times import wire_time
from gongheng.registers.subjects import queries as subjects
from gongheng.registers.subjects.kinds import SubjectKind
from gongheng.trading.disputes.kinds import Matter
from gongheng.trading.disputes.models import Objection
from gongheng.trading.projects.models import Lot
from gongheng.trading.projects.reports import sender
from gongheng.trust.identity import queries as identity

OBJECTION, REPLY = "OBJECTION", "OBJECTION_REPLY"
TENDERER, AGENCY, BIDDER = "01", "02", "03"
ANSWERED = "1"
LEGAL_PERSON, OTHER, PERSON = "1", "2", "3"
_TYPES = {Matter.DOCUMENTS: "1", Matter.OPENING: "2", Matter.RESULT: "3"}
_SUBJECT_TYPES = {SubjectKind.NATURAL_PERSON: PERSON, SubjectKind.OTHER: OTHER}
LONGEST_TITLE = 200


def raised(objection: Objection, *, now: datetime) -> Version:
    """Report an objection, with who raised it (W-09, W-10, W-20, W-28)."""
    body = {
        "DATA_KEY": _data_key(objection.document),
        **_head(objection),
        "TITTLE": _title(objection, "异议"),
        "CONTENT": "\n".join(
            (
                f"异议请求：{objection.claims}",
                f"事实和理由：{objection.grounds}",
                f"证据和线索：{objection.evidence}",
                *_paper(objection),
            )
        ),
        "TYPE": _TYPES[Matter(objection.matter)],
        "SUBMIT_TIME": wire_time(objection.raised_at),
        "CREATOR": objection.organisation_name,
        "CREATOR_TYPE": _type_of(objection.organisation_code),
        "CREATOR_ROLE": BIDDER,
        "CREATOR_CODE": objection.organisation_code,
        "CREATOR_CONTACT": objection.contact,
        **sender(now),
    }
    return _published(OBJECTION, body, objection, now=now)


def _paper(objection: Objection) -> list[str]:
    name, digest = objection.paper_name, objection.paper_digest
    return [f"证据附件：{name}（SM3 {digest}）"] if digest else []


def answered(objection: Objection, *, now: datetime) -> Version:
    """Report the answer to an objection (W-10)."""
    lot = _lot(objection)
    code = objection.answered_by_code
    is_agency = code == lot.tender_project.agency_code
    body = {
        "DATA_KEY": _data_key(objection.answer_document),
        **_head(objection),
        "RESPONSE_TITTLE": _title(objection, "异议的答复"),
        "RESPONSE_CONTENT": f"{objection.state[0]}。{objection.answer}",
        "RESPONSE_SUBMIT_TIME": wire_time(objection.answered_at or now),
        "RESPONSE_CREATOR": identity.organisation_named(code),
        "RESPONSE_CREATOR_TYPE": _type_of(code),
        "RESPONSE_CREATOR_ROLE": AGENCY if is_agency else TENDERER,
        "RESPONSE_CREATOR_CODE": code,
        "RESPONSE_CREATOR_CONTACT": (
            f"{lot.tender_project.project.contact_name} {lot.tender_project.project.contact_phone}"
        ),
        "RESPONSE_STATUS": ANSWERED,
        **sender(now),
    }
    return _published(REPLY, body, objection, now=now)


def _head(objection: Objection) -> dict[str, str]:
    lot = _lot(objection)
    return {
        "TENDER_PROJECT_CODE": lot.tender_project.code,
        "BID_SECTION_CODE": lot.code,
        "UNIFIED_DEAL_CODE": lot.transaction_code,
        "OBJECTIONG_GUID": objection.document,
    }


def _data_key(document: str) -> str:
    """Return a document's number as the 22 digits of a key: 9, region, day, number of the day."""
    _letters, region, day, number = document.split("-")
    return f"9{region}{day}{int(number):07}"


def _lot(objection: Objection) -> Lot:
    return Lot.objects.select_related("tender_project__project").get(code=objection.case.code)


def _title(objection: Objection, what: str) -> str:
    return f"{objection.case.title}：对{objection.matter_label}{what}"[:LONGEST_TITLE]


def _type_of(code: str) -> str:
    """Return what sort of subject it is; one that the register here does not know is a legal person."""
    known = subjects.subject(code)
    return _SUBJECT_TYPES.get(SubjectKind(known.kind), LEGAL_PERSON) if known else LEGAL_PERSON


def _published(
    dataset: str, body: dict[str, str], objection: Objection, *, now: datetime
) -> Version:
    return records.publish(
        dataset=dataset,
        body=body,
        audience=Audience.SUPERVISION,
        case_code=objection.case.code,
        now=now,
    )
