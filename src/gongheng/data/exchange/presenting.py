"""What the exchange page shows of a line, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongheng.data.exchange import queries
from gongheng.data.exchange.models import Delivery, Progress
from gongheng.data.records.models import Version
from gongheng.data.standard import disclosure, registry, summary
from gongheng.kernel.reasons import Refusal

_TONE = {
    Progress.ACCEPTED: "green",
    Progress.REPAIRED: "green",
    Progress.REFUSED: "red",
    Progress.WAITING: "amber",
    Progress.DELIVERED: "blue",
    Progress.QUEUED: "blue",
}


@dataclass(frozen=True, slots=True)
class ShownDelivery:
    """One version on its way, for the table."""

    delivery: Delivery
    dataset: str
    title: str
    progress: str
    tone: str
    findings: Sequence[Mapping[str, str]]

    @property
    def may_be_resent(self) -> bool:
        """Tell whether the operator may queue it again."""
        return self.delivery.progress in {Progress.REFUSED, Progress.WAITING}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line, for its card."""

    line: queries.Line
    queued: int
    under_way: int
    accepted: int
    refused: int
    oldest: str
    lag: str
    open_deliveries: Sequence[ShownDelivery]
    last_deliveries: Sequence[ShownDelivery]


def shown_line(line: queries.Line, *, now: datetime) -> ShownLine:
    """Return what is shown of a line at a machine time."""
    counts = line.counts
    code = line.peer.code
    return ShownLine(
        line=line,
        queued=counts[Progress.QUEUED.value],
        under_way=counts[Progress.DELIVERED.value] + counts[Progress.WAITING.value],
        accepted=counts[Progress.ACCEPTED.value],
        refused=counts[Progress.REFUSED.value],
        oldest=_span(now - line.oldest_queued_at) if line.oldest_queued_at else "无",
        lag=_span(line.median_lag) if line.median_lag is not None else "尚无数据",
        open_deliveries=[_shown(item) for item in queries.refused_deliveries(code)],
        last_deliveries=[_shown(item) for item in queries.last_deliveries(code)],
    )


def _shown(delivery: Delivery) -> ShownDelivery:
    version = delivery.version
    progress = Progress(delivery.progress)
    return ShownDelivery(
        delivery=delivery,
        dataset=_dataset_name(version.dataset),
        title=_title(version),
        progress=progress.label,
        tone=_TONE[progress],
        findings=delivery.findings,
    )


def _dataset_name(code: str) -> str:
    try:
        return registry.dataset(code).name
    except Refusal:
        return code


def _title(version: Version) -> str:
    """Return what a record is called in lists, or its key as people may see it."""
    try:
        title = summary.describe(version.dataset, version.body).title
        return title or disclosure.shown_key(version.dataset, version.body)
    except Refusal:
        return version.dataset


def _span(span: timedelta) -> str:
    seconds = max(span.total_seconds(), 0)
    for size, unit in ((86400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} 秒"
