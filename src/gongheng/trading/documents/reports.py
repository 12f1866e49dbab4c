"""Clarifications and changes of tender documents as records of the standard."""

from datetime import datetime

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Version
from gongheng.data.standard.times import wire_time
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import queries
from gongheng.trading.documents.kinds import ADDENDA, PLACE, Addendum, EvaluationMethod
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.projects.reports import RENMINBI, YUAN, given, sender, yes_no

BY_AMOUNT, OTHERWISE = "1", "9"
"""Codes of PRICE_FORM; a tender that asks for no deposit says so in words."""
NO_DEPOSIT = "不要求提交投标保证金"
TRANSFER_OR_GUARANTEE, OTHER_FORM = "4;5;6;7", "9"
AFTER_OPENING = "2"
ONE_SITE = "1"


def addendum_body(
    document: TenderDocument, case: Case, addendum: Addendum, *, now: datetime
) -> dict[str, str]:
    """Return an addendum as a row of the standard, as it would be published now.

    ``document`` is what holds from then on. The hours of bids and opening are those that held;
    the new ones stand in the columns of a postponement (W-07).
    """
    lot = queries.lot_of(case)
    postponed = addendum.postponed_to
    return given(
        {
            "TENDER_PROJECT_CODE": lot.tender_project.code,
            "BID_SECTION_CODE": lot.code,
            "UNIFIED_DEAL_CODES": lot.transaction_code,
            "DOC_NO": f"{lot.code}{case.round_number}{addendum.number:02d}",
            "DOC_NAME": f"{lot.title}招标文件第{addendum.number}号澄清（修改）",
            "BID_QUALIFICATION": lot.qualification,
            "BID_DOC_REFER_END_TIME": wire_time(addendum.bids_due_at),
            "VALID_PERIOD": str(document.validity_days),
            "BID_DOC_REFER_METHOD": addendum.bids_method,
            **_deposit(document),
            **_ceiling(document),
            "EVALUATING_METHOD": EvaluationMethod(document.evaluation_method).label,
            "BID_OPEN_TIME": wire_time(addendum.bids_due_at),
            "BID_OPEN_PLACE": PLACE,
            "BID_OPEN_TYPE": addendum.opening_method,
            "QUAL_TYPE": AFTER_OPENING,
            "CLARIFY_TIME": wire_time(now),
            "IS_POSTPONE": yes_no(is_yes=postponed is not None),
            "POST_OPEN_TIME": wire_time(postponed) if postponed else "",
            "POST_OPEN_ADDRESS": PLACE if postponed else "",
            "CLARIFY_CONTENT": addendum.text,
            "SUBMIT_TIME": wire_time(now),
            "URL": f"{settings.NODE.url}/documents/{case.pk}/",
            "EVALUATION_TYPE": ONE_SITE,
        }
        | sender(now)
    )


def _deposit(document: TenderDocument) -> dict[str, str]:
    if document.bond_amount is None:
        return {
            "MARGIN_PAY_TYPE": OTHER_FORM,
            "PRICE_FORM_CODE": OTHERWISE,
            "MARGIN_PERCENT": NO_DEPOSIT,
        }
    return {
        "MARGIN_PAY_TYPE": TRANSFER_OR_GUARANTEE,
        "PRICE_FORM_CODE": BY_AMOUNT,
        "MARGIN_AMOUNT": f"{document.bond_amount:f}",
        "MARGIN_CURRENCY": RENMINBI,
        "MARGIN_AMOUNT_UNIT": YUAN,
    }


def _ceiling(document: TenderDocument) -> dict[str, str]:
    if document.ceiling is None:
        return {}
    return {
        "CONTROL_PRICE": f"{document.ceiling:f}",
        "CONTROL_PRICE_CURRENCY": RENMINBI,
        "CONTROL_PRICE_UNIT": YUAN,
    }


def addendum_published(
    document: TenderDocument,
    case: Case,
    addendum: Addendum,
    *,
    audience: Audience,
    now: datetime,
) -> Version:
    """Report an addendum as a record."""
    body = addendum_body(document, case, addendum, now=now)
    return records.publish(dataset=ADDENDA, body=body, audience=audience, now=now)
