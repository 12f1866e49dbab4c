"""Notices that others wrote, as documents of the index; the folder is no part of the repository."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from gongheng.data.records.kinds import TradeType
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.identifiers import uuid7
from gongheng.public.search.plain import plain
from gongheng.public.search.texts import Document, flat

SHARED = Path(__file__).parents[6] / "shared/data"
_TRADES = {
    "engineering": TradeType.WORKS,
    "gov_procurement": TradeType.PROCUREMENT,
    "land": TradeType.LAND,
    "mining": TradeType.MINING,
}
_KINDS = {
    "tender_plan": "招标计划",
    "tender_notice": "招标公告",
    "clarification": "澄清公告",
    "correction": "变更公告",
    "opening_record": "开标记录",
    "candidate_publicity": "中标候选人公示",
    "award": "中标结果公告",
    "contract": "合同公示",
    "deal_result": "成交公示",
    "land_deal": "土地供应结果",
    "penalty": "违法违规",
}
_SOME_DAY = datetime(2026, 1, 1, tzinfo=BEIJING)


def documents() -> Iterator[Document]:
    """Yield every line of every file, in the order of their names."""
    for file in sorted(SHARED.glob("notices_*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield _document(json.loads(line))


def _document(line: dict[str, object]) -> Document:
    told = [line["title"], line.get("html") or line.get("text"), line.get("amount_raw")]
    told += [line.get("project_code"), line.get("investment_project_code")]
    told += [json.dumps(line.get(name), ensure_ascii=False) for name in ("parties", "fields")]
    identity = uuid7()
    return Document(
        id=identity,
        version_id=identity,
        region_code=str(line.get("region_code") or "530000")[:6],
        published_at=_published_at(line),
        not_before=None,
        trade_type=_TRADES.get(str(line["trade_type"]), TradeType.OTHER).value,
        kind=_KINDS.get(str(line["kind"]), "交易公告"),
        title=str(line["title"]),
        transaction_code="",
        text=flat(plain(" ".join(str(each) for each in told if each))),
        projects=tuple(str(line[name]) for name in ("project_code",) if line.get(name)),
    )


def _published_at(line: dict[str, object]) -> datetime:
    try:
        found = datetime.fromisoformat(str(line.get("published_at")))
    except ValueError:
        return _SOME_DAY
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)
