"""Rows of records as lists show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings

from gongheng.data.records.kinds import TradeType
from gongheng.data.records.models import Current
from gongheng.data.standard import history, regions, registry
from gongheng.public.search.queries import Hit

_TONES = (
    ("red", ("变更", "更正", "澄清", "终止", "流标", "异常", "撤销")),
    ("green", ("候选人", "结果", "合同", "履约", "成交", "中标")),
    ("amber", ("出让", "挂牌", "转让", "拍卖", "预审")),
    ("grey", ("登记", "记录", "报告")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list; ``id`` is the version that its page shows.

    ``source`` names where history was imported from; its ``published_at`` may be unknown.
    """

    id: UUID
    title: str
    kind: str
    tone: str
    where: str
    transaction_code: str
    published_at: datetime | None
    source: str = ""


def own_region() -> str:
    """Return the division that this node serves."""
    return str(settings.NODE.region_code)


def row(record: Current | Hit, *, source: str = "") -> Row:
    """Return the line of a record, or of a hit whose source was looked up."""
    return Row(
        id=record.version_id,
        title=record.title,
        kind=record.kind,
        tone=tone_of(record.kind),
        where=regions.short_name(record.region_code, within=own_region()),
        transaction_code=record.transaction_code,
        published_at=(record.published_at if record.published_at != history.UNKNOWN_DAY else None),
        source=record.source if isinstance(record, Current) else source,
    )


def sources_of(hits: Iterable[Hit]) -> dict[UUID, str]:
    """Return where those of the hits that are history were imported from, by version."""
    wanted = [hit.version_id for hit in hits]
    found = Current.objects.filter(version_id__in=wanted).exclude(source="")
    return dict(found.values_list("version_id", "source"))


def rows(records: Iterable[Current]) -> list[Row]:
    """Return the lines of records, in their order."""
    return [row(record) for record in records]


def tone_of(kind: str) -> str:
    """Return the colour of a kind's badge; the word itself always stands in it."""
    return next((tone for tone, words in _TONES if any(word in kind for word in words)), "blue")


@cache
def kinds() -> tuple[str, ...]:
    """Return the words that a notice's badge may show, in the order of the standard."""
    cells = [dataset.notice.kind for dataset in registry.datasets() if dataset.notice.is_notice]
    words = [choice.rpartition(":")[2] for cell in cells for choice in cell.split("|")]
    return tuple(dict.fromkeys(word for word in words if word))


def trade_label(trade: str) -> str:
    """Return the Chinese name of a trade type; records outside the trades have none."""
    return str(TradeType(trade).label) if trade else "其他"
