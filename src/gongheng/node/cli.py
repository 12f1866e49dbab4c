"""The command ``gongheng``: data on standard output, everything else on standard error.

Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 4 already running.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

# Nothing here may import Django: ``up`` starts faster and ``verify`` must stand alone.
from gongheng import __version__
from gongheng.kernel.reasons import Refusal
from gongheng.node import (
    chosen,
    first_accounts,
    history_commands,
    import_commands,
    ledger_commands,
    sealing,
    search_commands,
    standard_commands,
    subject_commands,
    validate_command,
)
from gongheng.node.config import ConfigFaults, NodeConfig
from gongheng.node.say import explain, explain_all, give, say


def _up(asked: argparse.Namespace) -> int:
    from gongheng.node import up  # noqa: PLC0415  each command loads only what it needs

    return up.up(asked.folders, host=asked.host, then=up.Then(asked.then), history=asked.history)


def _demo(_asked: argparse.Namespace) -> int:
    from gongheng.node import demo_nodes, places  # noqa: PLC0415

    for path in demo_nodes.write(places.state()):
        give(str(path))
    return 0


def _doctor(asked: argparse.Namespace) -> int:
    from gongheng.node import doctor  # noqa: PLC0415

    return doctor.examine(asked.folders)


def _init(asked: argparse.Namespace) -> int:
    from gongheng.node import initiation  # noqa: PLC0415

    path, public_key = initiation.init(
        asked.folder, code=asked.code, tier=asked.tier, name=asked.name, url=asked.url
    )
    say(f"已写好 {path} 与私钥。请补全其中标明“请填写”的各项，再把公钥交给上级平台。")
    give(public_key)
    return 0


def _prepare(_asked: argparse.Namespace) -> int:
    node = chosen.with_django()
    from gongheng.node import preparation  # noqa: PLC0415

    preparation.prepare(node, _database_url(node))
    return 0


def _web(asked: argparse.Namespace) -> int:
    from dataclasses import replace  # noqa: PLC0415

    from gongheng.node import config_file, web  # noqa: PLC0415

    node = config_file.read(chosen.file())
    host = asked.host or node.web.host
    web.serve(replace(node, web=replace(node.web, host=host)))
    return 0


def _worker(_asked: argparse.Namespace) -> int:
    node = chosen.with_django()
    from gongheng.node import loops, wiring  # noqa: PLC0415

    ready = node.state_dir / loops.READY
    return loops.run_until_told(wiring.loops(), wiring.release, wiring.written, ready=ready)


def _migrate(_asked: argparse.Namespace) -> int:
    chosen.with_django()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, stdout=sys.stderr)
    return 0


def _manage(asked: argparse.Namespace) -> int:
    _use_node_of(asked)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongheng.node.settings"
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["gongheng manage", *asked.words])
    return 0


def _database_url(node: NodeConfig) -> str:
    from gongheng.node import secret_files  # noqa: PLC0415

    return secret_files.database_url(node)


def _use_node_of(asked: argparse.Namespace) -> None:
    told = getattr(asked, "node", None)
    if told is not None:
        chosen.use(told)


_ENDINGS = (
    ("--once-ready", "stop", "全部就绪后即停止，用于检查"),
    ("--once", "walk", "在演示平台上走完一个招标项目，核对三个数据库后停止"),
)


_GROUPS = (
    sealing,
    subject_commands,
    import_commands,
    ledger_commands,
    first_accounts,
    search_commands,
    history_commands,
    standard_commands,
    validate_command,
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gongheng", description="公衡：公共资源交易平台")
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--node",
        help="node.toml、其所在目录，或演示平台的 city、province、nation；默认取环境变量 GONGHENG_NODE",
    )
    commands = parser.add_subparsers(required=True, metavar="命令")

    def command(
        name: str, deed: Callable[[argparse.Namespace], int], words: str
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.set_defaults(deed=deed)
        return made

    _add_up(command("up", _up, "启动平台并看护其进程；不带目录时启动三级演示平台"))
    command("demo", _demo, "生成三级演示平台的目录、密钥与 node.toml")
    doctor = command("doctor", _doctor, "检查运行环境与配置，一次说清全部问题")
    doctor.add_argument("folders", nargs="*", type=Path, help="平台目录或 node.toml")
    node = command("node", _help_of_node, "平台目录")
    _add_init(node)
    command("prepare", _prepare, "建表、收集静态文件、装入演示数据（只做缺少的）")
    command("migrate", _migrate, "建表与升级数据表")
    command("worker", _worker, "运行后台循环")
    web = command("web", _web, "运行网页服务")
    web.add_argument("--host", default="", help="监听地址")
    for group in _GROUPS:
        group.add_to(command)
    manage = command("manage", _manage, "Django 管理命令")
    manage.add_argument("words", nargs=argparse.REMAINDER, help="命令与参数")
    return parser


def _add_up(up: argparse.ArgumentParser) -> None:
    up.add_argument("folders", nargs="*", type=Path, help="平台目录或 node.toml")
    up.set_defaults(then="watch")
    up.add_argument("--host", default="", help="网页监听地址，默认取 node.toml（127.0.0.1）")
    up.add_argument("--history", type=Path, help="历史公告的目录，存在时由演示的省级平台在后台导入")
    for name, then, words in _ENDINGS:
        up.add_argument(name, dest="then", action="store_const", const=then, help=words)


def _add_init(node: argparse.ArgumentParser) -> None:
    deeds = node.add_subparsers(required=True, metavar="动作")
    init = deeds.add_parser("init", help="生成 node.toml 与 SM2 私钥")
    init.set_defaults(deed=_init)
    init.add_argument("folder", type=Path, help="新平台的目录")
    init.add_argument("--code", required=True, help="平台代码，一般为 6 位行政区划代码")
    init.add_argument("--tier", required=True, choices=["city", "province", "nation"])
    init.add_argument("--name", default="", help="平台全称")
    init.add_argument("--url", default="http://127.0.0.1:8000", help="公众访问的地址")


def _help_of_node(_asked: argparse.Namespace) -> int:
    return 2


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    asked = _parser().parse_args(arguments)
    _use_node_of(asked)
    deed: Callable[[argparse.Namespace], int] = asked.deed
    try:
        return deed(asked)
    except ConfigFaults as found:
        for line in explain_all([found]):
            say(f"- {line}")
        return 2
    except Refusal as refusal:
        say(explain(refusal))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
