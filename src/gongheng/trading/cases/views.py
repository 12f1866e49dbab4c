"""Who sees what from which phase on: the visibility matrix of the handbook, one per body of law.

What has no row is not seen. A declaration takes a matrix over, or states a narrower one.
"""

from collections.abc import Mapping

from gongheng.trading.cases.declaration import View
from gongheng.trading.cases.kinds import Information, Party, Phase, Sight


def _seen(
    information: Information, since: Mapping[Party, Phase], sight: Sight = Sight.FULL
) -> tuple[View, ...]:
    return tuple(
        View(information=information, party=party, phase=phase, sight=sight)
        for party, phase in since.items()
    )


_PRICES_OPENED: Mapping[Party, Phase] = dict.fromkeys(
    (Party.TENDERER, Party.BIDDER_OTHER, Party.EXPERT, Party.SUPERVISOR, Party.PUBLIC),
    Phase.EVALUATION,
)
TENDERING = (
    *_seen(
        Information.DOCUMENT_HOLDERS,
        {
            Party.BIDDER_OWN: Phase.BIDDING,
            Party.TENDERER: Phase.OPENING,
            Party.SUPERVISOR: Phase.OPENING,
        },
    ),
    *_seen(
        Information.BID_CONTENT,
        {
            Party.TENDERER: Phase.OPENING,
            Party.BIDDER_OTHER: Phase.AWARDED,
            Party.PUBLIC: Phase.AWARDED,
        },
        sight=Sight.SUMMARY,
    ),
    *_seen(
        Information.BID_CONTENT,
        {
            Party.BIDDER_OWN: Phase.BIDDING,
            Party.TENDERER: Phase.EVALUATION,
            Party.EXPERT: Phase.EVALUATION,
            Party.SUPERVISOR: Phase.EVALUATION,
        },
    ),
    # Within the second phase the opening's own record shows the prices (B-05).
    *_seen(Information.BID_PRICES, {Party.BIDDER_OWN: Phase.BIDDING, **_PRICES_OPENED}),
    *_seen(
        Information.EXPERT_NAMES,
        {
            Party.EXPERT: Phase.EVALUATION,
            Party.TENDERER: Phase.AWARDED,
            Party.BIDDER_OWN: Phase.AWARDED,
        },
    ),
    # Within the third phase marks leave the room with the report only (decision 0029).
    *_seen(
        Information.MEMBER_SCORES,
        {
            Party.EXPERT: Phase.EVALUATION,
            Party.SUPERVISOR: Phase.EVALUATION,
            Party.TENDERER: Phase.PUBLICITY,
        },
    ),
    *_seen(Information.MEMBER_SCORES, {Party.BIDDER_OWN: Phase.AWARDED}, sight=Sight.SUMMARY),
    *_seen(
        Information.COMPLAINT_FILE,
        {
            Party.BIDDER_OWN: Phase.BIDDING,
            Party.SUPERVISOR: Phase.BIDDING,
        },
    ),
)
