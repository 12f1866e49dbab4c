"""People, a small declaration and the answers of rooms that are not built here, for tests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.identifiers import uuid7
from gongheng.procedures import works_open
from gongheng.trading.cases import actions, gate, guards, queries
from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.guards import Guard, Question
from gongheng.trading.cases.kinds import Verdict
from gongheng.trading.cases.models import Case, DoneStep, Proposal, Review
from gongheng.trading.cases.standing import of
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)
CITY = "530100"
TENDERER = "12530100MB1A000014"
LOT = "E5301000001000001001001"
WORKS = works_open.PROCEDURE


def person(name: str, *roles: str, organisation: str = TENDERER, region: str = CITY) -> Actor:
    return Actor(
        account_id=uuid7(),
        username=name,
        name=name,
        organisation_code=organisation,
        organisation_name=organisation,
        region_code=region,
        roles=frozenset(roles),
    )


CLERK, COLLEAGUE = person("wang", "clerk"), person("li", "clerk")
OFFICER = person("zhao", "officer", organisation="12530000MB1X000010")
SECOND_OFFICER = person("qian", "officer", organisation="12530000MB1X000010")
BIDDER = person("sun", "bidder", organisation="91440300MA5F000007", region="440300")
EXPERT = person("zhou", "expert", organisation="", region="530300")
SUPERVISOR = person("wu", "supervisor", organisation="11530100015100000J")
SYSTEM = Actor(None, "", "系统", "", "", CITY, frozenset({"system"}))
BY_ROLE = {
    "clerk": (CLERK, COLLEAGUE),
    "officer": (OFFICER, SECOND_OFFICER),
    "bidder": (BIDDER, BIDDER),
    "expert": (EXPERT, EXPERT),
    "supervisor": (SUPERVISOR, SUPERVISOR),
    "system": (SYSTEM, SYSTEM),
}


def open_accounts() -> None:
    """Let the people of the tests have accounts, for the audit trail."""
    for actor in {actor for pair in BY_ROLE.values() for actor in pair} - {SYSTEM}:
        Account.objects.create(
            pk=actor.account_id,
            region_code=actor.region_code,
            username=actor.username,
            display_name=actor.name,
            organisation_code=actor.organisation_code,
            organisation_name=actor.organisation_name,
        )


def agreeing(procedure: Procedure) -> dict[str, Guard]:
    """Return a guard that has nothing against it for each name that a declaration gives."""

    def agrees(question: Question) -> None:
        assert question.case_code

    return dict.fromkeys(guards.named_in(procedure), agrees)


def changed(procedure: Procedure, code: str, **changes: Any) -> Procedure:
    """Return a procedure with one step changed."""
    step = replace(procedure.step(code), **changes)
    return replace(
        procedure, steps=tuple(step if old.code == code else old for old in procedure.steps)
    )


def without(procedure: Procedure, *codes: str) -> Procedure:
    return replace(
        procedure, steps=tuple(step for step in procedure.steps if step.code not in codes)
    )


def outcome_changed(procedure: Procedure, code: str, outcome: str, **changes: Any) -> Procedure:
    step = procedure.step(code)
    outcomes = tuple(
        replace(old, **changes) if old.code == outcome else old for old in step.outcomes
    )
    return changed(procedure, code, outcomes=outcomes)


def plain_passage(proposal: Proposal, now: datetime) -> gate.Passage:  # noqa: ARG001  a room's preview asks for the hour
    """Return the passage of a step whose room is not built here."""
    return gate.Passage(title=f"{proposal.step} {proposal.case.code}")


def plainly_advanced(proposal: Proposal, actor: Actor, now: datetime) -> None:
    """Advance every case of a matter, and write nothing else."""
    for one in gate.proposals_of(proposal.matter):
        actions.advance(
            case_id=one.case_id,
            step=one.step,
            actor=actor,
            now=now,
            facts=one.facts,
            outcome=one.outcome,
        )


PLAIN = gate.GatedDeed(plain_passage, plainly_advanced)


@contextmanager
def plain_deed(step: str) -> Iterator[None]:
    """Let a two-person step publish nothing meanwhile, whatever its room does."""
    kept = gate._provided.get(step)
    gate._provided[step] = PLAIN
    try:
        yield
    finally:
        del gate._provided[step]
        if kept is not None:
            gate._provided[step] = kept


def confirmed(
    proposal: Proposal,
    actor: Actor,
    now: datetime,
    verdict: Verdict = Verdict.PUBLISH,
    **changes: Any,
) -> Review:
    """Let a second person look at a matter and decide on it."""
    passage = gate.deed_of(proposal.step).preview(proposal, now)
    seen = gate.digest(passage, gate.proposals_of(proposal.matter))
    asked = {"verdict": verdict, "seen": seen, "reason": "已逐项核对", "actor": actor, "now": now}
    return actions.confirm(proposal_id=proposal.pk, **asked | changes)


@dataclass
class Walk:
    """A case and the day on which it stands; each step is done by who may, with lawful facts.

    ``stated`` are facts that a procedure asks for beyond those of the works tender.
    """

    case: Case
    now: datetime = NOW
    stated: dict[str, Any] = field(default_factory=dict)

    def fresh(self) -> Case:
        latest = queries.case_of(self.case.code)
        assert latest is not None
        self.case = latest
        return latest

    def do(self, step: str, outcome: str = "", **facts: Any) -> DoneStep:
        """Do a step, by two people where it takes two."""
        declared = queries.declaration_of(self.case).step(step)
        lawful = self._lawful(outcome) | self.stated
        given = {name: lawful[name] for name in declared.facts} | facts
        if declared.second:
            first = BY_ROLE[declared.roles[0]][0]
            proposal = actions.propose(**self._asked(step, outcome, first, given))
            with plain_deed(step):
                confirmed(proposal, BY_ROLE[declared.second[0]][1], self.now)
            done = self.case.steps.latest("number")
        else:
            done = actions.advance(
                **self._asked(step, outcome, BY_ROLE[declared.roles[0]][0], given)
            )
        self.fresh()
        return done

    def later(self, **time: float) -> "Walk":
        self.now += timedelta(**time)
        return self

    def _asked(
        self, step: str, outcome: str, actor: Actor, facts: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {
            "case_id": self.case.pk,
            "step": step,
            "actor": actor,
            "now": self.now,
            "facts": facts,
            "outcome": outcome,
        }

    def _lawful(self, outcome: str) -> dict[str, Any]:
        few = outcome in {"too_few", "all_rejected", "no_competition"}
        return {
            "is_statutory": True,
            "documents_from": self.now + timedelta(hours=1),
            "documents_until": self.now + timedelta(days=8),
            "bids_due_at": self.now + timedelta(days=24),
            "opening_at": self.now + timedelta(days=24),
            "affects_bids": True,
            "bidders": 2 if few else 3,
            "decrypted": 2 if few else 3,
            "candidates": 0 if few else 3,
            "cause": "资金未落实",
            "statement": "资金未落实",
        }


def begun(procedure: Procedure = WORKS, code: str = LOT, now: datetime = NOW) -> Walk:
    actions.adopt(procedure, now=now)
    case = actions.begin(
        procedure=procedure.code,
        code=code,
        title="龙泉路道路提升改造工程施工一标段",
        region_code="530103",
        tenderer_code=TENDERER,
        actor=CLERK,
        now=now,
    )
    return Walk(case, now)


def at(step: str, **changes: Any) -> Walk:
    """Return a case that has come to a main step by the usual way."""
    walk = begun(**changes)
    while walk.case.awaits != step:
        advance_usually(walk)
    return walk


USUALLY = {
    "accept": "accepted",
    "close_bids": "enough",
    "open_bids": "opened",
    "evaluate": "ranked",
    "award": "awarded",
    "sign_contract": "signed",
    "decide_anew": "again",
}


def advance_usually(walk: Walk) -> None:
    awaits = walk.case.awaits
    if awaits == "close_bids":
        walk.now = datetime.fromisoformat(str(of(walk.case).known["bids_due_at"]))
    if awaits == "evaluate" and not walk.case.steps.filter(step="form_committee").exists():
        walk.do("form_committee")
    if awaits == "award":
        walk.later(days=10)
    if awaits == "archive":
        walk.do("report_to_supervisor")
        walk.do("refund_deposits")
    walk.do(awaits, USUALLY.get(awaits, ""))
