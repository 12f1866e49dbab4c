"""Which policies are fit: nobody alone may open early, and nobody alone may prevent the opening."""

from collections import Counter
from collections.abc import Sequence

from gongheng.kernel.reasons import Refusal
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.holders import Holder, Side
from gongheng.trust.envelope.policy import Part, Policy

LEAST_THRESHOLD = 2
LEAST_SPARE = 2
"""So many holders of a part may be absent without stopping the opening."""
TENDERER_SIDE = frozenset({Side.TENDERER, Side.AGENCY})
"""The agency acts for the tenderer: both count as one."""


def require_fit(policy: Policy) -> None:
    """Refuse a policy under which nothing should be sealed. Raises ``Refusal``."""
    _require_holders(policy)
    if policy.quorum > len(set(policy.cosigner_keys)):
        raise Refusal(reasons.QUORUM_UNFIT, quorum=policy.quorum)
    for part in policy.parts:
        _require_part(policy, part)


def _require_holders(policy: Policy) -> None:
    codes = Counter(holder.code for holder in policy.holders)
    keys = Counter(holder.announcement.key for holder in policy.holders)
    if max([*codes.values(), *keys.values()], default=0) > 1:
        raise Refusal(reasons.HOLDER_TWICE)
    for holder in policy.holders:
        if holder.side is Side.SUPERVISOR:
            raise Refusal(reasons.HOLDER_IS_SUPERVISOR, holder=holder.name)
        if holder.announcement.lot != policy.lot:
            raise Refusal(reasons.HOLDER_UNPROVEN, holder=holder.name)
        holder.announcement.require_proven()


def _require_part(policy: Policy, part: Part) -> None:
    codes = [holder.code for holder in policy.holders]
    if len(set(part.holders)) < len(part.holders):
        raise Refusal(reasons.HOLDER_TWICE, part=part.title)
    if not set(part.holders) <= set(codes):
        raise Refusal(reasons.HOLDER_UNPROVEN, part=part.title)
    spare = len(part.holders) - part.threshold
    if part.threshold < LEAST_THRESHOLD or spare < LEAST_SPARE:
        raise Refusal(reasons.THRESHOLD_UNFIT, part=part.title)
    largest = max(command_counts(policy, part).values())
    if largest >= part.threshold:
        raise Refusal(reasons.ONE_COMMAND_OPENS, part=part.title, shares=largest)
    if policy.is_compulsory_works and not part.bidder:
        raise Refusal(reasons.BIDDER_LEFT_OUT, part=part.title)
    if part.condition.not_before < policy.deadline:
        raise Refusal(reasons.CONDITION_TOO_EARLY, part=part.title)


def command_counts(policy: Policy, part: Part) -> Counter[frozenset[str]]:
    """Return how many shares of a part each chain of command can bring together.

    Whatever connects two holders makes them one: the same top body, standing in for a body, or
    both belonging to the tenderer's side.
    """
    groups: list[set[str]] = []
    for holder in policy.holders:
        ties = _ties(holder)
        apart = [group for group in groups if not group & ties]
        joined = ties.union(*(group for group in groups if group & ties))
        groups = [*apart, joined]
    held = [policy.holder(code) for code in part.holders]
    return Counter(_group_of(holder, groups) for holder in held)


def _ties(holder: Holder) -> set[str]:
    ties = {holder.code, holder.command, holder.deputy_of} - {""}
    # A word that is no code of a body.
    return ties | ({"tenderer side"} if holder.side in TENDERER_SIDE else set())


def _group_of(holder: Holder, groups: Sequence[set[str]]) -> frozenset[str]:
    return next(frozenset(group) for group in groups if holder.code in group)
