"""``gongheng standard export DIR``: what other systems need to send right records, as files."""

import argparse
from pathlib import Path

from gongheng.node.say import give, say
from gongheng.node.sealing import Command


def add_to(command: Command) -> None:
    """Add the command."""
    standard = command(
        "standard",
        _export,
        "导出数据标准：JSON Schema、XSD、PostgreSQL建表语句、可打印的字典与样例",
    )
    standard.add_argument("what", choices=["export"], help="做什么")
    standard.add_argument("folder", type=Path, help="新的或空的目录")


def _export(asked: argparse.Namespace) -> int:
    from gongheng.data.standard.exports import writing  # noqa: PLC0415  only when asked

    count = writing.write(asked.folder)
    say(f"已写入 {count} 个文件，字典见 {asked.folder / 'dictionary.html'}")
    give(str(asked.folder))
    return 0
