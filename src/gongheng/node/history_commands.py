"""``gongheng history copy|compare FOLDER``: a node's registry of versions as files for ``validate --history``."""

import argparse
import json
from pathlib import Path

from gongheng.kernel.reasons import Refusal
from gongheng.node import chosen
from gongheng.node.say import explain, give, say
from gongheng.node.sealing import Command

SHOWN = 20


def add_to(command: Command) -> None:
    """Add the command."""
    history = command(
        "history",
        _history,
        "把本平台各条记录的版本写成历史目录（copy），供离线批量校验（validate --history）；或与目录核对（compare）",
    )
    history.add_argument("what", choices=["copy", "compare"], help="写出副本，或核对是否一致")
    history.add_argument("folder", type=Path, help="历史目录；不存在时建立")


def _history(asked: argparse.Namespace) -> int:
    from gongheng.data.bulk import reasons  # noqa: PLC0415

    chosen.with_django()
    try:
        from gongheng.data.records import copying  # noqa: PLC0415  needs the node's Django
    except ImportError as missing:
        raise Refusal(reasons.NO_ENGINE, missing=missing.name or "") from missing
    if asked.what == "copy":
        states = copying.write(asked.folder)
        say(f"已写入 {sum(states.values()):,} 个版本到 {asked.folder}，原有的副本已整体替换。")
        give(json.dumps(states, sort_keys=True))
        return 0
    count = 0
    for each in copying.differences(asked.folder):
        count += 1
        if count <= SHOWN:
            said = f"目录“{each.in_folder or '无'}”，数据库“{each.in_registry or '无'}”"
            say(f"不符：{each.name} 第 {each.number} 版（{each.digest[:16]}）：{said}")
    say(f"核对完毕，不符 {count:,} 处。")
    if count:
        say(explain(Refusal(reasons.HISTORY_DIFFERS)))
    give(json.dumps({"differences": count}))
    return 1 if count else 0
