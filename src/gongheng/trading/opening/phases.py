"""From phase to phase: the list is frozen when the bidders' time is over, then holders release.

Each step is one transaction that may be asked for at any time and by several workers.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from gongheng.kernel.canonical import canonical
from gongheng.kernel.faults import reached
from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import actions as holds
from gongheng.trading.opening import queries, reports, rules, sealed
from gongheng.trading.opening.kinds import DecisionKind, Stage, State
from gongheng.trading.opening.models import FrozenPart, Opening, ShareRelease
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.share_release import ShareStatement

GRACE = timedelta(minutes=10)
"""So long a proposed extension keeps the list from being frozen: its second person must be found."""


@transaction.atomic
def freeze(*, opening_id: UUID, now: datetime) -> bool:
    """Freeze the list if the bidders' time is over or all have released; tell whether it was.

    With too few on the list nothing is opened at all: no holder is asked (Q-08).
    Raises ``Refusal`` while a hold stands.
    """
    opening = Opening.objects.select_for_update(of=("self",)).get(pk=opening_id)
    if opening.stage != Stage.BIDDERS or not _is_time(opening, now=now):
        return False
    holds.require_none(opening.case_code)
    listed = set(opening.entries.filter(state=State.RELEASED).values_list("envelope", flat=True))
    opening.entries.filter(state=State.WAITING).update(state=State.ABSENT)
    opening.frozen_at = now
    if rules.is_enough(len(listed)):
        _write_lists(opening, listed, now=now)
        opening.stage = Stage.HOLDERS
    else:
        opening.stage, opening.judged_at = Stage.JUDGED, now
    opening.save(update_fields=["frozen_at", "stage", "judged_at"])
    reports.list_frozen(opening, count=len(listed), now=now)
    reached("opening.list_frozen")
    return True


def _is_time(opening: Opening, *, now: datetime) -> bool:
    if not opening.entries.filter(state=State.WAITING).exists():
        return True
    if now < opening.releases_until:
        return False
    asked = opening.decisions.filter(
        decided_at__isnull=True,
        kind=DecisionKind.EXTEND,
        proposed_at__lt=opening.releases_until,
    )
    return now >= opening.releases_until + GRACE or not asked.exists()


def _write_lists(opening: Opening, listed: set[str], *, now: datetime) -> None:
    closing = sealed.closing_of(opening.case)
    covers = {
        entry.envelope: sealed.cover_of(entry.path)
        for entry in opening.entries.filter(envelope__in=listed)
    }
    for part in sealed.parts_to_open(sealed.signed_policy(opening.case).policy):
        holding = [
            bytes.fromhex(envelope)
            for envelope, cover in covers.items()
            if part.name in {each.name for each in cover.header.parts}
        ]
        frozen = FrozenList.make(closing, part.name, holding, key=sealed.centre_key(), now=now)
        FrozenPart.objects.create(
            region_code=opening.region_code,
            opening=opening,
            part=part.name,
            statement=frozen.as_json(),
            digest=frozen.digest.hex(),
        )


def take_shares(*, case_id: UUID, statement: object, now: datetime) -> ShareRelease:
    """Take a holder's shares of one part; the same statement once more is the one from before.

    The signature of the holder's key is judged here, each share when the bids are decrypted.
    Raises ``Refusal``: NOT_DECRYPTING, OTHER_PART, what the envelope refuses (STATEMENT_INVALID).
    """
    opening = queries.of_case(case_id)
    if opening is None:
        raise Refusal(rules.NOT_DECRYPTING)
    given = ShareStatement.of_json(statement)
    frozen = opening.lists.filter(part=given.part).first()
    if frozen is None:
        raise Refusal(rules.OTHER_PART if opening.frozen_at else rules.NOT_DECRYPTING)
    policy = sealed.signed_policy(opening.case).policy
    holder = given.require_valid(policy, FrozenList.of_json(frozen.statement))
    return _keep_shares(opening.pk, frozen, given, holder.name, now=now)


@transaction.atomic
def _keep_shares(
    opening_id: UUID, frozen: FrozenPart, given: ShareStatement, name: str, *, now: datetime
) -> ShareRelease:
    opening = Opening.objects.select_for_update(of=("self",)).get(pk=opening_id)
    value = given.as_json()
    digest = sm3(canonical(value)).hex()
    if found := frozen.shares.filter(digest=digest).first():
        return found
    if not queries.takes_shares(opening, frozen):
        raise Refusal(rules.NOT_DECRYPTING)
    kept = ShareRelease.objects.create(
        region_code=opening.region_code,
        frozen=frozen,
        holder=given.holder,
        holder_name=name,
        statement=value,
        digest=digest,
        received_at=now,
    )
    reached("opening.shares_kept")
    reports.shares_released(opening, kept, now=now)
    return kept
