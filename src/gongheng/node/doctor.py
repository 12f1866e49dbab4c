"""``gongheng doctor``: looks at everything that a start needs and tells all of it."""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from gongheng.kernel.clock import BEIJING, machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.node import certificate, database_url, demo_nodes, places, preflight
from gongheng.node.config import NodeConfig
from gongheng.node.postgres import binaries
from gongheng.node.processes import is_alive, is_free
from gongheng.node.say import explain_all, give, say
from gongheng.registers.timekeeping import reasons, rules, sntp


def examine(folders: list[Path]) -> int:
    """Tell what is there and what is wrong; return 0 when a start may succeed."""
    state = folders[0].absolute() if folders else places.state()
    state = state.parent if state.is_file() else state
    files = [path / "node.toml" if path.is_dir() else path for path in folders] or [
        path for facts in demo_nodes.NODES if (path := state / facts.folder / "node.toml").exists()
    ]
    nodes, found = demo_nodes.read_all(files)
    told = os.environ.get("DATABASE_URL", "")
    found += preflight.faults(state, told)
    give(f"Python {sys.version.split()[0]}")
    give(f"状态目录 {state}")
    give(_database(state, told, found))
    is_running = _is_running(state)
    give("平台正在运行" if is_running else "平台没有运行")
    for node in nodes:
        give(_node(node, is_running=is_running) + _certificate(node, found) + _time(node, found))
    for line in explain_all(found):
        say(f"- {line}")
    say("没有发现问题。" if not found else f"发现 {len(found)} 类问题，请按上面的提示处理。")
    return 1 if found else 0


def _database(state: Path, told: str, found: list[Exception]) -> str:
    if told:
        return f"数据库 {database_url.without_password(told)}"
    try:
        account = binaries.runner()
        programs = binaries.find(account, state / "postgres" / "programs")
        return f"数据库程序 {programs.folder}（{programs.origin}，{programs.major(account)}）"
    except Refusal as refusal:
        found.append(refusal)
    return "数据库程序（未找到）"


def _is_running(state: Path) -> bool:
    with suppress(OSError, ValueError, KeyError):
        facts = json.loads((state / "running.json").read_text(encoding="utf-8"))
        return is_alive(int(facts["supervisor"]))
    return False


def _certificate(node: NodeConfig, found: list[Exception]) -> str:
    try:
        ends_at = certificate.look(node.url, now=machine_now())
    except Refusal as refusal:
        found.append(refusal)
        return ""
    return f" 证书有效至 {ends_at.astimezone(BEIJING):%Y-%m-%d}" if ends_at else ""


def _time(node: NodeConfig, found: list[Exception]) -> str:
    if node.clock_path is not None:
        return ""
    if not node.time_servers:
        return " 未设时间源（[time]）"
    finding = rules.judge([sntp.ask(server) for server in node.time_servers])
    if finding.state in {rules.State.OFF, rules.State.DISAGREE}:
        found.append(Refusal(reasons.CLOCK_OFF, found=finding.said))
    return f" 时钟{finding.said}"


def _node(node: NodeConfig, *, is_running: bool) -> str:
    port = node.web.port
    note = "" if is_running or is_free(port, node.web.host) else "（端口已被占用）"
    return f"{node.name} {node.url} 端口 {port}{note}"
