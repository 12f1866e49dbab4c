"""Each public deed of the rooms of trading takes a stand on holds (D-01, W-10, W-20, Q-07).

``holds.csv`` has one row for each, written by hand: ``asks`` the gate itself, does a ``step`` of the
case, which asks, or ``goes_on``, and why. A deed without a row fails here.
"""

import ast
import csv
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.procedures.tests.support import WORKS
from gongheng.registers.holds import actions as holds, reasons
from gongheng.registers.holds.kinds import HoldKind
from gongheng.trading.award import actions as award
from gongheng.trading.award.kinds import LossCause
from gongheng.trading.bids import actions as bids, ceremony
from gongheng.trading.cases import actions as cases, holding
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts import actions as contracts
from gongheng.trading.contracts.tests import support as contract_support
from gongheng.trading.documents import actions as documents
from gongheng.trading.documents.kinds import Conclusion
from gongheng.trading.evaluation import actions as evaluation, queries as evaluations
from gongheng.trading.evaluation.kinds import Opinion, ReplacementCause, RequestKind
from gongheng.trading.evaluation.models import Request
from gongheng.trading.evaluation.tests.support import A, declared, sitting
from gongheng.trading.invitations import actions as invitations
from gongheng.trading.opening import actions as opening
from gongheng.trading.opening.kinds import Cause
from gongheng.trading.opening.models import Entry
from gongheng.trading.validity import actions as validity
from tests.cases import BIDDER, CLERK, NOW, case_at, person

ROOMS = Path(__file__).parent.parent / "src/gongheng/trading"
ASKS, STEP, GOES_ON = "asks", "step", "goes_on"
GATE = frozenset({"require_none", "require_no_hold"})
ENGINE = frozenset({"advance", "propose", "require"})
"""What a room calls of the cases: each judges, and the judgement asks first of all for holds."""
CASES = frozenset({"cases", "case_actions", "engine"})
"""What the rooms call that module."""
DOCUMENT = "监督〔2026〕9号"

Deed = Callable[[], object]


@cache
def stands() -> dict[str, tuple[str, str]]:
    """Return by deed its stand and why, as the table says."""
    with (Path(__file__).parent / "holds.csv").open(encoding="utf-8", newline="") as table:
        return {row["deed"]: (row["stand"], row["why"]) for row in csv.DictReader(table)}


@cache
def modules() -> list[tuple[str, str, dict[str, ast.FunctionDef]]]:
    """Return room, name and functions of each module of the rooms."""
    found = []
    for file in sorted(ROOMS.glob("*/*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        functions = {row.name: row for row in tree.body if isinstance(row, ast.FunctionDef)}
        found.append((file.parent.name, file.stem, functions))
    return found


Place = tuple[str, str, str]
"""A function: room, module, name."""
Call = tuple[str, str]
"""What is called: what stands before the point, and the name."""


@cache
def called() -> dict[Place, frozenset[Call]]:
    """Return for each function of a room what it calls."""
    return {
        (room, module, name): frozenset(calls_in(function))
        for room, module, functions in modules()
        for name, function in functions.items()
    }


def calls_in(function: ast.FunctionDef) -> Iterator[Call]:
    for target in (row.func for row in ast.walk(function) if isinstance(row, ast.Call)):
        if isinstance(target, ast.Attribute):
            yield (target.value.id if isinstance(target.value, ast.Name) else "?", target.attr)
        elif isinstance(target, ast.Name):
            yield ("", target.id)


def within(place: Place, call: Call) -> Iterator[Place]:
    """Yield where in its own room a call leads: the same module, or one that it is taken from."""
    room, module, _ = place
    of, name = call
    here = (room, of or module, name)
    if here in called():
        yield here
    elif not of:
        yield from (other for other in called() if other[0] == room and other[2] == name)


def reached(place: Place) -> frozenset[Call]:
    """Return what a function calls, itself or through others of its room."""
    found: set[Call] = set()
    waiting, known = [place], {place}
    while waiting:
        at = waiting.pop()
        for call in called()[at]:
            found.add(call)
            further = set(within(at, call)) - known
            known |= further
            waiting += further
    return frozenset(found)


def is_atomic(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(row, ast.Attribute) and row.attr == "atomic" for row in ast.walk(function)
    )


def deeds() -> Iterator[str]:
    """Yield the public functions that write: in a transaction, of their own or of a helper's."""
    for room, module, functions in modules():
        helpers = {name for name, row in functions.items() if name[0] == "_" and is_atomic(row)}
        for name, function in functions.items():
            its_own = {call for of, call in calls_in(function) if not of}
            if name[0] != "_" and (is_atomic(function) or helpers & its_own):
                yield f"{room}.{module}.{name}"


def test_every_deed_takes_a_stand_and_says_why_it_goes_on() -> None:
    assert sorted(deeds()) == list(stands())
    for deed, (stand, why) in stands().items():
        assert stand in {ASKS, STEP, GOES_ON}, deed
        assert bool(why) is (stand == GOES_ON), deed


def test_a_stand_is_what_the_code_does() -> None:
    unlike = []
    for deed, (stand, _) in stands().items():
        room, module, name = deed.split(".")
        calls = reached((room, module, name))
        does = {GOES_ON}
        does |= {ASKS for _, call in calls if call in GATE}
        does |= {STEP for of, call in calls if call in ENGINE and of in CASES}
        if stand not in does:
            unlike.append(deed)

    assert unlike == []


def held(case: Case) -> None:
    """Stop a case by a regulator's order."""
    with transaction.atomic():
        holds.place(
            code=case.code,
            document=DOCUMENT,
            kind=HoldKind.DIRECTIVE,
            cause="调查",
            placed_by_code="11530100015100000J",
            now=NOW,
        )


def refusals(walk: dict[str, Deed]) -> dict[str, str]:
    """Return by deed the code of the refusal that it ended with, empty where it was done."""
    found = {}
    for name, deed in walk.items():
        try:
            deed()
        except Refusal as refusal:
            found[name] = refusal.reason.code
        else:
            found[name] = ""
    return found


def assert_held(walk: dict[str, Deed]) -> None:
    assert all(stands()[name][0] != GOES_ON for name in walk)
    assert refusals(walk) == dict.fromkeys(walk, reasons.HELD.code)


@pytest.mark.django_db
def test_before_the_notice_a_hold_stops_documents_invitations_and_rules_of_opening() -> None:
    """It is the first thing that each says: nothing else of what is missing comes before."""
    case = case_at("review_documents").case
    by: dict[str, Any] = {"case_id": case.pk, "actor": CLERK, "now": NOW}
    review = {"conclusion": Conclusion.PASSED, "reasons": "", "exceptions": "", "revision": 0}
    held(case)

    assert_held(
        {
            "documents.actions.begin": lambda: documents.begin(**by),
            "documents.actions.save": lambda: documents.save(**by, revision=0),
            "documents.actions.copy": lambda: documents.copy(**by, from_case=case.pk),
            "documents.actions.attach": lambda: documents.attach(**by, name="a.pdf", chunks=[]),
            "documents.actions.detach": lambda: documents.detach(**by, attachment_id=uuid7()),
            "documents.actions.review": lambda: documents.review(**by, **review),
            "documents.actions.begin_amendment": lambda: documents.begin_amendment(**by),
            "invitations.actions.name": lambda: invitations.name(**by, code="", ability=""),
            "invitations.actions.remove": lambda: invitations.remove(**by, invitee_id=uuid7()),
            "bids.ceremony.request_keys": lambda: ceremony.request_keys(**by),
            "bids.ceremony.draft_policy": lambda: ceremony.draft_policy(**by, not_before=NOW),
            "bids.ceremony.sign_policy": lambda: ceremony.sign_policy(**by, value={}),
            "bids.ceremony.bind_policy": lambda: ceremony.bind_policy(**by),
            "cases.actions.propose": lambda: cases.propose(**by, step="publish_notice"),
            "cases.actions.advance": lambda: cases.advance(**by, step="review_documents"),
        }
    )


@pytest.mark.django_db
def test_what_answers_an_open_objection_is_written_while_it_suspends_the_case() -> None:
    """W-07, W-10: only a regulator's order stops the writing too."""
    walk = case_at("close_bids")
    walk.do("object_documents", document="YY-1")
    write = {"documents.actions.begin": lambda: holding.require_no_hold(walk.case)}

    with transaction.atomic():
        assert refusals(write) == {"documents.actions.begin": ""}
        held(walk.case)
        assert_held(write)


@pytest.mark.django_db
def test_while_bids_come_a_hold_stops_them_before_a_byte() -> None:
    case = case_at("close_bids").case
    by: dict[str, Any] = {"case_id": case.pk, "actor": BIDDER, "now": NOW}
    held(case)

    assert_held(
        {
            "bids.actions.begin_upload": lambda: bids.begin_upload(**by, size=1),
            "cases.actions.require": lambda: cases.require(**by, step="submit_bid"),
        }
    )


@pytest.mark.django_db
def test_a_hold_stops_the_members_but_not_one_who_has_to_step_back() -> None:
    """W-22: whoever finds a conflict says so at once; to judge waits."""
    room = sitting()
    room.form()
    by = room.by(room.members[0])
    held(room.case)

    assert_held(
        {"evaluation.forming.declare": lambda: evaluation.declare(**by, avoids=False, reason="")}
    )
    assert evaluation.declare(**by, avoids=True, reason="与投标人有近亲属关系").avoided_because


@pytest.mark.slow
@pytest.mark.django_db
def test_a_hold_stops_evaluation_and_what_the_host_decides_of_the_opening() -> None:
    room = declared()
    chair, entry = room.by(room.chair), Entry.objects.get(bidder_code=A)
    clerk = chair | {"actor": CLERK}
    firm = person("firm", "bidder", organisation=A)
    asked = Request.objects.create(
        region_code=room.case.region_code,
        committee=room.fresh(),
        bidder_code=A,
        kind=RequestKind.CLARIFICATION,
        question="请说明工期。",
        asked_by=evaluations.standing_members(room.fresh())[0],
        asked_at=room.now,
        due_at=room.now + timedelta(hours=2),
    )
    signed = {"digest": "", "opinion": Opinion.AGREED, "reason": ""}
    other = {"seat": 1, "cause": ReplacementCause.ILLNESS, "note": "", "letter_number": ""}
    asking = {"bidder_code": A, "question": ""}
    cause = {"entry_id": entry.pk, "cause": Cause.BIDDER, "evidence": "", "now": room.now}
    held(room.case)

    assert_held(
        {
            "evaluation.forming.vote": lambda: evaluation.vote(**chair, seat=1),
            "evaluation.forming.say": lambda: evaluation.say(**chair, needs_time=True),
            "evaluation.forming.extend_time": lambda: evaluation.extend_time(**clerk, until=NOW),
            "evaluation.forming.replace": lambda: evaluation.replace(**clerk, **other, username=""),
            "evaluation.marking.save_all": lambda: evaluation.save_all(
                **chair, bidder_code=A, findings=[]
            ),
            "evaluation.marking.close_review": lambda: evaluation.close_review(**chair),
            "evaluation.marking.close_technical": lambda: evaluation.close_technical(**chair),
            "evaluation.marking.reopen_review": lambda: evaluation.reopen_review(**chair),
            "evaluation.asking.ask": lambda: evaluation.ask(**chair, **asking),
            "evaluation.asking.answer": lambda: evaluation.answer(
                request_id=asked.pk, text="", actor=firm, now=room.now
            ),
            "evaluation.reporting.draw_up": lambda: evaluation.draw_up(**chair),
            "evaluation.reporting.withdraw": lambda: evaluation.withdraw(**chair),
            "evaluation.reporting.sign": lambda: evaluation.sign(**chair, **signed),
            "evaluation.reporting.note_refusal": lambda: evaluation.note_refusal(
                **chair, seat=2, reason=""
            ),
            "evaluation.reporting.receive": lambda: evaluation.receive(**clerk),
            "opening.actions.decide_cause": lambda: opening.decide_cause(**cause, actor=CLERK),
            "validity.actions.ask": lambda: validity.ask(
                **clerk, until=NOW.date(), reason="", reply_by=NOW
            ),
        }
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_after_the_award_a_hold_stops_the_contract_its_bond_and_the_winners_signature() -> None:
    """H-01, H-02, Q-06: nor is a winner lost, nor the contract published, before it is lifted."""
    desk = contract_support.signing()
    desk.draft(bond="960000.00")
    lost = {"cause": LossCause.GAVE_UP, "reason": "放弃", "paper": None}
    first = desk.course.ranked[0]
    held(desk.case)

    assert_held(
        {
            "contracts.actions.draft": desk.draft,
            "contracts.actions.receive_bond": desk.bond,
            "contracts.actions.sign_as_winner": desk.sign_as_winner,
            "contracts.actions.sign_as_tenderer": desk.sign_as_tenderer,
            "contracts.actions.winner_lost": lambda: contracts.winner_lost(**desk.by, **lost),
            "contracts.actions.propose_publication": lambda: contracts.propose_publication(
                **desk.by
            ),
            "award.actions.record_loss": lambda: award.record_loss(
                **desk.by, **lost, bidder_code=first
            ),
            "award.actions.winner_lost": lambda: award.winner_lost(**desk.by, **lost),
        }
    )


def test_what_goes_on_in_a_suspended_case_is_to_object_to_answer_and_to_resume() -> None:
    """Every other step waits, termination (Q-05) too: who ended a held case would end its review."""
    going_on = {step.code for step in WORKS.steps if step.in_suspension or step.resumes}

    assert going_on == {
        *("object_documents", "object_opening", "object_result"),
        *("answer_documents", "answer_opening", "answer_result"),
        "resume",
    }
