"""The commands about the log: export it, verify what was exported, watch a platform from outside."""

import argparse
import json
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from gongheng.kernel.clock import BEIJING, machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.node import chosen, secret_files
from gongheng.node.say import explain, give, say
from gongheng.node.sealing import Command

if TYPE_CHECKING:
    from gongheng.public.monitor.watch import Monitor

EVERY = 20.0
UNREACHABLE = 3
"""The exit code of a single look that could not be done."""


def add_to(command: Command) -> None:
    """Add ``export``, ``verify`` and ``monitor`` to the command line."""
    export = command("export", _export, "导出存证日志，并与数据库、文件逐行比对，供任何人核验")
    export.add_argument("what", choices=["ledger"], help="导出什么")
    export.add_argument("folder", type=Path, help="新的或空的目录")
    verify = command(
        "verify", _verify, "核验导出的目录、公告证明、投标回执或开标证据，不需要数据库"
    )
    verify.add_argument("folder", type=Path, help="导出的目录，或证明、回执、开标证据文件")
    verify.add_argument("--key", default="", help="该平台公布的公钥（十六进制）")
    verify.add_argument("--seen", type=Path, help="先前取得的检查点文件：用来发现日志被倒退")
    monitor = command("monitor", _monitor, "从外部监测一个平台的公开数据是否被篡改，任何人可用")
    monitor.add_argument("url", help="平台的公开地址")
    monitor.add_argument("--state", type=Path, required=True, help="记住所见内容的目录")
    monitor.add_argument("--once", action="store_true", help="只看一次；先前的记忆仍然有效")
    monitor.add_argument("--every", type=float, default=EVERY, help="两次开始之间的秒数，默认 20")
    monitor.add_argument("--key", default="", help="该平台的公钥；默认记住第一次取得的")
    monitor.add_argument("--most", type=int, default=5000, help="每次重读的旧存证条数，默认 5000")
    monitor.add_argument(
        "--cases", type=int, default=100, help="每次核对的项目数：最新的和轮到的各这么多，默认 100"
    )


def _export(asked: argparse.Namespace) -> int:
    node = chosen.with_django()
    from gongheng.data.records.queries import disclosures  # noqa: PLC0415  needs the node's Django
    from gongheng.node import wiring  # noqa: PLC0415
    from gongheng.node.postgres import databases  # noqa: PLC0415
    from gongheng.trust.crypto.sm2 import PublicKey  # noqa: PLC0415
    from gongheng.trust.ledger import examining, export  # noqa: PLC0415

    databases.check(secret_files.database_url(node))
    say("正在与数据库和文件比对……")
    differences = list(examining.examine(wiring.EXAMINERS))
    manifest = export.write(
        asked.folder,
        public=PublicKey.from_hex(node.public_key),
        disclose=disclosures,
        differences=differences,
    )
    give(manifest.encoded().decode())
    for difference in differences:
        say(f"不符：{difference}")
    say(f"比对完毕，不符 {len(differences)} 处。")
    return 1 if differences else 0


def _verify(asked: argparse.Namespace) -> int:
    if (receipt := _receipt_in(asked.folder)) is not None:
        return _verify_receipt(receipt, asked.key)
    from gongheng.node import opening_evidence  # noqa: PLC0415  each command loads what it needs

    if (bundle := opening_evidence.bundle_in(asked.folder)) is not None:
        return opening_evidence.verify(bundle, asked.key)
    from gongheng.trust.tlog.__main__ import main as verify  # noqa: PLC0415

    key = ["--key", asked.key] if asked.key else []
    seen = ["--seen", str(asked.seen)] if asked.seen else []
    return verify([str(asked.folder), *key, *seen])


def _receipt_in(path: Path) -> object:
    """Return the receipt of a bid in a file, nothing when there is something else."""
    from gongheng.trust.envelope import receipt_file  # noqa: PLC0415

    try:
        content = json.loads(path.read_bytes()) if path.is_file() else None
    except (OSError, ValueError, RecursionError):
        return None
    return content if receipt_file.is_one(content) else None


def _verify_receipt(content: object, key: str) -> int:
    from gongheng.trust.crypto.sm2 import PublicKey  # noqa: PLC0415
    from gongheng.trust.envelope import receipt_file  # noqa: PLC0415

    steps = receipt_file.judge(content, PublicKey.from_hex(key) if key else None)
    for step in steps:
        give(f"{'通过' if step.ok else '未通过'}  {step.name}：{step.words}")
    return 0 if all(step.ok for step in steps) else 1


def _monitor(asked: argparse.Namespace) -> int:
    import httpx  # noqa: PLC0415

    from gongheng.public.monitor import source  # noqa: PLC0415
    from gongheng.public.monitor.memory import Memory  # noqa: PLC0415
    from gongheng.public.monitor.watch import Monitor  # noqa: PLC0415

    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with httpx.Client(base_url=asked.url, timeout=source.PATIENCE, follow_redirects=True) as client:
        memory = Memory.at(asked.state)
        try:
            watch = Monitor(
                source.Source(client),
                memory,
                key=asked.key,
                most=asked.most,
                cases=asked.cases,
                sleep=stopped.wait,
            )
            return _look_on(watch, stopped, every=0 if asked.once else asked.every)
        except Refusal as refusal:
            if refusal.reason is not source.UNREACHABLE:
                raise
            say(explain(refusal))
            return UNREACHABLE
        finally:
            memory.close()


def _look_on(watch: "Monitor", stopped: threading.Event, *, every: float) -> int:
    """Look until told to stop, once when ``every`` is 0; tell each finding when it first shows.

    ``every`` is from the beginning of a look to that of the next: a long look makes none later.
    """
    told: set[object] = set()
    outcome = 0
    while True:
        following = time.monotonic() + every
        now = machine_now().astimezone(BEIJING).isoformat(timespec="seconds")
        try:
            found = watch.look()
        except Refusal as refusal:
            say(f"{now} {explain(refusal)}")
            outcome = outcome or (UNREACHABLE if not every else 0)
        else:
            for finding in found:
                if finding not in told:
                    give(finding.line(at=now))
            told |= set(found)
            outcome = 1 if told else 0
            say(f"{now} 已核对至第 {watch.size} 条，不符 {len(found)} 处。")
        if not every or stopped.wait(max(following - time.monotonic(), 1)):
            return outcome
