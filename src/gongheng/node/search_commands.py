"""``gongheng search rebuild``: the search index made anew from the records."""

import argparse
import os
from collections.abc import Callable

from gongheng.node.say import give, say

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add_to(command: Command) -> None:
    """Add the command."""
    search = command("search", _rebuild, "重建公告查询索引；旧索引一直可用，直到新的建好")
    search.add_argument("what", choices=["rebuild"], help="rebuild：按记录重建")


def _rebuild(_asked: argparse.Namespace) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongheng.node.settings"
    import django  # noqa: PLC0415  only some commands need it

    django.setup()
    from gongheng.public.search import actions  # noqa: PLC0415

    say("正在重建查询索引；平台可以照常使用。")
    give(str(actions.rebuild()))
    return 0
