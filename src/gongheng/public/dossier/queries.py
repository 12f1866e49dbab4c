"""Finding a case, by any code or by one of its papers, and gathering what is public of it."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from gongheng.data.records import queries as records
from gongheng.data.records.kinds import Operation
from gongheng.data.records.models import Current, Version
from gongheng.data.standard import history
from gongheng.public.dossier.kinds import stage_of
from gongheng.public.dossier.papers import Edition, Event, Paper, Plan
from gongheng.public.portal.plans import PUBLISHED, TENDER_PROJECT_DIGITS
from gongheng.public.portal.standing import source_of
from gongheng.public.search import listing, queries as search
from gongheng.public.search.texts import project_marks, projects_of

MOST_PAPERS = 300
"""Papers that a page shows; a case has some dozen, invited tenders a letter for each firm."""
_HISTORY = "history/"
_LOT, _LOT_CODE = "SECTION", re.compile(r"[A-Z][0-9]{22}")
_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Case:
    """What is public of a case; ``reference`` is how its address names it.

    ``events`` are its public acts, those of the plans among them.
    ``is_by_name``: papers were joined by the project's name; ``is_cut``: more than are shown.
    """

    reference: str
    papers: list[Paper]
    plans: list[Plan]
    events: list[Event]
    is_by_name: bool
    is_cut: bool


def reference_of(asked: str, *, now: datetime) -> str:
    """Return how the address of a case names it, empty when there is no such case.

    ``asked`` is the code of a tender or procurement project, of a lot, a unified transaction code,
    a project code of history, or the identity of a public version.
    """
    if (version_id := _identity(asked)) is not None:
        version = records.public_record(version_id, now=now)
        return _reference(version) if version else ""
    code = asked.strip()
    for choice in _choices(code, now):
        if records.records_of_cases([choice, f"{_HISTORY}{choice}"], now=now).exists():
            return choice
    return ""


def _choices(code: str, now: datetime) -> list[str]:
    """Return what a code may mean, as it came first: codes of history may be full of marks."""
    upper = unicodedata.normalize("NFKC", code).strip().upper()
    if _LOT_CODE.fullmatch(upper):
        return [upper[:TENDER_PROJECT_DIGITS], upper]
    found = [code, upper]
    if case_code := records.case_code_of(upper, now=now):
        found.append(_whole(case_code))
    return [each for each in dict.fromkeys(found) if each]


def _whole(case_code: str) -> str:
    """Return the code of the tender project, also for what stands under the code of a lot."""
    code = case_code.removeprefix(_HISTORY)
    return code[:TENDER_PROJECT_DIGITS] if _LOT_CODE.fullmatch(code) else code


def _reference(version: Version) -> str:
    code = _whole(version.case_code)
    # A code with a stroke in it, or none at all, cannot stand in an address.
    return str(version.pk) if not _is_fit(code) else code


def _is_fit(code: str) -> bool:
    return bool(code.strip(".")) and "/" not in code and _identity(code) is None


def _identity(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) == len(str(UUID(int=0))) else None
    except ValueError:
        return None


def case_of(reference: str, *, now: datetime) -> Case:
    """Return what is public of the case that ``reference_of`` named."""
    rows, codes, is_by_name = _rows(reference, now)
    shown = rows[:MOST_PAPERS]
    events = _events(codes, now)
    return Case(
        reference=reference,
        papers=_papers(shown, now),
        plans=_plans(events),
        events=events,
        is_by_name=is_by_name,
        is_cut=len(rows) > len(shown),
    )


def _rows(reference: str, now: datetime) -> tuple[list[Current], set[str], bool]:
    """Return the records of a case, the codes it stands under, and whether names joined some."""
    version_id = _identity(reference)
    if version_id is None:
        codes = {reference, f"{_HISTORY}{reference}"}
        rows = list(records.records_of_cases(codes, now=now)[: MOST_PAPERS + 1])
        lots = {row.key for row in rows if row.dataset == _LOT}
        if lots:
            codes |= lots
            rows = list(records.records_of_cases(codes, now=now)[: MOST_PAPERS + 1])
    else:
        codes = set()
        version = records.public_record(version_id, now=now)
        current = records.current_of(version) if version else None
        rows = [current] if current else []
        if version and version.case_code:
            codes = {version.case_code}
            rows = list(records.records_of_cases(codes, now=now)[: MOST_PAPERS + 1])
    return _with_history(rows, codes, now)


def _with_history(
    rows: list[Current], codes: set[str], now: datetime
) -> tuple[list[Current], set[str], bool]:
    """Add notices of history with the same code or name; names alone join nothing of ours."""
    found = {row.version_id: row for row in rows}
    is_by_name = False
    fresh = [row for row in rows if row.source]
    for _ in range(_ROUNDS):
        hits = [hit for row in fresh for hit in _named_like(row, set(found), now)]
        fresh = [
            row
            for row in records.public_records({hit.version_id for hit in hits}, now=now)
            if row.source and row.version_id not in found
        ]
        if not fresh or len(found) > MOST_PAPERS:
            break
        is_by_name = True
        found |= {row.version_id: row for row in fresh}
    ordered = sorted(found.values(), key=lambda row: (row.published_at, row.pk))
    return ordered, codes, is_by_name


def _named_like(row: Current, besides: Collection[UUID], now: datetime) -> list[search.Hit]:
    body = records.public_body(row.version)
    return search.of_project(
        project_marks(row.title, projects_of(row.dataset, body)),
        region=row.region_code,
        besides=list(besides),
        now=now,
        most=MOST_PAPERS,
    )


def _papers(rows: Sequence[Current], now: datetime) -> list[Paper]:
    versions = records.public_versions(rows, now=now)
    proven = records.proven([version.pk for version in versions])
    editions: dict[tuple[str, str], list[Edition]] = {}
    for version in versions:
        edition = Edition(
            id=version.pk,
            number=version.number,
            deed=str(Operation(version.operation).label),
            at=version.published_at,
            body=records.public_body(version),
            is_proven=version.pk in proven and records.is_openable(version),
        )
        editions.setdefault((version.dataset, version.key), []).append(edition)
    return [_paper(row, editions.get((row.dataset, row.key), [])) for row in rows]


def _paper(row: Current, editions: Sequence[Edition]) -> Paper:
    version = row.version
    body = records.public_body(version)
    is_known = row.published_at != history.UNKNOWN_DAY
    return Paper(
        id=version.pk,
        dataset=row.dataset,
        key=row.key,
        stage=stage_of(row.dataset, row.kind, body),
        kind=row.kind,
        title=row.title,
        at=_first(editions, row) if is_known else None,
        origin=f"历史导入 · {row.source}" if row.source else source_of(version.origin),
        trade=row.trade_type,
        region_code=row.region_code,
        transaction_code=row.transaction_code,
        is_ours=not row.source and version.origin == settings.NODE.code,
        is_history=bool(row.source),
        is_withdrawn=row.is_withdrawn,
        body=body,
        editions=tuple(editions),
    )


def _first(editions: Sequence[Edition], row: Current) -> datetime:
    """Return when a paper was first published: its corrections do not move it."""
    return min((edition.at for edition in editions), default=row.published_at)


def _events(codes: Collection[str], now: datetime) -> list[Event]:
    acts = list(records.acts_of_cases(codes, now=now)[:MOST_PAPERS])
    proven = records.proven([act.pk for act in acts])
    return [
        Event(
            id=act.pk,
            kind=act.kind,
            title=str(act.facts.get("title", "")),
            at=act.happened_at,
            case_code=act.case_code,
            actor_code=act.actor_code,
            facts=act.facts,
            is_proven=act.pk in proven and records.is_openable(act),
        )
        for act in acts
    ]


def _plans(events: Sequence[Event]) -> list[Plan]:
    """Return the plans, each once: it is an act for each of its lots."""
    found: dict[object, Plan] = {}
    for event in events:
        if event.kind == PUBLISHED:
            title = event.title or "招标计划"
            plan = Plan(event.id, title, event.at, event.case_code, event.is_proven)
            found.setdefault(event.facts.get("plan"), plan)
    return list(found.values())


def trade_of(papers: Sequence[Paper]) -> str:
    """Return the trade type of a case in words, empty outside the trades."""
    trade = next((paper.trade for paper in papers if paper.trade), "")
    return listing.trade_label(trade) if trade else ""
