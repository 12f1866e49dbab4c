"""Invented lines in the shapes of other platforms' notices."""

import json
from datetime import datetime
from pathlib import Path

from gongheng.data.imports import actions
from gongheng.kernel.clock import BEIJING

NOW = datetime(2026, 10, 12, 9, tzinfo=BEIJING)
SOURCE = "某市交易平台（示例）"


def line(number: int, **more: object) -> dict[str, object]:
    """Return a notice of a works project that lacks nothing of what sources give."""
    return {
        "id": f"demo-{number:04d}",
        "source": SOURCE,
        "kind": "award",
        "trade_type": "engineering",
        "region_code": "530102",
        "region_name": "五华区",
        "title": f"第{number}号示例道路改造工程中标结果公告",
        "html": f"<table><tr><td>中标人</td><td>示例第{number}建设有限公司</td></tr></table>",
        "published_at": "2026-03-16T09:34",
        "project_code": f"E53010200010000{number:05d}",
        "amount_raw": f"{1000 + number}.50元",
        "amount_yuan": 1000 + number + 0.5,
        "parties": {
            "buyer": "示例市住房和城乡建设局",
            "agency": "示例招标代理有限公司",
            "winner": f"示例第{number}建设有限公司",
        },
        "fields": {"公告发布日期": "2026-03-16"},
        "url": f"https://example.cn/{number}.html",
        "quality": "verbatim",
        **more,
    }


def write(path: Path, lines: list[object]) -> Path:
    """Write lines to a file: objects as JSON, bytes and text as they are."""
    with path.open("wb") as file:
        for each in lines:
            raw = each if isinstance(each, bytes) else json.dumps(each, ensure_ascii=False).encode()
            file.write(raw + b"\n")
    return path


def take(path: Path, *, batch: int = 3, stays_here: bool = True) -> list[actions.Progress]:
    """Import a file to its end."""
    return list(actions.import_notices(path, stays_here=stays_here, now=NOW, batch=batch))
