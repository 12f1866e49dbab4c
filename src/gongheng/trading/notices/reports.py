"""Our notices as records of the standard and acts of the case."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings

from gongheng.data.records import actions as records, queries as records_queries
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.models import Version
from gongheng.data.standard.times import wire_time
from gongheng.trading.documents.kinds import Addendum
from gongheng.trading.invitations.models import Invitee
from gongheng.trading.notices import content
from gongheng.trading.notices.kinds import (
    DATASET,
    EXCEPTIONS,
    LETTERS,
    AnnouncementKind,
    Contact,
    NoticeFacts,
)
from gongheng.trading.notices.models import Announcement, Clarification, Notice
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trading.projects.reports import (
    LEGAL_PERSON,
    RENMINBI,
    YUAN,
    given,
    sender,
    yes_no,
)
from gongheng.trust.identity.actors import Actor

TENDER_NOTICE, OTHER_NOTICE = "1", "9"
"""Codes of BULLETIN_TYPE; it knows no letter of invitation."""
BIDDER = "03"
NORMAL, CHANGE = "1", "2"
LONGEST_VERIFIER = 50
APPROVED = "经双人复核同意公布。"
_EXCEPTIONS = {
    AnnouncementKind.FAILURE: "1",
    AnnouncementKind.TERMINATION: "3",
    AnnouncementKind.SUSPENSION: "9",
    AnnouncementKind.RESUMPTION: "9",
}
_INSTANTS = frozenset(
    {"NOTICE_SEND_TIME", "APPROVAL_TIME", "CLARIFY_TIME", "SUBMIT_TIME", "DATA_TIMESTAMP"}
)


def notice_body(
    facts: NoticeFacts, *, tender: TenderProject, lots: Sequence[Lot], now: datetime
) -> dict[str, str]:
    """Return a notice as a row of the standard, as it would be published now."""
    codes = ";".join(lot.transaction_code for lot in lots)
    body = {
        "TENDER_PROJECT_CODE": tender.code,
        "NOTICE_BID_NUM": str(len(lots)),
        "BID_SECTION_CODES": ";".join(lot.code for lot in lots),
        "TRAD_CENTER_NAME": settings.NODE.name,
        "UNIFIED_DEAL_CODES": codes,
        "TENDER_SELF_CODE": tender.code,
        "NOTICE_NAME": facts.title,
        "NOTICE_CONTENT": content.text(facts, tender=tender, lots=lots),
        "NOTICE_SEND_TIME": wire_time(now),
        "NOTICE_MEDIA": settings.NODE.name,
        "URL": f"{settings.NODE.url}{_page(tender, lots)}",
        "NOTICE_NATURE": NORMAL,
        "BULLETIN_TYPE": OTHER_NOTICE if tender.is_by_invitation else TENDER_NOTICE,
        **_times(facts),
        "TENDER_DOC_GET_METHOD": facts.documents_method,
        "BID_OPEN_METHOD": facts.opening_method,
        "BID_DOC_REFER_METHOD": facts.bids_method,
        "SYNDICATED_FLAG": yes_no(is_yes=facts.consortium_allowed),
        "TENDERER_CODE": tender.tenderer_code,
        "TENDERER_NAME": tender.tenderer_name,
        **_contact("TENDERER", facts.tenderer),
        "OTHER_CONTENT": facts.other,
        "BULLETIN_DUTY": facts.responsible,
        "BULLETIN_DUTY_CODE_TYPE": settings.NODE.name[:LONGEST_VERIFIER],
    }
    return given(body | _price(facts) | _agency(facts, tender) | sender(now))


def audience_of(tender: TenderProject) -> Audience:
    """Return who may see what invites bids: a letter is seen by those alone whom it names."""
    return Audience.PARTIES if tender.is_by_invitation else Audience.PUBLIC


def _page(tender: TenderProject, lots: Sequence[Lot]) -> str:
    if tender.is_by_invitation:
        return "/bidding/"
    return f"/notices/?{urlencode({'q': lots[0].transaction_code})}"


def _times(facts: NoticeFacts) -> dict[str, str]:
    return {
        "DOC_GET_START_TIME": wire_time(facts.documents_from),
        "DOC_GET_END_TIME": wire_time(facts.documents_until),
        "BID_DOC_REFER_END_TIME": wire_time(facts.bids_due_at),
        "BID_OPEN_TIME": wire_time(facts.opening_at),
    }


def _contact(whose: str, contact: Contact) -> dict[str, str]:
    return {
        f"{whose}_ADDRESS": contact.address,
        f"{whose}_CONTACTOR": contact.person,
        f"{whose}_PHONE_NUMBER": contact.phone,
        f"{whose}_EMAIL": contact.email,
    }


def _price(facts: NoticeFacts) -> dict[str, str]:
    if not facts.document_price:
        return {}
    price = f"{facts.document_price:f}"
    return {"DOC_PRICE": price, "DOC_PRICE_CURRENCY": RENMINBI, "DOC_PRICE_UNIT": YUAN}


def _agency(facts: NoticeFacts, tender: TenderProject) -> dict[str, str]:
    if facts.agency is None:
        return {}
    return {
        "TENDER_AGENCY_CODE": tender.agency_code,
        "TENDER_AGENCY_NAME": tender.agency_name,
        **_contact("TENDER_AGENCY", facts.agency),
    }


def notice_published(
    facts: NoticeFacts, *, tender: TenderProject, lots: Sequence[Lot], actor: Actor, now: datetime
) -> Version:
    """Report a new notice as a record and as an act of its case."""
    body = notice_body(facts, tender=tender, lots=lots, now=now)
    version = records.publish(dataset=DATASET, body=body, audience=audience_of(tender), now=now)
    _act(tender, kind="notice.published", version=version, actor=actor, now=now)
    return version


def changed_body(
    notice: Notice, change: Clarification, *, standing: Version, now: datetime
) -> dict[str, str]:
    """Return a notice with a clarification before its text, as it would be published now."""
    return {
        **standing.body,
        "NOTICE_NATURE": CHANGE,
        "IS_POSTPONE": yes_no(is_yes=change.bids_due_at > notice.bids_due_at),
        "DOC_GET_END_TIME": wire_time(change.documents_until),
        "BID_DOC_REFER_END_TIME": wire_time(change.bids_due_at),
        "BID_OPEN_TIME": wire_time(change.opening_at),
        "NOTICE_CONTENT": (
            f"{content.clarification(notice, change)}\n\n{standing.body['NOTICE_CONTENT']}"
        ),
        **sender(now),
    }


def addendum_of(notice: Notice, change: Clarification, *, standing: Version) -> Addendum:
    """Return what a clarification changes in the documents of each lot."""
    is_postponed = change.bids_due_at > notice.bids_due_at
    return Addendum(
        number=change.number,
        text=content.clarification(notice, change),
        bids_due_at=notice.bids_due_at,
        postponed_to=change.bids_due_at if is_postponed else None,
        bids_method=standing.body["BID_DOC_REFER_METHOD"],
        opening_method=standing.body["BID_OPEN_METHOD"],
    )


def resumed_body(
    notice: Notice, announcement: Announcement, *, standing: Version, now: datetime
) -> dict[str, str]:
    """Return a notice with the deadline that holds after a stop."""
    due = announcement.bids_due_at or notice.bids_due_at
    return {
        **standing.body,
        "NOTICE_NATURE": CHANGE,
        "IS_POSTPONE": yes_no(is_yes=due > notice.bids_due_at),
        "BID_DOC_REFER_END_TIME": wire_time(due),
        "BID_OPEN_TIME": wire_time(due),
        "NOTICE_CONTENT": (
            f"{content.resumption(notice, announcement)}\n\n{standing.body['NOTICE_CONTENT']}"
        ),
        **sender(now),
    }


def notice_changed(
    notice: Notice, body: dict[str, str], *, reason: str, actor: Actor, now: datetime
) -> Version:
    """Report a change as a new version of the notice's record and as an act of its case."""
    version = records.publish(
        dataset=DATASET,
        body=body,
        audience=audience_of(notice.tender_project),
        now=now,
        operation=Operation.UPDATE,
    )
    tender = notice.tender_project
    _act(tender, kind="notice.changed", version=version, actor=actor, now=now, reason=reason)
    return version


def exception_body(announcement: Announcement, *, now: datetime) -> dict[str, str]:
    """Return an announcement as a row of the standard's report of exceptions."""
    lot = announcement.lot
    return given(
        {
            "TENDER_PROJECT_CODE": lot.tender_project.code,
            "BID_SECTION_CODE": lot.code,
            "UNIFIED_DEAL_CODE": lot.transaction_code,
            "EXCEPITON_NAME": announcement.title,
            "EXCEPITON_INFOR": content.announcement(announcement),
            "APPROVAL_RESULT": APPROVED,
            "APPROVAL_TIME": wire_time(now),
            "EXCEPITON_TYPE": _EXCEPTIONS[AnnouncementKind(announcement.kind)],
        }
        | sender(now)
    )


def announced(announcement: Announcement, *, actor: Actor, now: datetime) -> Version:
    """Report an announcement of a lot as a record and as an act of its case."""
    lot = announcement.lot
    version = records.publish(
        dataset=EXCEPTIONS,
        body=exception_body(announcement, now=now),
        audience=Audience.PUBLIC,
        now=now,
        case_code=lot.code,
    )
    records.act(
        case_code=lot.code,
        kind=f"lot.{announcement.kind}",
        actor_code=actor.organisation_code,
        facts={
            "version": str(version.pk),
            "cause": announcement.cause,
            "document": announcement.document,
        },
        audience=Audience.PUBLIC,
        now=now,
        region_code=lot.region_code,
    )
    return version


def notice_ended(notice: Notice, *, reason: str, actor: Actor, now: datetime) -> Version:
    """Report that no lot is tendered any more: a tombstone over the record, an act with its reason."""
    version = records.withdraw(dataset=DATASET, key=notice.record_key, now=now)
    tender = notice.tender_project
    _act(tender, kind="notice.withdrawn", version=version, actor=actor, now=now, reason=reason)
    return version


def letter_body(notice: Notice, lot: Lot, invitee: Invitee, *, now: datetime) -> dict[str, str]:
    """Return the letter to one firm as a row of the standard."""
    standing = records_queries.own_record(notice.version_id)
    assert standing is not None  # noqa: S101  the notice was published here
    return given(
        {
            "TENDER_PROJECT_CODE": notice.tender_project.code,
            "BID_SECTION_CODE": lot.code,
            "UNIFIED_DEAL_CODE": lot.transaction_code,
            "BID_INVITE_ISSUE_NATURE": standing.body["NOTICE_NATURE"],
            "BID_INVITE_ISSUE_CONTENT": standing.body["NOTICE_CONTENT"],
            "BID_QUALIFICATION": lot.qualification,
            "BIDDER_NAME": invitee.name,
            "BIDDER_CODE_TYPE": LEGAL_PERSON,
            "BIDDER_CODE": invitee.code,
            "BIDDER_ROLE": BIDDER,
            "DOC_GET_START_TIME": wire_time(notice.documents_from),
            "DOC_GET_END_TIME": wire_time(notice.documents_until),
            "TENDER_DOC_GET_METHOD": standing.body["TENDER_DOC_GET_METHOD"],
            "BID_DOC_REFER_END_TIME": wire_time(notice.bids_due_at),
            "BID_DOC_REFER_METHOD": standing.body["BID_DOC_REFER_METHOD"],
            # No answer is asked for: whoever wants to bid has the documents by then.
            "BID_INVITE_END_TIME": wire_time(notice.documents_until),
            "BID_INVITE_ISSUE_TIME": wire_time(notice.published_at),
            "BULLETIN_DUTY": standing.body["BULLETIN_DUTY"],
        }
        | sender(now)
    )


def letters_disclosed(
    notice: Notice, lot: Lot, invitees: Sequence[Invitee], *, now: datetime
) -> list[Version]:
    """Report the letters of a lot: each firm's own row, for everybody."""
    return [
        records.publish(
            dataset=LETTERS,
            body=letter_body(notice, lot, one, now=now),
            audience=Audience.PUBLIC,
            now=now,
        )
        for one in invitees
    ]


def timeless(body: Mapping[str, str]) -> dict[str, str]:
    """Return a row without the instants of its publication: what a second person confirms."""
    return {code: text for code, text in body.items() if code not in _INSTANTS}


def _act(
    tender: TenderProject,
    *,
    kind: str,
    version: Version,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    records.act(
        case_code=tender.code,
        kind=kind,
        actor_code=actor.organisation_code,
        facts={"version": str(version.pk)} | ({"reason": reason} if reason else {}),
        audience=audience_of(tender),
        now=now,
        region_code=tender.region_code,
    )
