"""How long candidates are on view, who may be awarded, and when a list is looked at again."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms import Term
from gongheng.kernel.workdays.calendar import WorkCalendar, national
from gongheng.kernel.workdays.counting import midnight_after, roll

REGULATION = "招标投标法实施条例"
PUBLICITY = Law(REGULATION, "第五十四条", rule="W-28")
ORDER = Law(REGULATION, "第五十五条", rule="W-29")

NO_REPORT = Reason(
    code="award.no_report",
    message="还没有评标报告，或评标报告没有推荐中标候选人。",
    law=Law(REGULATION, "第五十三条", rule="W-27"),
    remedy="请待评标委员会提交评标报告后办理。",
)
VIEW_TOO_SHORT = Reason(
    code="award.view_too_short",
    message="中标候选人公示期少于三日，或公示截止日早于法定的最后一日。",
    law=PUBLICITY,
    remedy="请把公示截止日改到提示的最早日期或以后。",
)
ENDS_ON_REST_DAY = Reason(
    code="award.ends_on_rest_day",
    message="公示期的最后一日不是工作日。",
    law=PUBLICITY,
    remedy="请改为其后的第一个工作日。",
)
STATEMENT_MISSING = Reason(
    code="award.statement_missing",
    message="中标候选人公示缺少法定内容。",
    law=Law("招标公告和公示信息发布管理办法", "第六条", rule="B-06"),
    remedy="请补充每名候选人的项目负责人证书和响应资格条件的说明。",
)
NOT_ON_VIEW = Reason(
    code="award.not_on_view",
    message="没有正在进行的中标候选人公示，现在不能对评标结果提出异议。",
    law=PUBLICITY,
    remedy="异议应当在公示期内提出；公示期已过的，可以依法向行政监督部门投诉。",
)
STILL_ON_VIEW = Reason(
    code="award.still_on_view",
    message="中标候选人公示期还没有结束，不能确定中标人。",
    law=PUBLICITY,
    remedy="请在公示期结束后办理。",
)
NOT_A_CANDIDATE = Reason(
    code="award.not_a_candidate",
    message="所选单位不在已公示的中标候选人之中。",
    law=Law("招标投标法", "第四十条", rule="W-29"),
    remedy="请在已公示的中标候选人中选择。",
)
OUT_OF_ORDER = Reason(
    code="award.out_of_order",
    message="排名在前的中标候选人没有法定的不能中标的事由，不能选择排名在后的候选人。",
    law=ORDER,
    remedy="请选择排名第一的候选人；确有法定事由的，请先登记事由并附证明材料。",
)
CANNOT_WIN = Reason(
    code="award.cannot_win",
    message="所选候选人已登记不能中标的事由。",
    law=ORDER,
    remedy="请选择其后的候选人，或重新招标。",
)
SOMEBODY_LEFT = Reason(
    code="award.somebody_left",
    message="还有可以中标的候选人，不能以候选人均不能中标为由重新招标。",
    law=ORDER,
    remedy="请依序确定中标人；其余候选人确有法定事由的，请逐一登记并附证明材料。",
)
EARLIER_LOT_OPEN = Reason(
    code="award.earlier_lot_open",
    message="招标文件限制了同一投标人的中标标段数量，在前的标段还没有确定中标人。",
    law=Law("公共资源交易平台管理要求", "标段数量限制", rule="J-04"),
    remedy="请按标段编号的顺序，先确定在前标段的中标人。",
)
NO_PROOF = Reason(
    code="award.no_proof",
    message="没有写明事由，或没有附证明材料。",
    law=ORDER,
    remedy="请写明经过，并上传证明材料（如放弃中标的书面声明、处罚决定书）。",
)
ALREADY_LOST = Reason(
    code="award.already_lost",
    message="该候选人不能中标的事由已经登记。",
    law=ORDER,
    remedy="请查看已登记的事由；登记有误的，请联系行政监督部门。",
)
NOT_THE_WINNER = Reason(
    code="award.not_the_winner",
    message="该投标人没有收到本标段的中标通知书，这一事由只适用于中标人。",
    law=Law(REGULATION, "第七十四条", rule="F-07"),
    remedy="请核对投标人和事由；没有法定事由的，请按期退还投标保证金。",
)
NO_CAUSE = Reason(
    code="award.no_cause",
    message="没有登记复核的法定事由和证明材料。",
    law=Law(REGULATION, "第五十六条", rule="W-30"),
    remedy="请选择事由，写明经过，并上传证明材料。",
)
LETTER_SENT = Reason(
    code="award.letter_sent",
    message="中标通知书已经发出，不能再交原评标委员会复核。",
    law=Law(REGULATION, "第五十六条", rule="W-30"),
    remedy="请依合同和法律处理，或联系行政监督部门。",
)
BIDS_EXPIRED = Reason(
    code="award.bids_expired",
    message="投标有效期已经届满，且没有登记中标候选人同意延长的书面文件。",
    law=Law(REGULATION, "第二十五条", rule="W-34"),
    remedy="请在项目的“投标有效期”里要求延长，或者填写候选人的书面同意；拒绝延长的，登记为不能中标。",
)
NO_DECISION = Reason(
    code="award.no_decision",
    message="没有找到所提交的定标意见，或它属于其他项目。",
    remedy="请在定标页面重新提交。",
)
NOT_AWARDED = Reason(
    code="award.not_awarded",
    message="还没有确定中标人。",
    remedy="请先确定中标人。",
)
SECTION_EMPTY = Reason(
    code="award.section_empty",
    message="书面报告缺少法定内容。",
    law=Law("招标投标法", "第四十七条", rule="W-32"),
    remedy="请逐项补充后提交。",
)


class Ranked(Protocol):
    """A place on the list of candidates."""

    @property
    def rank(self) -> int:
        """The place, 1 for the first."""

    @property
    def bidder_code(self) -> str:
        """The bidder's credit code."""

    @property
    def bidder_name(self) -> str:
        """The bidder's name."""


def require_view(
    *, starts_at: datetime, ends_on: date, term: Term, calendar: WorkCalendar | None = None
) -> datetime:
    """Return the end of a publicity: 24:00 of its last day, a working day, long enough (W-28).

    Raises ``Refusal`` (VIEW_TOO_SHORT with ``earliest``, ENDS_ON_REST_DAY with ``next_workday``).
    """
    used = calendar or national()
    earliest = term.deadline(term.name, starts_at, calendar=used)
    if ends_on < earliest.last_day:
        raise Refusal(VIEW_TOO_SHORT, earliest=earliest)
    if not used.is_workday(ends_on):
        raise Refusal(ENDS_ON_REST_DAY, next_workday=roll(ends_on, used))
    return midnight_after(ends_on)


def require_on_view(*, ends_at: datetime | None, now: datetime) -> None:
    """Refuse an objection where no publicity is running (W-28). Raises ``Refusal`` (NOT_ON_VIEW)."""
    if ends_at is None or now >= ends_at:
        raise Refusal(NOT_ON_VIEW, ends_at=ends_at, now=now)


def require_view_over(*, ends_at: datetime | None, now: datetime) -> None:
    """Refuse an award while candidates are on view. Raises ``Refusal`` (STILL_ON_VIEW)."""
    if ends_at is None or now < ends_at:
        raise Refusal(STILL_ON_VIEW, ends_at=ends_at, now=now)


def require_in_order(candidates: Sequence[Ranked], *, chosen: str, lost: Collection[str]) -> Ranked:
    """Return the chosen candidate when everybody before it is lost for a cause of the law (W-29).

    ``chosen`` and ``lost`` are bidders' codes. Raises ``Refusal`` (NOT_A_CANDIDATE, CANNOT_WIN,
    OUT_OF_ORDER with ``before``, the first that was passed over without a cause).
    """
    found = next((row for row in candidates if row.bidder_code == chosen), None)
    if found is None:
        raise Refusal(NOT_A_CANDIDATE, chosen=chosen)
    if chosen in lost:
        raise Refusal(CANNOT_WIN, chosen=found.bidder_name)
    for row in sorted(candidates, key=lambda candidate: candidate.rank):
        if row.rank < found.rank and row.bidder_code not in lost:
            raise Refusal(OUT_OF_ORDER, before=row.bidder_name, rank=row.rank)
    return found


def next_in_order(candidates: Sequence[Ranked], *, lost: Collection[str]) -> Ranked | None:
    """Return whom the law lets be awarded now, nobody when all are lost."""
    left = [row for row in candidates if row.bidder_code not in lost]
    return min(left, key=lambda row: row.rank, default=None)


def require_nobody_left(candidates: Sequence[Ranked], *, lost: Collection[str]) -> None:
    """Refuse a new tender while a candidate may win. Raises ``Refusal`` (SOMEBODY_LEFT)."""
    left = next_in_order(candidates, lost=lost)
    if left is not None or not candidates:
        raise Refusal(SOMEBODY_LEFT, left=left.bidder_name if left else "")


def require_proof(*, reason: str, evidence_digest: str, refusal: Reason = NO_PROOF) -> None:
    """Refuse a cause without its story and its paper. Raises ``Refusal``."""
    if not reason.strip() or not evidence_digest:
        raise Refusal(refusal)


def require_bids_valid(
    *, last_day: date | None, agreed_until: date | None, consent: str, now: datetime
) -> None:
    """Refuse an award of a bid that has expired, unless its bidder consented to longer (W-34).

    ``last_day``: of the validity by the documents (W-12). Raises ``Refusal`` (BIDS_EXPIRED).
    """
    if last_day is None or consent.strip():
        return
    last = max(last_day, agreed_until or last_day)
    if now >= midnight_after(last):
        raise Refusal(BIDS_EXPIRED, last_day=last, now=now)


def require_before_letter(*, notified_at: datetime | None) -> None:
    """Refuse a recheck after the award letter (W-30). Raises ``Refusal`` (LETTER_SENT)."""
    if notified_at is not None:
        raise Refusal(LETTER_SENT, notified_at=notified_at)


def require_sections(sections: Sequence[tuple[str, str]]) -> None:
    """Refuse a report that leaves a part of its contents out. Raises ``Refusal`` (SECTION_EMPTY)."""
    empty = tuple(heading for heading, text in sections if not text.strip())
    if empty or not sections:
        raise Refusal(SECTION_EMPTY, missing=empty)


def require_notified(*, is_notified: bool) -> None:
    """Refuse a winner's fault of who was sent no award letter. Raises ``Refusal`` (NOT_THE_WINNER)."""
    if not is_notified:
        raise Refusal(NOT_THE_WINNER)
