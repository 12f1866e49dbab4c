"""Which paper a case lacks, by which rule it is expected, and until when."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from gongheng.data.standard.times import instant_of
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Refusal
from gongheng.kernel.terms import Term, in_force
from gongheng.kernel.terms.sources import BULLETIN_RULES, PROCUREMENT_REGULATION
from gongheng.kernel.workdays.calendar import national
from gongheng.kernel.workdays.counting import day_of, latest_before
from gongheng.kernel.workdays.deadlines import Deadline
from gongheng.public.dossier.kinds import Stage
from gongheng.public.dossier.papers import Paper, Plan

NOTICE_IS_PUBLIC = Law(BULLETIN_RULES, "第五条", rule="B-03")
RESULT_IS_PUBLIC = Law(BULLETIN_RULES, "第六条", rule="B-07")
DEAL_IS_PUBLIC = Law(PROCUREMENT_REGULATION, "第四十三条", rule="B-25")
_LISTS = frozenset({"TENDER_CANDIDATE", "TENDER_CANDIDATE_ANNOUNCE", "HISTORY_NOTICE"})
_REPORT = "EVALUATION_REPORT"
_AFTER_OPENING = (Stage.CANDIDATES, Stage.AWARD, Stage.CONTRACT)


class State(StrEnum):
    """How a missing paper stands: not due yet, not seen, late, or left out by a source."""

    COMING = "未到期"
    UNSEEN = "未见"
    LATE = "逾期未见"
    NOT_DELIVERED = "来源未提供"

    @property
    def tone(self) -> str:
        """Return the colour of the word."""
        return {"未到期": "blue", "未见": "amber", "逾期未见": "red"}.get(self.value, "grey")


@dataclass(frozen=True, slots=True)
class Gap:
    """A paper that a case lacks; ``due``: the last day for it, where the records tell one.

    ``lots`` are those it is missing for; none when the case has no lots, or all lack it.
    """

    stage: Stage
    paper: str
    state: State
    words: tuple[str, ...]
    laws: tuple[str, ...]
    due: date | None = None
    lots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """What stands of one lot, or of a case without lots; ``first_on`` decides which terms bind."""

    papers: tuple[Paper, ...]
    plans: tuple[Plan, ...]
    now: datetime
    first_on: date
    is_history: bool
    is_ours: bool

    def of(self, *stages: Stage) -> list[Paper]:
        """Return the standing papers of some stages, earliest first, those without a day last."""
        found = [paper for paper in self.papers if paper.stage in stages and paper.stands]
        return sorted(found, key=lambda paper: (paper.at is None, paper.at or self.now))

    @property
    def unseen(self) -> str:
        """Return what is true of a paper that is not here."""
        if self.is_history:
            return "来源没有提供"
        return "本平台尚未发布" if self.is_ours else "本平台尚未收到"

    @property
    def has_ended(self) -> bool:
        """Tell whether the tender failed or was ended, and no notice followed."""
        ends = [paper.at for paper in self.of(Stage.EXCEPTION) if paper.at]
        begins = [paper.at for paper in self.of(Stage.NOTICE) if paper.at]
        return bool(ends) and max(ends) >= max(begins, default=min(ends))


def gaps(
    papers: Sequence[Paper], plans: Sequence[Plan], *, lots: Sequence[str], now: datetime
) -> list[Gap]:
    """Return what a case lacks, in the order of the stages; the same gap of several lots once."""
    expected = _EXPECTED.get(next((paper.trade for paper in papers if paper.trade), ""), ())
    days = [day_of(paper.at) for paper in papers if paper.at]
    noticed = [day_of(paper.at) for paper in papers if paper.at and paper.stage is Stage.NOTICE]
    if not expected or not days:
        return []
    found: dict[Gap, list[str]] = {}
    for lot in lots or ("",):
        course = Course(
            papers=tuple(paper for paper in papers if not paper.lots or lot in paper.lots),
            plans=tuple(plans),
            now=now,
            first_on=min(noticed or days),
            is_history=all(paper.is_history for paper in papers),
            is_ours=any(paper.is_ours for paper in papers),
        )
        for gap in _of(course, expected):
            found.setdefault(gap, []).append(lot)
    whole = len(lots) or 1
    merged = [
        replace(gap, lots=() if len(lacking) == whole else tuple(lacking))
        for gap, lacking in found.items()
    ]
    return sorted(merged, key=lambda gap: list(Stage).index(gap.stage))


def _of(course: Course, expected: Iterable["Expectation"]) -> Iterator[Gap]:
    for expectation in expected:
        gap = expectation(course)
        if gap is None or (course.has_ended and gap.stage is not Stage.PLAN):
            continue
        if course.is_history:
            said = "历史来源没有提供这份文件，不表示当时没有公布。"
            gap = replace(gap, state=State.NOT_DELIVERED, words=(said, *gap.words))
        yield gap


Expectation = Callable[[Course], Gap | None]


def _plan(course: Course) -> Gap | None:
    """Ask for a plan before the notice; plans are acts, which platforms do not hand to each other."""
    notices = course.of(Stage.NOTICE)
    term = _term(course, "B-01")
    is_known = course.is_ours or course.is_history
    if not is_known or not notices or not notices[0].at or term is None:
        return None
    if course.plans or course.of(Stage.PLAN):
        return None
    due = latest_before(notices[0].at, term.periods, national())
    said = (
        f"招标计划一般应在招标公告发布至少{term.periods}日前公布，按公告日推算最迟为{_day(due)}。"
    )
    return Gap(Stage.PLAN, "招标计划", State.UNSEEN, (said,), (_cited(term),), due)


def _notice(course: Course) -> Gap | None:
    after = course.of(Stage.CHANGE, Stage.OPENING, *_AFTER_OPENING)
    if course.of(Stage.NOTICE) or not after:
        return None
    said = f"已有后续文件《{after[0].kind or after[0].title}》，{course.unseen}此前的公告。"
    law = DEAL_IS_PUBLIC if after[0].trade == "procurement" else NOTICE_IS_PUBLIC
    return Gap(Stage.NOTICE, "招标（采购）公告", State.UNSEEN, (said,), (_law(law),))


def _opening(course: Course) -> Gap | None:
    announced = course.of(Stage.NOTICE, Stage.CHANGE)
    if course.of(Stage.OPENING) or not (announced or course.of(*_AFTER_OPENING)):
        return None
    term = _term(course, "W-18")
    opens_at = _announced_opening(announced)
    if term is None:
        return None
    if opens_at is None:
        said = "开标在投标截止的同一时间公开进行，开标记录应当公开；已收到的文件没有写明开标时间。"
        return Gap(Stage.OPENING, "开标记录", State.UNSEEN, (said,), (_cited(term),))
    due = term.deadline("投标截止", opens_at)
    is_over = due.is_over(course.now)
    said = f"公告的开标时间为{_instant(opens_at)}，{'已过' if is_over else '尚未到'}。"
    state = State.LATE if is_over else State.COMING
    words = (said, f"{course.unseen}开标记录。") if is_over else (said,)
    return Gap(Stage.OPENING, "开标记录", state, words, (_cited(term),), due.last_day)


def _candidates(course: Course) -> Gap | None:
    lists = [paper for paper in course.of(Stage.CANDIDATES) if paper.dataset in _LISTS]
    if lists or not course.of(Stage.OPENING, Stage.AWARD, Stage.CONTRACT):
        return None
    term = _term(course, "W-28", "start")
    if term is None:
        return None
    reports = [paper for paper in course.of(Stage.CANDIDATES) if paper.dataset == _REPORT]
    if reports and (due := _until(term, "收到评标报告", reports[0].at)):
        state = State.LATE if due.is_over(course.now) else State.COMING
        words = (f"中标候选人公示期限：{due.sentence}",)
        return Gap(Stage.CANDIDATES, "中标候选人公示", state, words, (_cited(term),), due.last_day)
    said = (
        f"招标人应自收到评标报告之日起{term.periods}日内公示中标候选人；"
        "收到评标报告的日期未公开，不能推算截止日。"
    )
    return Gap(Stage.CANDIDATES, "中标候选人公示", State.UNSEEN, (said,), (_cited(term),))


def _award(course: Course) -> Gap | None:
    lists = [paper for paper in course.of(Stage.CANDIDATES) if paper.dataset in _LISTS]
    if course.of(Stage.AWARD) or not (lists or course.of(Stage.CONTRACT)):
        return None
    term = _term(course, "W-28")
    laws = (_law(RESULT_IS_PUBLIC), *([_cited(term)] if term else []))
    ends_at = _publicity_end(lists, term)
    if ends_at is None:
        said = f"中标人确定后应当公告中标结果，{course.unseen}。"
        return Gap(Stage.AWARD, "中标结果公告", State.UNSEEN, (said,), laws)
    is_over = course.now >= ends_at
    said = f"中标候选人公示期至{_instant(ends_at)}，" + (
        f"已届满；中标人确定后应当公告，法规没有规定天数，{course.unseen}。"
        if is_over
        else "期满前不能公告中标结果。"
    )
    state = State.UNSEEN if is_over else State.COMING
    return Gap(Stage.AWARD, "中标结果公告", state, (said,), laws)


def _works_contract(course: Course) -> Gap | None:
    return _contract(course, signing=_term(course, "W-33"), showing=_term(course, "B-09"))


def _deal(course: Course) -> Gap | None:
    contracts = course.of(Stage.CONTRACT)
    if course.of(Stage.AWARD) or not contracts:
        return None
    said = f"已有合同公告，{course.unseen}此前的中标（成交）结果公告。"
    return Gap(Stage.AWARD, "中标（成交）结果公告", State.UNSEEN, (said,), (_law(DEAL_IS_PUBLIC),))


def _procurement_contract(course: Course) -> Gap | None:
    return _contract(
        course,
        signing=_term(course, "G-07", "contract"),
        showing=_term(course, "G-07", "bulletin"),
    )


def _contract(course: Course, *, signing: Term | None, showing: Term | None) -> Gap | None:
    """Ask for a contract: signed within a term from the result, shown within another from then."""
    awards = course.of(Stage.AWARD)
    if course.of(Stage.CONTRACT, Stage.PERFORMANCE) or not awards or signing is None:
        return None
    laws = tuple(_cited(term) for term in (signing, showing) if term)
    signed = _until(signing, awards[0].kind or "中标结果公告", awards[0].at)
    if signed is None:
        said = f"合同应在中标通知书发出后{signing.periods}日内订立；结果公告没有日期，不能推算。"
        return Gap(Stage.CONTRACT, "合同", State.UNSEEN, (said,), laws)
    shown = _until(showing, "订立合同", signed.last_day) if showing else None
    last = shown or signed
    state = State.LATE if last.is_over(course.now) else State.COMING
    basis = "中标通知书的发出日期未公开的，以结果公告日推算，以实际发出日为准。"
    words = [f"合同最迟应于{_day(signed.last_day)}订立：{signed.sentence}{basis}"]
    if shown:
        words.append(f"合同订立后应当公开，最迟为{_day(shown.last_day)}：{shown.sentence}")
    if state is State.LATE and not course.is_history:
        words.append(f"{course.unseen}。")
    return Gap(Stage.CONTRACT, "合同", state, tuple(words), laws, signed.last_day)


_EXPECTED: dict[str, tuple[Expectation, ...]] = {
    "works": (_plan, _notice, _opening, _candidates, _award, _works_contract),
    "procurement": (_notice, _deal, _procurement_contract),
}
"""What is expected of each trade type; of others the rules here say nothing."""


def _term(course: Course, rule: str, key: str = "") -> Term | None:
    try:
        return in_force(rule, course.first_on, key)
    except Refusal:
        return None


def _until(term: Term, event: str, start: date | datetime | None) -> Deadline | None:
    """Return the end of a period, None for an unknown start or one outside the calendar."""
    try:
        return term.deadline(event, start) if start else None
    except Refusal:
        return None


def _announced_opening(announced: Sequence[Paper]) -> datetime | None:
    for paper in reversed(announced):
        for column in ("BID_OPEN_TIME", "BID_DOC_REFER_END_TIME"):
            if found := instant_of(paper.body.get(column, "")):
                return found
    return None


def _publicity_end(lists: Sequence[Paper], term: Term | None) -> datetime | None:
    for paper in reversed(lists):
        if found := instant_of(paper.body.get("PUBLICITY_END_TIME", "")):
            return found
    due = _until(term, "公示开始", lists[-1].at) if term and lists else None
    return due.ends_at if due else None


def _cited(term: Term) -> str:
    return str(term.law)


def _law(law: Law) -> str:
    return str(law)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _instant(instant: datetime) -> str:
    there = instant.astimezone(BEIJING)
    return f"{_day(there.date())}{there:%H:%M}"
