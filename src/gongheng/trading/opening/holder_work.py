"""What a holder's machine has to do at an opening, and what it needs to judge it by itself."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import holder_work, queries as bids
from gongheng.trading.bids.holder_work import Item
from gongheng.trading.bids.models import CasePolicy, HolderBody
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import destruction, queries, rules, sealed
from gongheng.trading.opening.kinds import LaterStage, Stage
from gongheng.trading.opening.models import Destruction, FrozenPart, Opening, ShareRelease
from gongheng.trust.envelope.frozen_list import FrozenList

MOST_COVERS = 50


def _item(deed: str, case: Case, body: HolderBody) -> dict[str, object]:
    return {
        "deed": deed,
        "case": str(case.pk),
        "lot": case.code,
        "title": case.title,
        "code": body.code,
        "name": body.name,
    }


@holder_work.provides
def releases(*, body: HolderBody, now: datetime) -> Iterable[Item]:  # noqa: ARG001  asked at any time
    """Yield the openings for which the body still owes its shares."""
    at_the_hour = Q(stage=Stage.HOLDERS)
    afterwards = Q(later__stage=LaterStage.HOLDERS)
    openings = Opening.objects.filter(at_the_hour | afterwards).select_related("case").distinct()
    for opening in openings:
        owed = [row.part for row in opening.lists.order_by("part") if _owes(opening, row, body)]
        if owed:
            yield {**_item("release", opening.case, body), "parts": owed}


def _owes(opening: Opening, frozen: FrozenPart, body: HolderBody) -> bool:
    if not queries.takes_shares(opening, frozen):
        return False
    if ShareRelease.objects.filter(frozen=frozen, holder=body.code).exists():
        return False
    policy = sealed.signed_policy(opening.case).policy
    return body.code in policy.part(frozen.part).holders


@holder_work.provides
def destructions(*, body: HolderBody, now: datetime) -> Iterable[Item]:
    """Yield the lots whose key the body is to destroy, each with the signed order."""
    done = Destruction.objects.filter(holder=body.code).values("case_id")
    signed = CasePolicy.objects.filter(signed__isnull=False).values("case_id")
    ended = Q(awaits__in=destruction.FAILED_STEPS) | Q(is_over=True)
    cases = Case.objects.filter(ended | Q(opening__stage=Stage.PUBLISHED), pk__in=signed)
    for case in cases.filter(key_requests__body=body).exclude(pk__in=done):
        order, policy = destruction.order_of(case, now=now), bids.policy_of_case(case)
        if order is not None and policy is not None:
            yield {
                **_item("destroy", case, body),
                "order": order.as_json(),
                "policy": policy.as_json(),
            }


def opening_for(body: HolderBody, case_id: UUID) -> dict[str, object]:
    """Return what a body judges before it releases a share: policy, closing, frozen lists.

    Raises ``Refusal`` (NOT_DECRYPTING) while the bidders have their time, and for strangers.
    """
    opening = _of_body(body, case_id)
    return {
        "v": 1,
        "policy": sealed.signed_policy(opening.case).as_json(),
        "closing": sealed.closing_of(opening.case).as_json(),
        "lists": [row.statement for row in _decided_lists(opening)],
    }


def _decided_lists(opening: Opening) -> list[FrozenPart]:
    """Return the lists that shares may be released for: one that waits for its decision is none."""
    undecided = opening.later.filter(stage=LaterStage.DECISION).values("event")
    return list(opening.lists.exclude(event__in=undecided).order_by("part"))


def covers_for(
    body: HolderBody, case_id: UUID, *, part: str, after: str
) -> Iterator[dict[str, str]]:
    """Yield the next covers of the listed envelopes of a part, by digest, at most ``MOST_COVERS``.

    Raises ``Refusal`` (NOT_DECRYPTING, OTHER_PART).
    """
    opening = _of_body(body, case_id)
    row = opening.lists.filter(part=part).first()
    if row is None:
        raise Refusal(rules.OTHER_PART, part=part)
    listed = [digest.hex() for digest in FrozenList.of_json(row.statement).envelopes]
    wanted = [digest for digest in listed if digest > after][:MOST_COVERS]
    yield from _covers(opening, wanted)


def covers_on(opening: Opening, row: FrozenPart) -> dict[str, object]:
    """Return the covers of all envelopes on a list: what a holder works with by hand."""
    listed = FrozenList.of_json(row.statement).envelopes
    return {"v": 1, "covers": list(_covers(opening, [digest.hex() for digest in listed]))}


def _covers(opening: Opening, digests: Sequence[str]) -> Iterator[dict[str, str]]:
    paths = dict(opening.entries.filter(envelope__in=digests).values_list("envelope", "path"))
    for digest in digests:
        yield sealed.cover_of(paths[digest]).as_json()


def _of_body(body: HolderBody, case_id: UUID) -> Opening:
    opening = queries.of_case(case_id)
    if opening is None or opening.frozen_at is None or not opening.lists.exists():
        raise Refusal(rules.NOT_DECRYPTING)
    codes = {holder.code for holder in sealed.signed_policy(opening.case).policy.holders}
    if body.code not in codes:
        raise Refusal(rules.NOT_DECRYPTING)
    return opening
