"""Reading the exchange: verdicts for a child, and the state of every line for its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet

from gongheng.data.exchange import stations
from gongheng.data.exchange.models import Batch, Channel, Delivery, Direction, Progress
from gongheng.data.exchange.stations import Peer
from gongheng.data.records import queries as records
from gongheng.data.records.kinds import State
from gongheng.data.records.models import Judgement
from gongheng.trust.ledger import queries as log

_MOST_LEAVES = 1000
_STATE = {"record": State.ACCEPTED, "waiting": State.WAITING, "refusal": State.REFUSED}


def verdicts_for(peer: str, *, after: int) -> dict[str, object]:
    """Return the verdicts on versions of ``peer`` from a log position on, and where to go on."""
    leaves = log.feed(max(after, 0), _MOST_LEAVES)
    states = [(leaf.subject_id, _STATE[leaf.kind]) for leaf in leaves if leaf.kind in _STATE]
    following = leaves[-1].position + 1 if leaves and leaves[-1].position is not None else after
    return {"verdicts": records.verdicts_on(states, sender=peer), "next": following}


@dataclass(frozen=True, slots=True)
class Line:
    """What the exchange page says of one peer. Instants are machine time."""

    peer: Peer
    channel: Channel
    counts: dict[str, int]
    oldest_queued_at: datetime | None
    median_lag: timedelta | None
    batches_in: int
    unjudged: int
    received: dict[str, int]

    @property
    def is_upwards(self) -> bool:
        """Tell whether we report to this peer."""
        return self.peer.direction == stations.PARENT


def lines() -> list[Line]:
    """Return the state of the line to every peer."""
    return [_line(peer) for peer in stations.peers()]


def _line(peer: Peer) -> Line:
    channel = Channel.objects.filter(peer=peer.code).first() or Channel(peer=peer.code)
    deliveries = Delivery.objects.filter(peer=peer.code)
    counted = {
        row["progress"]: row["n"]
        for row in deliveries.values("progress").annotate(n=Count("id")).order_by()
    }
    queued = deliveries.filter(progress=Progress.QUEUED).aggregate(oldest=Min("queued_at"))
    received = Batch.objects.filter(peer=peer.code, direction=Direction.IN).aggregate(
        n=Count("number"), unjudged=Count("number", filter=Q(judged_at=None))
    )
    return Line(
        peer=peer,
        channel=channel,
        counts={progress.value: counted.get(progress.value, 0) for progress in Progress},
        oldest_queued_at=queued["oldest"],
        median_lag=_median_lag(deliveries),
        batches_in=received["n"],
        unjudged=received["unjudged"],
        received=records.states_of(sender=peer.code),
    )


def _median_lag(deliveries: QuerySet[Delivery]) -> timedelta | None:
    """Return the median time from queue to acceptance of the last hundred deliveries."""
    last = deliveries.filter(progress=Progress.ACCEPTED, settled_at__isnull=False).order_by("-id")
    lags = sorted(
        delivery.settled_at - delivery.queued_at for delivery in last[:100] if delivery.settled_at
    )
    return lags[len(lags) // 2] if lags else None


def refused_deliveries(peer: str, *, limit: int = 50) -> Sequence[Delivery]:
    """Return what a parent has refused and nobody has mended yet, newest first."""
    return list(
        Delivery.objects.filter(peer=peer, progress__in=[Progress.REFUSED, Progress.WAITING])
        .select_related("version")
        .order_by("-id")[:limit]
    )


def last_deliveries(peer: str, *, limit: int = 20) -> Sequence[Delivery]:
    """Return what went to a parent last."""
    return list(
        Delivery.objects.filter(peer=peer).select_related("version").order_by("-id")[:limit]
    )


def unsettled_of(peer: str, *, limit: int = 20) -> Sequence[Judgement]:
    """Return what of a child was refused or waits, newest first."""
    return list(records.unsettled_judgements(sender=peer)[:limit])
