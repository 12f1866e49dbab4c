"""Where a case stands: its row and history, turned into what the rules judge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection

from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import canonical_form
from gongheng.trading.cases.declaration import DONE_AT, FAILED_ROUNDS, IDLE, NOW, Procedure
from gongheng.trading.cases.facts import Fact, Facts
from gongheng.trading.cases.graph import State, remembered
from gongheng.trading.cases.models import Case, DoneStep, ProcedureVersion

RESERVED = frozenset({NOW, FAILED_ROUNDS, IDLE})
"""Names of facts that nobody may state: the engine knows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A case with its declaration, its state, what is known of it and its open documents."""

    case: Case
    procedure: Procedure
    state: State
    known: Facts
    open_documents: frozenset[tuple[str, str]]
    length: int

    def terms_on(self, now: datetime) -> date:
        """Return the day whose terms bind: of the first public notice, before it today."""
        return self.case.terms_on or day_of(now)

    def facts(self, given: Facts, *, now: datetime) -> dict[str, Fact]:
        """Return everything a rule may ask for. Raises ``ValueError`` for a reserved name."""
        for name in given:
            if name in RESERVED or name.startswith(DONE_AT):
                msg = f"nobody states the fact {name}"
                raise ValueError(msg)
        return {**self.known, **given, NOW: now, FAILED_ROUNDS: self.case.round_number}


def locked(case_id: UUID) -> Standing:
    """Return where a case stands and keep it there until the commit: one writer at a time."""
    return of(Case.objects.select_for_update(of=("self",)).get(pk=case_id))


def kept(case_id: UUID) -> Standing:
    """Return where a case stands and keep it there, beside others who only look (200 bids)."""
    with connection.cursor() as statement:
        statement.execute("SELECT id FROM cases_case WHERE id = %s FOR SHARE", [case_id])
    return of(Case.objects.get(pk=case_id))


def of(case: Case) -> Standing:
    """Return where a case stands."""
    return _of(case, list(case.steps.order_by("number")))


def of_many(cases: Iterable[Case]) -> list[Standing]:
    """Return where each case stands, in one question for all."""
    listed = list(cases)
    histories: dict[UUID, list[DoneStep]] = {case.pk: [] for case in listed}
    for row in DoneStep.objects.filter(case__in=listed).order_by("number"):
        histories[row.case_id].append(row)
    return [_of(case, histories[case.pk]) for case in listed]


def _of(case: Case, history: list[DoneStep]) -> Standing:
    procedure = declaration(case.version_id)
    documents = _open_documents(procedure, history)
    return Standing(
        case=case,
        procedure=procedure,
        state=State(
            case.awaits,
            frozenset(row.step for row in history) & remembered(procedure),
            frozenset(matter for matter, _ in documents),
        ),
        known=_known(case, history),
        open_documents=documents,
        length=len(history),
    )


@lru_cache(maxsize=256)
def declaration(version_id: UUID) -> Procedure:
    """Return a version's declaration; versions never change, so it is read once."""
    version = ProcedureVersion.objects.get(pk=version_id)
    return canonical_form.of_json(version.declaration)


def _known(case: Case, history: list[DoneStep]) -> dict[str, Fact]:
    known: dict[str, Fact] = dict(case.facts)
    for row in history:
        known.update(row.facts)
        known[DONE_AT + row.step] = row.done_at
    return known


def _open_documents(procedure: Procedure, history: list[DoneStep]) -> frozenset[tuple[str, str]]:
    steps = procedure.by_code()
    found: set[tuple[str, str]] = set()
    for row in history:
        step = steps[row.step]
        if step.suspends:
            found.add((step.suspends, row.document))
        if step.resumes:
            found.discard((step.resumes, row.document))
    return frozenset(found)
