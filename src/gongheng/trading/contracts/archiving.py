"""What belongs into the archive of a case, what is there, and the digest of each (Z-02, Z-04)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from django.db.models import Prefetch

from gongheng.data.records import queries as records
from gongheng.kernel.canonical import canonical
from gongheng.trading.award import queries as award
from gongheng.trading.award.models import Recheck
from gongheng.trading.bids import queries as bids
from gongheng.trading.bids.kinds import BidState
from gongheng.trading.bids.models import BidReceipt
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.kinds import TenderMode
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts import queries
from gongheng.trading.deposits import queries as deposits
from gongheng.trading.documents import queries as documents
from gongheng.trading.evaluation import queries as evaluation
from gongheng.trading.opening import queries as opening
from gongheng.trading.opening.kinds import Stage
from gongheng.trading.opening.models import Opening
from gongheng.trading.projects import queries as projects
from gongheng.trading.witness import queries as witness
from gongheng.trust.crypto.digests import sm3

INVITING = {
    TenderMode.OPEN: ("招标", "招标公告", "TENDER_ANN_QUA_INQUERY_ANN"),
    TenderMode.INVITED: ("招标", "投标邀请书", "TENDER_INVITATION"),
}
EXPECTED_RECORDS = (
    ("开标", "开标记录公布", "BID_OPENING_RECORD"),
    ("定标", "中标候选人公示", "TENDER_CANDIDATE_ANNOUNCE"),
    ("定标", "中标结果公告", "WIN_RESULT_ANNO"),
    ("合同", "合同订立信息公开", "CONTRACT_PERFORMANCE"),
)
"""Stage, title and dataset of what the law has published, after what invited bids."""
OBJECTIONS = {"OBJECTION": "异议", "OBJECTION_REPLY": "异议答复"}
"""What they are called, by the dataset of their records."""
_RECEIPTS = Prefetch("receipts", BidReceipt.objects.order_by("number"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A paper of the archive; an empty digest says that it is missing."""

    stage: str
    title: str
    digest: str
    made_at: datetime | None = None

    @property
    def is_missing(self) -> bool:
        """Tell whether the paper should be here and is not."""
        return not self.digest

    def as_json(self) -> dict[str, str]:
        """Return the paper as a JSON object."""
        return {
            "stage": self.stage,
            "title": self.title,
            "digest": self.digest,
            "made_at": self.made_at.isoformat() if self.made_at else "",
        }


def sheets_of(case: Case, *, now: datetime) -> tuple[Sheet, ...]:
    """Return the papers of a round in the order of its stages, missing ones with an empty digest."""
    return (
        *_approvals(case),
        *_documents(case),
        *_records(case, now=now),
        *_bids(case),
        *_opening(case),
        *_witnessed(case),
        *_evaluation(case),
        *_award(case),
        *_contract(case),
        *_deposits(case),
        *_objections(case),
        *_history(case),
    )


def manifest(
    case: Case, sheets: Sequence[Sheet], *, explanation: str, now: datetime
) -> dict[str, object]:
    """Return the manifest of an archive as JSON values; digests are SM3, hex."""
    return {
        "format": "gongheng-archive-1",
        "case": case.code,
        "round": case.round_number,
        "title": case.title,
        "tenderer": case.tenderer_code,
        "agency": case.agency_code,
        "procedure": case.version.code,
        "procedure_digest": case.version.digest,
        "closed_at": now.isoformat(),
        "explanation": explanation,
        "sheets": [sheet.as_json() for sheet in sheets],
    }


def _digest(value: object) -> str:
    return sm3(canonical(value)).hex()


def _approvals(case: Case) -> Iterator[Sheet]:
    """Yield the approvals that the tender was submitted with, the last filing first."""
    for filing in projects.filings_of(queries.lot_of(case).tender_project):
        yield Sheet(
            stage="立项",
            title=f"{filing.approval_name}（第{filing.number}次报送）",
            digest=filing.approval_digest,
            made_at=filing.submitted_at,
        )


def _documents(case: Case) -> Iterator[Sheet]:
    versions = list(documents.versions_of(case))
    if not versions:
        yield Sheet(stage="招标", title="招标文件", digest="")
    for version in reversed(versions):
        title = f"招标文件第{version.number}版"
        yield Sheet(stage="招标", title=title, digest=version.digest, made_at=version.issued_at)
        for file in version.attachments.order_by("name"):
            yield Sheet(
                stage="招标",
                title=f"{title}附件：{file.name}",
                digest=file.digest,
                made_at=version.issued_at,
            )
    for review in documents.reviews_of(case):
        content = [review.body_digest, review.conclusion, review.reasons, review.exceptions]
        yield Sheet(
            stage="招标",
            title=f"公平竞争审查记录（{review.reviewed_by_name}）",
            digest=_digest(content),
            made_at=review.reviewed_at,
        )


def _records(case: Case, *, now: datetime) -> Iterator[Sheet]:
    """Yield what was published of the lot: rows that name it, and those of its tender project."""
    lot = queries.lot_of(case)
    rows = list(records.case_records(lot.tender_project.code, now=now))
    for stage, title, dataset in (INVITING[lot.tender_project.tender_mode], *EXPECTED_RECORDS):
        found = [
            row for row in rows if row.dataset == dataset and lot.code in _lots(row.version.body)
        ]
        if not found:
            yield Sheet(stage=stage, title=title, digest="")
        for row in found:
            yield Sheet(
                stage=stage,
                title=f"{title}：{row.title}" if row.title else title,
                digest=row.version.digest,
                made_at=row.published_at,
            )


def _lots(body: dict[str, str]) -> list[str]:
    return f"{body.get('BID_SECTION_CODES', '')};{body.get('BID_SECTION_CODE', '')}".split(";")


def _bids(case: Case) -> Iterator[Sheet]:
    """Yield the sealed originals with their receipts, and what was signed at the deadline.

    None before the opening made them known: nobody may count bids or learn whose they are (E-03).
    """
    if not _is_known(opening.of_case(case.pk)):
        return
    for bid in case.bids.order_by("completed_at", "id").prefetch_related(_RECEIPTS):
        whose = f"（{bid.bidder_name}，{BidState(bid.state).label}）"
        yield Sheet(
            stage="投标",
            title=f"加密投标文件{whose}",
            digest=bid.envelope_digest,
            made_at=bid.completed_at,
        )
        for receipt in bid.receipts.all():
            yield Sheet(
                stage="投标",
                title=f"回执{whose}",
                digest=_digest(receipt.body),
                made_at=receipt.given_at,
            )
    closing = bids.closing_statement(case)
    if closing is not None:
        yield Sheet(
            stage="投标",
            title="投标截止声明",
            digest=closing.digest,
            made_at=closing.closed_at,
        )


def _is_known(found: Opening | None) -> TypeGuard[Opening]:
    return found is not None and Stage(found.stage).shows_prices


def _opening(case: Case) -> Iterator[Sheet]:
    found = opening.of_case(case.pk)
    is_there = found is not None and bool(found.record)
    yield Sheet(
        stage="开标",
        title="开标记录",
        digest=_digest(found.record) if found and is_there else "",
        made_at=found.shown_at if found else None,
    )
    if not _is_known(found):
        return
    for entry in found.entries.exclude(paper_digest="").order_by("number"):
        title = f"未解密原因的证明材料：{entry.paper_name}（{entry.bidder_name}）"
        yield Sheet(stage="开标", title=title, digest=entry.paper_digest, made_at=entry.cause_at)


def _witnessed(case: Case) -> Iterator[Sheet]:
    for record in witness.closed_records(case):
        stage = record.get_sitting_display()
        title = f"{stage}见证记录"
        yield Sheet(stage=stage, title=title, digest=record.digest, made_at=record.closed_at)


def _evaluation(case: Case) -> Iterator[Sheet]:
    report = evaluation.report(case.code)
    yield Sheet(
        stage="评标",
        title="评标报告",
        digest=report.digest if report else "",
        made_at=report.signed_at if report else None,
    )


def _award(case: Case) -> Iterator[Sheet]:
    letters = list(award.letters_of(case))
    if not letters:
        yield Sheet(stage="定标", title="中标通知书", digest="")
    for letter in letters:
        title = f"{'中标通知书' if letter.is_award else '中标结果通知书'}（{letter.bidder_name}）"
        content = [letter.number, letter.bidder_code, letter.sent_at.isoformat()]
        yield Sheet(stage="定标", title=title, digest=_digest(content), made_at=letter.sent_at)
    for loss in award.losses_of(case):
        title = f"候选人不能中标的证明材料：{loss.evidence_name}"
        yield Sheet(
            stage="定标", title=title, digest=loss.evidence_digest, made_at=loss.recorded_at
        )
    for row in Recheck.objects.filter(case=case).order_by("recorded_at", "id"):
        title = f"复核事由的证明材料：{row.evidence_name}"
        yield Sheet(stage="定标", title=title, digest=row.evidence_digest, made_at=row.recorded_at)
    report = award.report_of(case)
    yield Sheet(
        stage="定标",
        title="招标投标情况书面报告",
        digest=report.digest if report else "",
        made_at=report.reported_at if report else None,
    )


def _contract(case: Case) -> Iterator[Sheet]:
    contract = queries.contract_of(case)
    yield Sheet(
        stage="合同",
        title="书面合同",
        digest=contract.digest if contract and contract.is_concluded else "",
        made_at=contract.concluded_at if contract else None,
    )
    signatures = contract.signatures.order_by("signed_at", "id") if contract else ()
    for row in signatures:
        content = [row.side, row.digest, row.organisation_code, row.public_key, row.signature]
        yield Sheet(
            stage="合同",
            title=f"{row.side_label}签署（{row.signed_by_name}）",
            digest=_digest(content),
            made_at=row.signed_at,
        )
    if contract and contract.bond_paper_digest:
        yield Sheet(
            stage="合同",
            title=f"履约担保：{contract.bond_paper_name}（{contract.bond_form_label}）",
            digest=contract.bond_paper_digest,
            made_at=contract.bond_received_at,
        )


def _deposits(case: Case) -> Iterator[Sheet]:
    for row in deposits.all_of(case):
        content = [row.number, row.bidder_code, f"{row.amount}", f"{row.interest}", row.state]
        yield Sheet(
            stage="保证金",
            title=f"投标保证金（{row.bidder_name}，{row.state_label}）",
            digest=_digest([*content, row.refund_number]),
            made_at=row.settled_at,
        )
        if row.kept_paper_digest:
            yield Sheet(
                stage="保证金",
                title=f"不予退还的证明材料：{row.kept_paper_name}（{row.bidder_name}）",
                digest=row.kept_paper_digest,
                made_at=row.settled_at,
            )


def _objections(case: Case) -> Iterator[Sheet]:
    """Yield objections and answers as they were reported; who objected stays within the record."""
    for row in records.kept_records(case.code, OBJECTIONS):
        yield Sheet(
            stage="异议",
            title=OBJECTIONS[row.dataset],
            digest=row.version.digest,
            made_at=row.published_at,
        )


def _history(case: Case) -> Iterator[Sheet]:
    labels = cases.declaration_of(case)
    for row in cases.history_of(case):
        content = [row.number, row.step, row.outcome, row.facts, row.done_at.isoformat()]
        yield Sheet(
            stage="办理过程",
            title=f"第{row.number}步：{labels.step(row.step).label}",
            digest=_digest(content),
            made_at=row.done_at,
        )
