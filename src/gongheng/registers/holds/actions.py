"""Places and lifts holds, and asks for them: an action passes the gate, a hold shuts it."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import queries, reasons, rules
from gongheng.registers.holds.kinds import HoldKind
from gongheng.registers.holds.models import Gate, Hold

# Actions that ask at the same moment must not wait for each other (bids before the deadline), a
# hold must wait for them all: a shared row lock, for which Django has no word.
_SHARE_GATE = "SELECT id FROM holds_gate WHERE region_code = %s AND code = %s FOR SHARE"


def require_none(*codes: str, besides: Collection[str] = ()) -> None:
    """Refuse while a hold stands on one of the codes; until the commit none can be placed.

    Called inside the action's transaction. ``besides`` are the documents that the caller itself
    deals with. Raises ``Refusal`` (reasons.HELD), ``RuntimeError``
    outside a transaction.
    """
    if not connection.in_atomic_block:
        msg = "holds are asked for in the transaction of the deed"
        raise RuntimeError(msg)
    for code in sorted(set(codes)):
        _open_gate(code)
        with connection.cursor() as statement:
            statement.execute(_SHARE_GATE, [settings.NODE.region_code, code])
    standing = queries.standing_on(*codes).exclude(document__in=besides)
    rules.require_free(list(standing.values_list("document", flat=True)))


@transaction.atomic
def place(
    *, code: str, document: str, kind: HoldKind, cause: str, placed_by_code: str, now: datetime
) -> Hold:
    """Hold a code by a document; waits for the actions that are just passing.

    Raises ``Refusal`` (reasons.NO_DOCUMENT, reasons.ALREADY_HELD).
    """
    rules.require_document(document)
    _shut_gate(code)
    try:
        with transaction.atomic():
            hold = Hold.objects.create(
                region_code=settings.NODE.region_code,
                code=code,
                document=document,
                kind=kind,
                cause=cause,
                placed_by_code=placed_by_code,
                placed_at=now,
            )
    except IntegrityError:
        raise Refusal(reasons.ALREADY_HELD, document=document) from None
    _write_act(hold, "hold.placed", actor_code=placed_by_code, now=now)
    return hold


@transaction.atomic
def lift(*, code: str, document: str, by_document: str, lifted_by_code: str, now: datetime) -> Hold:
    """Lift the hold that a document placed, by another one (an answer, a decision).

    Raises ``Refusal`` (reasons.NO_DOCUMENT, reasons.NOT_HELD).
    """
    rules.require_document(by_document)
    _shut_gate(code)
    hold = queries.standing_on(code).filter(document=document).first()
    if hold is None:
        raise Refusal(reasons.NOT_HELD, document=document)
    hold.lifted_by_document = by_document
    hold.lifted_at = now
    hold.save(update_fields=["lifted_by_document", "lifted_at"])
    _write_act(hold, "hold.lifted", actor_code=lifted_by_code, now=now)
    return hold


def _open_gate(code: str) -> None:
    region_code = settings.NODE.region_code
    if not Gate.objects.filter(region_code=region_code, code=code).exists():
        Gate.objects.bulk_create([Gate(region_code=region_code, code=code)], ignore_conflicts=True)


def _shut_gate(code: str) -> None:
    _open_gate(code)
    gates = Gate.objects.select_for_update(of=("self",))
    gates.get(region_code=settings.NODE.region_code, code=code)


def _write_act(hold: Hold, kind: str, *, actor_code: str, now: datetime) -> None:
    records.act(
        case_code=hold.code,
        kind=kind,
        actor_code=actor_code,
        facts={"document": hold.document, "by": hold.lifted_by_document, "kind": hold.kind},
        audience=Audience.SUPERVISION,
        now=now,
        region_code=hold.region_code,
    )
