"""What the written report on a tender begins with, from the case (W-32)."""

from datetime import datetime

from gongheng.data.records import queries as records
from gongheng.trading.award import queries
from gongheng.trading.award.reports import moment_words, sum_words
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import queries as documents
from gongheng.trading.evaluation import queries as evaluation
from gongheng.trading.projects.models import Lot


def proposed_sections(case: Case, *, now: datetime) -> list[tuple[str, str]]:
    """Return the parts that a report must have, each with what the case says of it.

    The parts are those of the departmental rules on construction tenders; people complete them.
    """
    lot = queries.lot_of(case)
    return [
        ("招标范围", _scope(case, lot)),
        ("招标方式和发布招标公告的媒介", _media(case, lot, now=now)),
        ("招标文件中投标人须知、技术条款、评标标准和方法、合同主要条款等内容", _documents(case)),
        ("评标委员会的组成和评标报告", _evaluation(case)),
        ("中标结果", _result(case)),
    ]


def _scope(case: Case, lot: Lot) -> str:
    document = documents.issued_in(case)
    scope = document.scope if document else lot.content
    return f"{lot.title}（{lot.code}），合同估算价 {sum_words(lot.estimate)}。{scope}"


def _media(case: Case, lot: Lot, *, now: datetime) -> str:
    rows = records.case_records(lot.tender_project.code, now=now).filter(is_notice=True)
    notices = [
        f"《{row.title}》{moment_words(row.published_at)}发布"
        for row in rows
        if row.dataset == "TENDER_ANN_QUA_INQUERY_ANN"
    ]
    is_by_letter = lot.tender_project.is_by_invitation
    otherwise = "投标邀请书经本平台发给被邀请人" if is_by_letter else "招标公告在本平台发布"
    media = "；".join(notices) or otherwise
    return f"{lot.tender_project.tender_mode.label}，{cases.declaration_of(case).title}。{media}。"


def _documents(case: Case) -> str:
    document = documents.issued_in(case)
    if document is None:
        return ""
    return (
        f"招标文件第{document.number}版，{moment_words(document.issued_at)}发出，"
        f"摘要（SM3）{document.digest}。评标办法：{document.method_label}。"
        f"最高投标限价：{sum_words(document.ceiling)}。投标有效期 {document.validity_days} 日。"
        f"投标保证金：{sum_words(document.bond_amount)}。合同主要条款：{document.contract_terms}"
    )


def _evaluation(case: Case) -> str:
    report, committee = evaluation.report(case.code), evaluation.committee_of(case)
    if report is None:
        return ""
    size = len(evaluation.standing_members(committee)) if committee else 0
    rejected = "；".join(f"{row.bidder_name}（{row.reason}）" for row in report.rejected) or "无"
    ranked = "；".join(
        f"第{row.rank}名 {row.bidder_name} {sum_words(row.price)}"
        for row in report.ranking[: report.candidates]
    )
    return (
        f"评标委员会由 {size} 人组成，评标报告于 {moment_words(report.submitted_at)} 提交，"
        f"摘要（SM3）{report.digest}。否决的投标：{rejected}。推荐的中标候选人：{ranked}。"
    )


def _result(case: Case) -> str:
    award, publicity = queries.awarded(case.code), queries.publicity_of(case)
    if award is None:
        return ""
    shown = (
        f"中标候选人于 {moment_words(publicity.published_at)} 公示，"
        f"{moment_words(publicity.ends_at)} 期满。"
        if publicity
        else ""
    )
    lost = "".join(
        f"{row.bidder_name}不能中标：{row.cause_label}，{row.reason}。"
        for row in queries.losses_of(case)
    )
    return (
        f"{shown}{lost}中标人：{award.bidder_name}，中标价 {sum_words(award.amount)}，"
        f"{moment_words(award.decided_at)} 确定，中标通知书 {award.letter_number} 于 "
        f"{moment_words(award.notified_at)} 发出。"
    )
