"""What the exchange page shows of a line, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongheng.data.exchange import measures, queries
from gongheng.data.exchange.measures import Measure
from gongheng.data.exchange.models import Delivery, Progress
from gongheng.data.records.kinds import State
from gongheng.data.records.models import Judgement, Version
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


_TONE_OF_STATE = {State.ACCEPTED: "green", State.REFUSED: "red", State.WAITING: "amber"}


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One version on its way up, or one that came from below; ``at``: queued or judged."""

    title: str
    dataset: str
    number: int
    progress: str
    tone: str
    at: datetime
    findings: Sequence[Mapping[str, str]]
    delivery_id: int | None = None
    may_be_resent: bool = False


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line, for its card: ``state`` and ``tone`` say in a word how it stands."""

    line: queries.Line
    state: str
    tone: str
    queued: int
    under_way: int
    accepted: int
    refused: int
    oldest: str
    lag: str
    late: int
    measures: Sequence[Measure]
    open_deliveries: Sequence[ShownRecord]
    last_deliveries: Sequence[ShownRecord]
    unsettled: Sequence[ShownRecord]


def shown_line(line: queries.Line, *, now: datetime) -> ShownLine:
    """Return what is shown of a line at a machine time."""
    counts = line.counts
    code = line.peer.code
    state, tone = _standing(line)
    return ShownLine(
        line=line,
        state=state,
        tone=tone,
        queued=counts[Progress.QUEUED.value],
        under_way=counts[Progress.DELIVERED.value] + counts[Progress.WAITING.value],
        accepted=counts[Progress.ACCEPTED.value],
        refused=counts[Progress.REFUSED.value],
        oldest=_span(now - line.oldest_queued_at) if line.oldest_queued_at else "无",
        lag=_span(line.median_lag) if line.median_lag is not None else "尚无数据",
        late=measures.late(code, now=now) if line.is_upwards else 0,
        measures=_measured(line, now=now),
        open_deliveries=[_sent(item) for item in queries.refused_deliveries(code)],
        last_deliveries=[_sent(item) for item in queries.last_deliveries(code)],
        unsettled=[_received(item) for item in queries.unsettled_of(code)],
    )


def _measured(line: queries.Line, *, now: datetime) -> Sequence[Measure]:
    if line.is_upwards:
        return measures.of_sent(line.peer.code, now=now)
    return measures.of_received(line.received)


def _standing(line: queries.Line) -> tuple[str, str]:
    if line.channel.alarm:
        return "暂停接收", "red"
    if line.channel.last_error:
        return "正在重试", "amber"
    if line.channel.last_contact_at is None:
        return "尚未联系", "grey"
    return "正常", "green"


def _sent(delivery: Delivery) -> ShownRecord:
    version = delivery.version
    progress = Progress(delivery.progress)
    return ShownRecord(
        title=_title(version),
        dataset=_dataset_name(version.dataset),
        number=version.number,
        progress=progress.label,
        tone=_TONE[progress],
        at=delivery.queued_at,
        findings=delivery.findings,
        delivery_id=delivery.pk,
        may_be_resent=progress in {Progress.REFUSED, Progress.WAITING},
    )


def _received(judgement: Judgement) -> ShownRecord:
    version = judgement.version
    state = State(judgement.state)
    return ShownRecord(
        title=_title(version),
        dataset=_dataset_name(version.dataset),
        number=version.number,
        progress=state.label,
        tone=_TONE_OF_STATE[state],
        at=judgement.judged_at,
        findings=judgement.findings,
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
