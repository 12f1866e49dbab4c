"""The command that makes the search index anew."""

import argparse

from gongheng.node import chosen
from gongheng.node.say import give, say
from gongheng.node.sealing import Command


def add_to(command: Command) -> None:
    """Add ``search rebuild`` to the command line."""
    search = command("search", _rebuild, "按记录重建公告查询索引；旧索引一直可用，直到新的建好")
    search.add_argument("what", choices=["rebuild"], help="做什么")


def _rebuild(_asked: argparse.Namespace) -> int:
    chosen.with_django()
    from gongheng.public.search import actions  # noqa: PLC0415  needs the node's Django

    say("正在重建查询索引，平台可以照常使用。")
    give(str(actions.rebuild()))
    return 0
