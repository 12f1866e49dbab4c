"""Candidates and awards as rows of the standard, and the report to the supervisor as an act."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.models import Act, Version
from gongheng.data.standard.times import wire_time
from gongheng.kernel.clock import to_minute
from gongheng.kernel.money import written
from gongheng.trading.award.models import Bulletin, Candidate, Decision, SupervisorReport
from gongheng.trading.projects.models import Lot
from gongheng.trading.projects.reports import RENMINBI, YUAN, given, sender

PUBLICITY = "TENDER_CANDIDATE_ANNOUNCE"
CANDIDATE = "TENDER_CANDIDATE"
RESULT = "WIN_RESULT_ANNO"
LEGAL_PERSON, BIDDER, AMOUNT, NO = "1", "03", "1", "0"
NORMAL, ISSUED_AGAIN = "1", "3"
AWARD_NOTICE = "3"
LONGEST_VERIFIER = 50
ONE_SECOND_BEFORE_MIDNIGHT = "235959"
OF_THE_MOMENT = frozenset(
    {"PUBLICITY_REFER_TIME", "PUBLICITY_START_TIME", "NOTICE_SEND_TIME", "DATA_TIMESTAMP"}
)
"""Columns that are known when a row goes out and not before: two people cannot agree on them."""

Body = dict[str, str]


def without_moment(body: Mapping[str, str]) -> Body:
    """Return a row without what depends on the moment at which it goes out."""
    return {code: text for code, text in body.items() if code not in OF_THE_MOMENT}


def publicity_body(
    bulletin: Bulletin, candidates: Sequence[Candidate], *, lot: Lot, is_again: bool, now: datetime
) -> Body:
    """Return a list of candidates as a row of the standard, as it would go out now (B-06)."""
    details = bulletin.details
    return given(
        {
            "TENDER_PROJECT_CODE": lot.tender_project.code,
            "BID_SECTION_CODES": lot.code,
            "UNIFIED_DEAL_CODE": lot.transaction_code,
            "PUBLICITY_NAME": bulletin.title,
            "PUBLICITY_CONTENT": publicity_text(bulletin, candidates, lot=lot),
            "PUBLICITY_REFER_TIME": wire_time(now),
            "NOTICE_MEDIA": settings.NODE.name,
            "URL": _address(lot),
            "PUBLICITY_TYPE": ISSUED_AGAIN if is_again else NORMAL,
            "PUBLICITY_START_TIME": wire_time(now),
            "PUBLICITY_END_TIME": _last_second(details["ends_on"]),
            "OBJECTION_METHOD": details["objection_method"],
            "OTHER_CONTENT": details["other"],
            "BULLETIN_DUTY": details["responsible"],
            "EXAMINER_NAME": settings.NODE.name[:LONGEST_VERIFIER],
            **sender(now),
        }
    )


def _last_second(day: str) -> str:
    # 24:00 cannot be written on the wire; the standard lets 23:59:59 stand for it.
    return day.replace("-", "") + ONE_SECOND_BEFORE_MIDNIGHT


def _address(lot: Lot) -> str:
    return f"{settings.NODE.url}/notices/?{urlencode({'q': lot.transaction_code})}"


def publicity_text(bulletin: Bulletin, candidates: Sequence[Candidate], *, lot: Lot) -> str:
    """Return the words of a publicity: everything that B-06 asks for."""
    details = bulletin.details
    parts = [
        f"一、项目名称：{lot.tender_project.name}，标段：{lot.name}（{lot.code}）。",
        f"二、评标情况：{details['summary']}",
        "三、中标候选人：",
        *(_candidate_text(row) for row in candidates),
        f"四、公示期：自发布之日起至{_day_words(details['ends_on'])}24:00。",
        f"五、提出异议的渠道和方式：{details['objection_method']}",
    ]
    if details["other"]:
        parts.append(f"六、其他：{details['other']}")
    return "\n".join(parts)


def _candidate_text(row: Candidate) -> str:
    return (
        f"第{row.rank}名：{row.bidder_name}（{row.bidder_code}）；投标报价 {written(row.price)} 元；"
        f"质量：{row.quality}；工期：{row.duration_days} 日历天；"
        f"项目负责人：{row.project_manager}，证书：{row.certificate}；"
        f"响应招标文件要求的资格能力条件：{row.qualification}"
    )


def _day_words(day: str) -> str:
    year, month, number = (int(part) for part in day.split("-"))
    return f"{year}年{month}月{number}日"


def candidate_body(row: Candidate, *, lot: Lot, now: datetime) -> Body:
    """Return a candidate as a row of the standard."""
    return given(
        {
            "TENDER_PROJECT_CODE": lot.tender_project.code,
            "BID_SECTION_CODE": lot.code,
            "UNIFIED_DEAL_CODE": lot.transaction_code,
            "WIN_CANDIDATE_NAME": row.bidder_name,
            "BIDDER_CODE_TYPE": LEGAL_PERSON,
            "WIN_CANDIDATE_CODE": row.bidder_code,
            "BIDDER_ROLE": BIDDER,
            "WIN_CANDIDATE_ORDER": str(row.rank),
            "IS_FLOAT_RATE": NO,
            "EVALUATION_RESULT": row.score,
            "PRICE_FORM_CODE": AMOUNT,
            "BID_PRICE": f"{row.price:f}",
            "PRICE_CURRENCY": RENMINBI,
            "PRICE_UINT": YUAN,
            "QUALITY": row.quality,
            "EVALUATION_STATUS": f"评标委员会推荐的第{row.rank}名中标候选人",
            "WIN_CANDIDATE_QUALIFICATION": (
                f"项目负责人{row.project_manager}，证书{row.certificate}。{row.qualification}"
            ),
            **sender(now),
        }
    )


def result_body(bulletin: Bulletin, decision: Decision, *, lot: Lot, now: datetime) -> Body:
    """Return an award notice as a row of the standard, as it would go out now (B-07)."""
    winner, tender, details = decision.candidate, lot.tender_project, bulletin.details
    assert winner is not None  # noqa: S101  an award notice has a winner
    body = {
        "TENDER_PROJECT_CODE": tender.code,
        "BID_SECTION_CODE": lot.code,
        "UNIFIED_DEAL_CODE": lot.transaction_code,
        "REGION_CODE": lot.region_code,
        "TRA_PLACE_CODE": settings.NODE.region_code,
        "NOTICE_NAME": bulletin.title,
        "NOTICE_CONTENT": result_text(bulletin, winner, lot=lot),
        "NOTICE_SEND_TIME": wire_time(now),
        "NOTICE_MEDIA": settings.NODE.name,
        "URL": _address(lot),
        "NOTICE_NATURE": NORMAL,
        "BULLETIN_TYPE": AWARD_NOTICE,
        "WIN_BIDDER_NAME": winner.bidder_name,
        "BIDDER_CODE_TYPE": LEGAL_PERSON,
        "WIN_BIDDER_CODE": winner.bidder_code,
        "BIDDER_ROLE": BIDDER,
        "PRICE_FORM_CODE": AMOUNT,
        "BID_AMOUNT": f"{winner.price:f}",
        "BID_CURRENCY": RENMINBI,
        "PRICE_UNIT": YUAN,
        "OTHER_CONTENT": details["other"],
        "BULLETIN_DUTY": details["responsible"],
        "EXAMINER_NAME": settings.NODE.name[:LONGEST_VERIFIER],
        **sender(now),
    }
    agency = {
        "TENDER_AGENCY_NAME": tender.agency_name,
        "TENDER_AGENCY_CODE": tender.agency_code,
    }
    return given(body | (agency if tender.has_agency else {}))


def result_text(bulletin: Bulletin, winner: Candidate, *, lot: Lot) -> str:
    """Return the words of an award notice."""
    other = bulletin.details["other"]
    return (
        f"{lot.title}（{lot.code}）的招标已经结束，中标结果如下。\n"
        f"中标人：{winner.bidder_name}（{winner.bidder_code}）\n"
        f"中标价：{written(winner.price)} 元\n工期：{winner.duration_days} 日历天\n"
        f"质量：{winner.quality}\n项目负责人：{winner.project_manager}"
        + (f"\n其他：{other}" if other else "")
    )


def candidates_published(
    bulletin: Bulletin, candidates: Sequence[Candidate], *, lot: Lot, is_again: bool, now: datetime
) -> Version:
    """Report a publicity and its candidates; returns the publicity's version.

    A bidder who was a candidate of this lot before has a row already: it becomes the new one.
    """
    for row in candidates:
        version = records.publish(
            dataset=CANDIDATE,
            body=candidate_body(row, lot=lot, now=now),
            audience=Audience.PUBLIC,
            now=now,
            operation=Operation.UPDATE if _was_published(row, lot) else Operation.INSERT,
            case_code=lot.tender_project.code,
        )
        row.version_id = version.pk
        row.save(update_fields=["version_id"])
    body = publicity_body(bulletin, candidates, lot=lot, is_again=is_again, now=now)
    return records.publish(dataset=PUBLICITY, body=body, audience=Audience.PUBLIC, now=now)


def _was_published(row: Candidate, lot: Lot) -> bool:
    earlier = Candidate.objects.filter(
        bulletin__case__code=lot.code, bidder_code=row.bidder_code, version_id__isnull=False
    )
    return earlier.exclude(pk=row.pk).exists()


def result_published(bulletin: Bulletin, decision: Decision, *, lot: Lot, now: datetime) -> Version:
    """Report an award notice."""
    body = result_body(bulletin, decision, lot=lot, now=now)
    return records.publish(dataset=RESULT, body=body, audience=Audience.PUBLIC, now=now)


def supervisor_told(report: SupervisorReport, *, actor_code: str, now: datetime) -> Act:
    """Report the written report to supervision: its words travel with the act (W-32)."""
    return records.act(
        case_code=report.case.code,
        kind="award.reported",
        actor_code=actor_code,
        facts={
            "number": report.number,
            "digest": report.digest,
            "sections": report.sections,
        },
        audience=Audience.SUPERVISION,
        now=now,
        region_code=report.case.region_code,
    )


def letters_sent(decision: Decision, *, actor_code: str, letters: int, now: datetime) -> Act:
    """Report that the award letter and the results went out (W-31)."""
    return records.act(
        case_code=decision.case.code,
        kind="award.notified",
        actor_code=actor_code,
        facts={"letters": letters},
        audience=Audience.SUPERVISION,
        now=now,
        region_code=decision.case.region_code,
    )


def moment_words(instant: datetime | None) -> str:
    """Return an instant as reports write it."""
    return to_minute(instant) or "—"


def sum_words(amount: Decimal | None) -> str:
    """Return a sum as reports write it."""
    return f"{written(amount)} 元" if amount is not None else "—"
