"""How well a line keeps to what the nation measures: qualified, in time, mended (KM-01 ... KM-04)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from gongheng.data.exchange.models import Delivery, Progress
from gongheng.data.records.kinds import State
from gongheng.kernel.terms import Term
from gongheng.kernel.terms.exchange import KM_01, KM_02, KM_03, KM_04

LOOKED_BACK = timedelta(days=30)
LONGEST = timedelta(minutes=KM_02.periods)
"""From where a record lies ready to the parent's receipt; the length itself is late already."""
_REFUSED_AT_FIRST = Q(progress__in=[Progress.REFUSED, Progress.REPAIRED])
_JUDGED = Q(progress=Progress.ACCEPTED) | _REFUSED_AT_FIRST


@dataclass(frozen=True, slots=True)
class Measure:
    """A share of records beside the least that is asked for; none while nothing is counted."""

    term: Term
    kept: int
    all: int

    @property
    def is_met(self) -> bool:
        """Tell whether the share is what the term asks for; of nothing nothing is asked."""
        return not self.all or self.term.admits(Fraction(100 * self.kept, self.all))

    @property
    def shown(self) -> str:
        """Return the share in percent, cut after two places: it is never shown as more than it is."""
        if not self.all:
            return "尚无数据"
        hundredths = 10_000 * self.kept // self.all
        return f"{hundredths // 100}.{hundredths % 100:02}%"


def of_sent(peer: str, *, now: datetime) -> tuple[Measure, ...]:
    """Return the measures of what went to a parent in the last thirty days of machine time."""
    sent = Delivery.objects.filter(peer=peer, queued_at__gte=now - LOOKED_BACK)
    counted = _with_readiness(sent).aggregate(
        judged=Count("id", filter=_JUDGED),
        accepted=Count("id", filter=Q(progress=Progress.ACCEPTED)),
        refused=Count("id", filter=_REFUSED_AT_FIRST),
        repaired=Count("id", filter=Q(progress=Progress.REPAIRED)),
        due=Count("id", filter=Q(delivered_at__isnull=False) | Q(ready_at__lte=now - LONGEST)),
        in_time=Count("id", filter=Q(delivered_at__lt=F("ready_at") + LONGEST)),
    )
    return (
        Measure(KM_01, counted["accepted"], counted["judged"]),
        Measure(KM_03, counted["in_time"], counted["due"]),
        Measure(KM_04, counted["repaired"], counted["refused"]),
    )


def of_received(states: Mapping[str, int]) -> tuple[Measure, ...]:
    """Return the measure of all that came from a child, by how its versions were judged last."""
    accepted, refused = states[State.ACCEPTED.value], states[State.REFUSED.value]
    return (Measure(KM_01, accepted, accepted + refused),)


def late(peer: str, *, now: datetime) -> int:
    """Return how many records have been ready for a parent too long and are not there (KM-02)."""
    queued = Delivery.objects.filter(peer=peer, progress=Progress.QUEUED)
    is_late = Q(ready_at__lte=now - LONGEST)
    return int(_with_readiness(queued).aggregate(late=Count("id", filter=is_late))["late"])


def _with_readiness(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Annotate from when each might go: what is to stay secret for a while is ready after it."""
    return deliveries.annotate(ready_at=Greatest("queued_at", Coalesce("not_before", "queued_at")))
