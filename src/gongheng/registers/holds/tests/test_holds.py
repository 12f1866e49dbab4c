import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from gongheng.data.records.models import Act
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions, queries, reasons
from gongheng.registers.holds.kinds import HoldKind
from gongheng.registers.holds.models import Hold

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=BEIJING)
LOT, OTHER = "E5301000001000001001001", "E5301000001000001001002"
DOCUMENT = "昆住建监〔2026〕7号"


def place(code: str = LOT, document: str = DOCUMENT) -> Hold:
    return actions.place(
        code=code,
        document=document,
        kind=HoldKind.DIRECTIVE,
        cause="核查评标委员会组成",
        placed_by_code="11530100015100000A",
        now=NOW,
    )


def lift(document: str = DOCUMENT, by_document: str = "昆住建监〔2026〕9号") -> Hold:
    return actions.lift(
        code=LOT,
        document=document,
        by_document=by_document,
        lifted_by_code="11530100015100000A",
        now=NOW + timedelta(days=1),
    )


def ask(*codes: str, **besides: Any) -> None:
    with transaction.atomic():
        actions.require_none(*codes, **besides)


@pytest.mark.django_db
def test_a_held_code_is_refused_with_its_documents() -> None:
    ask(LOT)
    place()
    place(document="昆住建监〔2026〕8号")

    with pytest.raises(Refusal) as refusal:
        ask(OTHER, LOT)

    assert refusal.value.reason is reasons.HELD
    assert refusal.value.facts["documents"] == (DOCUMENT, "昆住建监〔2026〕8号")
    ask(OTHER)


@pytest.mark.django_db
def test_each_hold_is_lifted_by_its_own_document() -> None:
    place()
    place(document="昆住建监〔2026〕8号")

    lifted = lift()

    assert lifted.lifted_by_document == "昆住建监〔2026〕9号"
    with pytest.raises(Refusal):
        ask(LOT)
    lift("昆住建监〔2026〕8号")
    ask(LOT)
    assert [hold.document for hold in queries.history_of(LOT)] == ["昆住建监〔2026〕8号", DOCUMENT]


@pytest.mark.django_db
def test_a_caller_may_set_aside_what_it_deals_with_itself() -> None:
    place()

    ask(LOT, besides={DOCUMENT})

    place(document="昆住建监〔2026〕8号")
    with pytest.raises(Refusal) as refusal:
        ask(LOT, besides={DOCUMENT})
    assert refusal.value.facts["documents"] == ("昆住建监〔2026〕8号",)


@pytest.mark.django_db
def test_a_document_holds_once_and_is_lifted_once() -> None:
    place()

    with pytest.raises(Refusal) as twice:
        place()
    lift()
    with pytest.raises(Refusal) as lifted:
        lift()
    with pytest.raises(Refusal) as again:
        place()

    assert twice.value.reason is reasons.ALREADY_HELD
    assert lifted.value.reason is reasons.NOT_HELD
    assert again.value.reason is reasons.ALREADY_HELD


@pytest.mark.django_db
@pytest.mark.parametrize("document", ["", "  "])
def test_nothing_is_held_or_lifted_without_a_document(document: str) -> None:
    with pytest.raises(Refusal) as placed:
        place(document=document)
    place()
    with pytest.raises(Refusal) as lifted:
        lift(by_document=document)

    assert placed.value.reason is lifted.value.reason is reasons.NO_DOCUMENT


@pytest.mark.django_db
def test_placing_and_lifting_are_acts_of_the_case() -> None:
    place()
    lift()

    acts = Act.objects.filter(case_code=LOT).order_by("id")

    assert [act.kind for act in acts] == ["hold.placed", "hold.lifted"]
    assert [act.facts["by"] for act in acts] == ["", "昆住建监〔2026〕9号"]
    assert {act.audience for act in acts} == {"supervision"}


@pytest.mark.django_db(transaction=True)
def test_holds_are_asked_for_inside_the_transaction_of_the_deed() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        actions.require_none(LOT)


@pytest.mark.django_db(transaction=True)
def test_a_hold_waits_for_the_deeds_that_are_passing_and_they_do_not_wait_for_each_other() -> None:
    ask(LOT)
    inside, leave = threading.Barrier(3), threading.Event()
    order: list[str] = []

    def deed() -> None:
        with transaction.atomic():
            actions.require_none(LOT)
            inside.wait(timeout=10)
            leave.wait(timeout=10)
            order.append("deed")
        connection.close()

    def hold() -> None:
        place()
        order.append("hold")
        connection.close()

    deeds = [threading.Thread(target=deed) for _ in range(2)]
    for thread in deeds:
        thread.start()
    inside.wait(timeout=10)
    placing = threading.Thread(target=hold)
    placing.start()
    placing.join(timeout=0.5)
    assert placing.is_alive()
    leave.set()
    for thread in (*deeds, placing):
        thread.join(timeout=10)

    assert order == ["deed", "deed", "hold"]
    with pytest.raises(Refusal):
        ask(LOT)
