"""The page of a case: its facts, its stages with papers and gaps, comparisons and changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongheng.data.standard import regions
from gongheng.data.standard.values import is_blank, parts_of
from gongheng.public.dossier import rules
from gongheng.public.dossier.comparing import WINNER_IS_LISTED, Comparison, Standing, comparisons
from gongheng.public.dossier.differences import Change, changes
from gongheng.public.dossier.kinds import Stage
from gongheng.public.dossier.papers import Edition, Paper, Plan
from gongheng.public.dossier.queries import Case, trade_of
from gongheng.public.portal.presenting import Fact, fact
from gongheng.public.search.listing import tone_of
from gongheng.public.search.words import STEM_LENGTH, stem

MOST_REVISIONS = 20
"""Revisions that a page compares; further ones are read on the pages of their papers."""

_TENDERER = ("TENDERER_NAME", "PURCHASER_NAME", "HISTORY_BUYER")
_AGENCY = ("TENDER_AGENCY_NAME", "PURCHASER_AGENCY_NAME", "HISTORY_AGENCY")
_PROJECT = ("TENDER_PROJECT_NAME", "PURCHASE_PROJECT_NAME", "PROJECT_NAME")
_CODES = (
    "PROJECT_CODE",
    "TENDER_PROJECT_CODE",
    "PURCHASE_PROJECT_CODE",
    "HISTORY_PROJECT_CODE",
    "INVEST_PROJECT_CODE",
    "HISTORY_INVESTMENT_CODE",
)
_LOT = "SECTION"
_NAMED_LOTS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A paper on the timeline, or a plan, which is an act without a version."""

    paper: Paper | None
    plan: Plan | None
    tone: str

    @property
    def at(self) -> datetime | None:
        """Return when it was published."""
        return self.paper.at if self.paper else self.plan.at if self.plan else None


@dataclass(frozen=True, slots=True)
class Missing:
    """A gap as the timeline shows it; ``where`` names the lots it is about."""

    gap: rules.Gap
    where: str


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage with what is there and what is not."""

    stage: Stage
    lines: list[Line]
    missing: list[Missing]


@dataclass(frozen=True, slots=True)
class Revision:
    """What changed from one version of a paper to the next, or by a notice of change."""

    title: str
    older: UUID
    newer: UUID
    before: str
    after: str
    at: datetime
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the page of a case shows."""

    reference: str
    title: str
    state: str
    tone: str
    facts: list[Fact]
    stages: list[StageView]
    comparisons: list[Comparison]
    alarms: list[str]
    winner_law: str
    revisions: list[Revision]
    more_revisions: int
    number: int
    proven: int
    sources: list[str]
    has_history: bool
    is_by_name: bool
    is_cut: bool


def view_of(case: Case, *, now: datetime) -> View:
    """Return the page of a case."""
    papers = case.papers
    lots = {paper.key: paper.title for paper in papers if paper.dataset == _LOT and paper.stands}
    lacking = rules.gaps(papers, case.plans, lots=list(lots), now=now)
    compared = comparisons(papers)
    revised = list(_revisions(papers))[::-1]
    state, tone = _state(papers)
    return View(
        reference=case.reference,
        title=title_of(papers),
        state=state,
        tone=tone,
        facts=_facts(papers),
        stages=_stages(case, lacking, lots),
        comparisons=compared,
        alarms=[
            winner.name
            for each in compared
            for winner in each.winners
            if winner.standing is Standing.NOWHERE
        ],
        winner_law=f"{WINNER_IS_LISTED}（{WINNER_IS_LISTED.rule}）",
        revisions=revised[:MOST_REVISIONS],
        more_revisions=max(len(revised) - MOST_REVISIONS, 0),
        number=len(papers) + len(case.plans),
        proven=sum(paper.is_proven for paper in papers)
        + sum(plan.is_proven for plan in case.plans),
        sources=list(dict.fromkeys(paper.origin for paper in papers)),
        has_history=any(paper.is_history for paper in papers),
        is_by_name=case.is_by_name,
        is_cut=case.is_cut,
    )


def title_of(papers: Sequence[Paper]) -> str:
    """Return the name of the project, else the longest that the titles of its papers share."""
    named = _value(papers, _PROJECT, datasets={"TENDER_PROJECT", "PURCHASE_PROJECT", "PROJECT"})
    if named:
        return named
    titles = [paper.title for paper in papers if paper.stands] or [papers[0].title]
    shared = _beginning([title for title in titles if stem(title) == stem(titles[0])])
    if len(titles) > 1 and len(shared) >= STEM_LENGTH:
        return shared.rstrip("的关于（(-—_ ")
    return min(titles, key=len)


def _beginning(titles: Sequence[str]) -> str:
    """Return what all titles begin with."""
    first, last = min(titles), max(titles)
    length = next((n for n, letter in enumerate(first) if last[n : n + 1] != letter), len(first))
    return first[:length]


def _value(papers: Iterable[Paper], columns: Sequence[str], *, datasets: Iterable[str] = ()) -> str:
    """Return the newest value of the first column that any paper has."""
    wanted = set(datasets)
    found = [
        paper.body.get(column, "").strip()
        for column in columns
        for paper in reversed([*papers])
        if paper.stands and (not wanted or paper.dataset in wanted)
    ]
    return next((value for value in found if not is_blank(value)), "")


def _facts(papers: Sequence[Paper]) -> list[Fact]:
    codes = dict.fromkeys(
        paper.body[column].strip()
        for column in _CODES
        for paper in papers
        if not is_blank(paper.body.get(column, ""))
    )
    region = next((p.region_code for p in papers if p.stage is Stage.NOTICE), papers[0].region_code)
    deals = dict.fromkeys(paper.transaction_code for paper in papers if paper.transaction_code)
    told = (
        ("招标（采购、出让）人", "；".join(parts_of(_value(papers, _TENDERER)))),
        ("代理机构", _value(papers, _AGENCY)),
        ("交易类别", trade_of(papers)),
        ("地区", regions.full_name(region)),
        ("项目编号", "；".join(codes)),
        ("统一交易标识码", "；".join(deals)),
    )
    return [fact(label, value) for label, value in told if value]


_STATES = (
    (Stage.PERFORMANCE, "履约中", "green"),
    (Stage.CONTRACT, "合同已公开", "green"),
    (Stage.AWARD, "结果已公告", "green"),
    (Stage.CANDIDATES, "中标候选人已公示", "blue"),
    (Stage.OPENING, "已开标", "blue"),
    (Stage.NOTICE, "已发布公告", "blue"),
    (Stage.CHANGE, "已发布公告", "blue"),
    (Stage.PREQUALIFICATION, "资格预审", "blue"),
    (Stage.REGISTRATION, "已登记", "grey"),
)


def _state(papers: Sequence[Paper]) -> tuple[str, str]:
    """Return where the case stands, in a word, and its colour."""
    standing = [paper for paper in papers if paper.stands]
    dated = [(paper.at, paper) for paper in standing if paper.at]
    last = max(dated, key=lambda pair: pair[0])[1] if dated else None
    if last is not None and last.stage is Stage.EXCEPTION:
        return last.kind or Stage.EXCEPTION.label, "red"
    stages = {paper.stage for paper in standing}
    reached = ((word, tone) for stage, word, tone in _STATES if stage in stages)
    return next(reached, ("尚未发布公告", "grey"))


def _stages(case: Case, lacking: Sequence[rules.Gap], lots: dict[str, str]) -> list[StageView]:
    found = []
    for stage in Stage:
        lines = [Line(None, plan, "blue") for plan in case.plans if stage is Stage.PLAN]
        lines += [Line(p, None, tone_of(p.kind)) for p in case.papers if p.stage is stage]
        missing = [Missing(gap, _where(gap, lots)) for gap in lacking if gap.stage is stage]
        if lines or missing:
            found.append(StageView(stage, lines, missing))
    return found


def _where(gap: rules.Gap, lots: dict[str, str]) -> str:
    names = [lots.get(lot, lot) for lot in gap.lots]
    more = f"等 {len(names)} 个标段（包）" if len(names) > _NAMED_LOTS else ""
    return "、".join(names[:_NAMED_LOTS]) + more


def _revisions(papers: Sequence[Paper]) -> Iterable[Revision]:
    """Yield what changed, version by version, and by each notice of change to the one before."""
    for paper in papers:
        for older, newer in zip(paper.editions, paper.editions[1:], strict=False):
            found = changes(paper.dataset, older.body, newer.body)
            if found:
                yield _revision(paper.title, paper, older, newer, found)
    for change in papers:
        before = _changed_by(change, papers)
        if before is not None and change.editions and before.editions:
            older, newer = before.editions[0], change.editions[0]
            found = changes(change.dataset, older.body, newer.body)
            if found:
                yield _revision(change.title, change, older, newer, found)


def _revision(
    title: str, paper: Paper, older: Edition, newer: Edition, found: list[Change]
) -> Revision:
    is_same = older in paper.editions
    return Revision(
        title=title,
        older=older.id,
        newer=newer.id,
        before=f"第 {older.number} 版" if is_same else "原公告",
        after=f"第 {newer.number} 版（{newer.deed}）" if is_same else paper.kind or "变更公告",
        at=newer.at,
        changes=found,
    )


def _changed_by(change: Paper, papers: Sequence[Paper]) -> Paper | None:
    """Return the notice that a notice of change of the same dataset changes."""
    if change.stage is not Stage.CHANGE or change.at is None:
        return None
    earlier = [
        paper
        for paper in papers
        if paper.dataset == change.dataset
        and paper.stage is Stage.NOTICE
        and paper.is_history == change.is_history
        and paper.at is not None
        and paper.at < change.at
        and (not change.lots or not paper.lots or set(change.lots) & set(paper.lots))
    ]
    return earlier[-1] if earlier else None
