"""Reads records of witnesses: those of an evaluation are secret until the award (A-04, A-05)."""

from datetime import datetime
from typing import TypedDict

from django.db.models import Q, QuerySet

from gongheng.kernel.reasons import Refusal
from gongheng.registers.venues import queries as venues
from gongheng.registers.venues.kinds import Purpose
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.facts import Facts
from gongheng.trading.cases.kinds import Deed, Party, Phase
from gongheng.trading.cases.models import Case, DoneStep
from gongheng.trading.evaluation import queries as evaluation
from gongheng.trading.evaluation.models import Member
from gongheng.trading.opening.models import Entry as OpenedBid
from gongheng.trading.witness import permissions, rules
from gongheng.trading.witness.kinds import Sitting
from gongheng.trading.witness.models import Entry, Record
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role

ONLINE = "线上（不见面）"
_OPENING = frozenset({Deed.DEADLINE, Deed.OPEN, Deed.OPENING_RECORD})
_EVALUATING = frozenset({Deed.EVALUATE, Deed.REPORT})
_WITNESSED = _OPENING | _EVALUATING


def cases_to_witness(actor: Actor, *, now: datetime) -> list[tuple[Case, Sitting]]:
    """Return what is or will soon be going on in a witness's region and has no closed record."""
    if not actor.may(permissions.WITNESS):
        return []
    going = Case.objects.filter(
        region_code__startswith=actor.reach,
        is_over=False,
        terms_on__isnull=False,
        phase__lte=Phase.EVALUATION,
    )
    versions = going.order_by().values_list("version_id", flat=True).distinct()
    steps = {
        step.code
        for found in cases.declarations(versions)
        for step in found.steps
        if step.deed in _WITNESSED
    }
    listed = list(going.filter(awaits__in=steps).order_by("code"))
    known = cases.known_of_many(listed)
    return [
        (case, sitting)
        for case in listed
        for times in [_times(case, known[case.pk])]
        for sitting in Sitting
        if _is_now(sitting, times, now)
    ]


def _is_now(sitting: Sitting, times: "Times", now: datetime) -> bool:
    try:
        rules.require_time(sitting, now=now, **times)
    except Refusal:
        return False
    return True


class Times(TypedDict):
    """What says whether something can be witnessed."""

    opening_at: datetime | None
    is_opening: bool
    is_evaluating: bool


def times_of(case: Case) -> Times:
    """Return what says whether an opening or an evaluation of a case goes on."""
    return _times(case, cases.known(case))


def _times(case: Case, known: Facts) -> Times:
    procedure = cases.declaration_of(case)
    name = cases.opening_fact(procedure)
    awaited = None if case.is_over else procedure.step(case.awaits).deed
    return {
        "opening_at": cases.instant_in(known, name) if name else None,
        "is_opening": awaited in _OPENING,
        "is_evaluating": awaited in _EVALUATING,
    }


def ties_of(actor: Actor, case: Case) -> rules.Ties:
    """Return what ties a person to a case, in any of its rounds."""
    person = actor.person_id
    rounds = Case.objects.filter(code=case.code)
    bidders = OpenedBid.objects.filter(opening__case__in=rounds).values_list("bidder_code")
    did = Q(done_by=person) | Q(proposed_by=person)
    return rules.Ties(
        organisation=actor.organisation_code,
        parties=frozenset({case.tenderer_code, case.agency_code, *(code for (code,) in bidders)}),
        sits=Member.objects.filter(committee__case__in=rounds, account_id=person).exists(),
        acted=DoneStep.objects.filter(did, case__in=rounds).exists(),
    )


def record_of(case: Case, sitting: Sitting) -> Record | None:
    """Return the record of a sitting, if there is one."""
    return Record.objects.filter(case=case, sitting=sitting).first()


def records_for(actor: Actor) -> QuerySet[Record]:
    """Return the records that a person may know of: a witness's own, those of the cases one reads."""
    found = Record.objects.select_related("case", "case__version")
    own = Entry.objects.filter(written_by=actor.person_id).values("record")
    readable = cases.cases_for(actor).order_by().values("pk")
    mine = Q(pk__in=own) if actor.may(permissions.WITNESS) else Q(pk__in=[])
    return found.filter(mine | Q(case__in=readable)).order_by("-opened_at", "-id")


def writes(actor: Actor, record: Record) -> bool:
    """Tell whether a person is here as a witness of a record."""
    is_witness = actor.may(permissions.WITNESS)
    return is_witness and record.entries.filter(written_by=actor.person_id).exists()


def shows(actor: Actor, record: Record) -> bool:
    """Tell whether a person may read what stands in a record.

    Its witnesses; of an opening, once it is closed, who reads the case; of an evaluation the
    tenderer's side from the award on.
    """
    if writes(actor, record):
        return True
    if not record.is_closed or not cases.is_inside(actor, record.case):
        return False
    if record.sitting == Sitting.OPENING:
        return True
    is_party = Role.CLERK in actor.roles
    return is_party and evaluation.shows_names(record.case, Party.TENDERER)


def place_of(case: Case, sitting: Sitting) -> str:
    """Return where a sitting is: the rooms that are booked for it, or online."""
    purpose = Purpose.OPENING if sitting is Sitting.OPENING else Purpose.EVALUATION
    booked = venues.standing_of(case.code, purpose)
    return "；".join(f"{one.room.name}（{one.room.address}）" for one in booked)[:300] or ONLINE


def closed_records(case: Case) -> QuerySet[Record]:
    """Return the closed records of a round, the opening's first."""
    return Record.objects.filter(case=case, closed_at__isnull=False).order_by("opened_at", "id")
