"""The commands of a body's own machine: make its folder, run its standing service."""

import argparse
from collections.abc import Callable, Mapping

from gongheng.kernel.clock import Clock, FileClock, RealClock
from gongheng.node.holder_folder import Body, HolderFolder
from gongheng.node.holder_service import TIMEOUT, Door, Service, serve
from gongheng.node.say import give, say
from gongheng.web import outgoing


def run(name: str, asked: argparse.Namespace) -> int:
    """Do a deed by its name and return the exit code. Raises ``Refusal``."""
    return _DEEDS[name](asked)


def _init(asked: argparse.Namespace) -> int:
    body = Body(code=asked.code, name=asked.name, node=asked.node_code, node_key=asked.node_key)
    folder = HolderFolder.make(asked.folder, body)
    say(f"已在 {asked.folder} 建立保管方文件夹。请把下面的公钥交给平台登记；私钥请勿复制或外传。")
    give(folder.standing.public.to_hex())
    return 0


def _serve(asked: argparse.Namespace) -> int:
    folder = HolderFolder(asked.folder)
    clock: Clock = FileClock(asked.clock) if asked.clock else RealClock()
    if asked.clock:
        say("正在使用演示时钟，所得结果只能用于演练。")
    with outgoing.client(TIMEOUT) as client:
        service = Service(folder, Door(asked.url, folder, client), clock)
        say(f"{folder.body.name}的保管服务开始运行。")
        return serve(service, once=asked.once, say=say)


_DEEDS: Mapping[str, Callable[[argparse.Namespace], int]] = {"init": _init, "serve": _serve}
