"""The command that takes in the history of other platforms."""

import argparse
import json
import os
from collections import Counter
from pathlib import Path

from gongheng.node import chosen
from gongheng.node.say import Progress, give, say
from gongheng.node.sealing import Command

NICENESS = 5
"""An import in the background takes what the pages leave."""


def add_to(command: Command) -> None:
    """Add ``import notices`` to the command line."""
    room = command("import", _import, "导入其他平台的历史公告（JSON Lines），可重复运行")
    room.add_argument("what", choices=["notices"], help="导入什么")
    room.add_argument("files", nargs="+", type=Path, help="每行一个 JSON 对象的文件，或其目录")
    room.add_argument(
        "--node",
        default=argparse.SUPPRESS,
        help="node.toml、其所在目录，或演示平台的 city、province、nation",
    )
    room.add_argument(
        "--send", action="store_true", help="同时报送上级；默认只作为本平台的历史资料"
    )
    room.add_argument("--nice", action="store_true", help="让出处理器，用于后台导入")


def files_in(paths: list[Path]) -> list[Path]:
    """Return the files named, those of a folder in the order of their names."""
    return [
        file
        for path in paths
        for file in (sorted(path.glob("notices_*.jsonl")) if path.is_dir() else [path])
    ]


def _import(asked: argparse.Namespace) -> int:
    if asked.nice:
        os.nice(NICENESS)
    chosen.with_django()
    from gongheng.data.imports import actions, queries  # noqa: PLC0415  needs the node's Django
    from gongheng.web.clock import legal_now  # noqa: PLC0415

    total: Counter[str] = Counter()
    for path in files_in(asked.files):
        digest = ""
        bar: Progress | None = None
        for step in actions.import_notices(path, stays_here=not asked.send, now=legal_now()):
            digest, bar = step.digest, bar or Progress(step.lines)
            bar.go(step.done, path.name)
        say()
        file = queries.file_of(digest)
        counts = dict(queries.counts(file.entries.all()))
        total.update(counts)
        say(f"  {path.name}：{file.lines} 行，{_words(counts)}。")
    give(json.dumps(total, ensure_ascii=False, sort_keys=True))
    return 0


def _words(counts: dict[str, int]) -> str:
    from gongheng.data.imports.reasons import REFUSALS  # noqa: PLC0415

    refused = [
        f"{number} 行未收录（{REFUSALS[code].message.rstrip('。')}）"
        for code, number in counts.items()
        if code in REFUSALS
    ]
    return "，".join([f"{counts.get('taken', 0)} 行已收录", *refused])
