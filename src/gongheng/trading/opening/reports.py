"""What an opening tells the log, the supervision and the public.

Acts name no bidder and no price; the record does, once two people have let it out.
"""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.models import Act, Version
from gongheng.data.standard.times import wire_time
from gongheng.trading.documents.kinds import PLACE
from gongheng.trading.opening import roster, wording
from gongheng.trading.opening.kinds import State
from gongheng.trading.opening.models import (
    Decision,
    Destruction,
    LaterOpening,
    Opening,
    ShareRelease,
)
from gongheng.trading.projects.models import Lot
from gongheng.trading.projects.reports import given, sender

DATASET = "BID_OPENING_RECORD"
LONGEST_PEOPLE = 500


def _act(
    opening: Opening,
    kind: str,
    *,
    now: datetime,
    actor_code: str = "",
    audience: Audience = Audience.SUPERVISION,
    **facts: object,
) -> Act:
    return records.act(
        case_code=opening.case_code,
        kind=kind,
        actor_code=actor_code or settings.NODE.platform_code,
        facts={"round": opening.case.round_number, **facts},
        audience=audience,
        now=now,
        region_code=opening.region_code,
    )


def begun(opening: Opening, *, count: int, now: datetime) -> Act:
    """Report that an opening has begun."""
    return _act(opening, "opening.begun", now=now, bids=count, closing=opening.closing_digest)


def list_frozen(opening: Opening, *, count: int, now: datetime) -> Act:
    """Report the list between the phases; with its digests nobody can claim another."""
    lists = dict(opening.lists.order_by("part").values_list("part", "digest"))
    return _act(opening, "opening.list_frozen", now=now, listed=count, lists=lists)


def shares_released(opening: Opening, row: ShareRelease, *, now: datetime) -> Act:
    """Report a holder's statement."""
    return _act(
        opening,
        "opening.shares_released",
        now=now,
        actor_code=row.holder,
        part=row.frozen.part,
        digest=row.digest,
    )


def decided(opening: Opening, decision: Decision, *, now: datetime) -> Act:
    """Report a decision of two people."""
    return _act(
        opening,
        "opening.decided",
        now=now,
        actor_code=opening.case.tenderer_code,
        kind_of_decision=decision.kind,
        until=decision.until.isoformat(),
        reason=decision.reason,
    )


def judged(opening: Opening, *, now: datetime) -> Act:
    """Report that decryption has ended."""
    states = opening.entries.values_list("state", flat=True)
    counted = {state.value: list(states).count(state.value) for state in State}
    return _act(opening, "opening.judged", now=now, states=counted)


def shown(opening: Opening, *, digest: str, now: datetime) -> Act:
    """Report that the content of the opening was made known to those who take part."""
    return _act(opening, "opening.shown", now=now, record=digest)


def event_recorded(later: LaterOpening, *, count: int, now: datetime) -> Act:
    """Report that an event came for which parts of the bids waited; with the digests of the lists."""
    lists = later.opening.lists.filter(event=later.event).order_by("part")
    digests = dict(lists.values_list("part", "digest"))
    return _act(
        later.opening,
        "opening.event_recorded",
        now=now,
        event=later.event,
        listed=count,
        lists=digests,
    )


def later_decided(later: LaterOpening, *, now: datetime) -> Act:
    """Report that the tenderer signed the decision to open what waited."""
    return _act(
        later.opening,
        "opening.later_decided",
        now=now,
        actor_code=later.opening.case.tenderer_code,
        event=later.event,
    )


def later_judged(later: LaterOpening, *, now: datetime) -> Act:
    """Report that decryption of what waited has ended."""
    states = list(later.entries.values_list("state", flat=True))
    counted = {state.value: states.count(state.value) for state in (State.OPENED, State.FAILED)}
    return _act(later.opening, "opening.later_judged", now=now, event=later.event, states=counted)


def key_destroyed(row: Destruction, *, now: datetime) -> Act:
    """Report that a holder has destroyed its key for a lot."""
    return records.act(
        case_code=row.case.code,
        kind="opening.key_destroyed",
        actor_code=row.holder,
        facts={"round": row.case.round_number, "statement": row.statement},
        audience=Audience.SUPERVISION,
        now=now,
        region_code=row.region_code,
    )


def record_body(opening: Opening) -> dict[str, str]:
    """Return the opening record as a row of the standard, without the moment of its publication."""
    lot = Lot.objects.select_related("tender_project").get(code=opening.case_code)
    tender = lot.tender_project
    body = {
        "TENDER_PROJECT_CODE": tender.code,
        "BID_SECTION_CODES": lot.code,
        "UNIFIED_DEAL_CODES": lot.transaction_code,
        "NOTICE_NAME": f"{lot.title}开标记录",
        "BID_OPENING_ACTOR": wording.people(opening, tender)[:LONGEST_PEOPLE],
        "BID_OPENING_CONTENT": wording.content(opening),
        "BID_OPENING_ADDRESS": PLACE,
        "BID_OPENING_TIME": wire_time(opening.begins_at),
        "URL": f"{settings.NODE.url}/notices/?{urlencode({'q': lot.transaction_code})}",
    }
    return given(body)


def record_published(opening: Opening, *, now: datetime) -> Version:
    """Publish the opening record with the list of bidders (B-05).

    That of a later round, or of what was opened later, is the next version of the lot's record.
    """
    is_again = Opening.objects.filter(
        case_code=opening.case_code, published_at__isnull=False
    ).exists()
    body = record_body(opening) | sender(now)
    version = records.publish(
        dataset=DATASET,
        body=body,
        audience=Audience.PUBLIC,
        now=now,
        operation=Operation.UPDATE if is_again else Operation.INSERT,
        # With the other records of the tender project, where the portal shows them together.
        case_code=body["TENDER_PROJECT_CODE"],
    )
    if held_back := roster.publish(opening, now=now):
        _held_back(opening, held_back, now=now)
    return version


def _held_back(opening: Opening, lines: Sequence[roster.Line], *, now: datetime) -> Act:
    """Report whose row of the list of bidders does not go out, and which columns it lacks."""
    bidders = {
        line.bidder_code: sorted({finding.field for finding in line.findings}) for line in lines
    }
    return _act(opening, "opening.bidders_held_back", now=now, bidders=bidders)
