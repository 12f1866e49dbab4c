"""``gongheng validate FILES...``: files judged offline, before they are sent.

With ``--at`` a platform above judges them instead. Exit codes: 0 nothing wrong (doubts may remain), 1
errors found, 2 wrong use or not judged, 3 the two engines disagree about a record, so that nothing said
may be relied on. The summary goes to
standard output, as text or with ``--json``; progress to standard error.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node import chosen, validation_wording
from gongheng.node.say import explain, give, say

if TYPE_CHECKING:
    from gongheng.data.bulk.scheduling import Scheduler

KEEPS_NOTHING = Reason(
    code="node.keeps_nothing",
    message="使用--keep时须同时用--history指明目录。",
    remedy="请加上--history和目录；首次使用的，指定一个空目录即可。",
)
NOT_ABOVE = Reason(
    code="node.not_above",
    message="--at所写的不是本平台的上级。",
    remedy="请写node.toml中direction为parent的[[peer]]的代码；没有上级的，去掉--at在本机校验。",
)
NOT_THERE = Reason(
    code="node.not_by_another",
    message="交给上级平台校验时，不能用--spark、--history、--keep；--errors只能用于一个文件。",
    remedy="请去掉这些选项，或去掉--at在本机校验；多个文件的错误清单，请逐个文件校验。",
)

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
_STEP = 1_000_000


def add_to(command: Command) -> None:
    """Add the command."""
    made = command("validate", _validate, "离线校验待上报的文件：Parquet、CSV、JSON行、XML")
    made.add_argument("files", nargs="+", type=Path, help="文件，文件名以数据集英文名开头")
    made.add_argument("--dataset", default="", help="全部文件所属的数据集（文件名看不出时）")
    made.add_argument("--errors", type=Path, help="错误清单写到这里：.parquet、.csv 或 .xlsx")
    made.add_argument("--strict", action="store_true", help="各省本地必填项也须填写")
    made.add_argument("--no-audit", action="store_true", help="不再逐条复核（更快）")
    made.add_argument("--threads", type=int, default=1, help="本机同时校验的线程数（默认 1）")
    made.add_argument("--spark", default="", help="交给 Spark 集群：spark://主机:端口")
    made.add_argument(
        "--shared", type=Path, help="集群各节点都能读写的目录（默认：第一个文件所在的目录）"
    )
    made.add_argument("--history", type=Path, help="以往批次所在的目录：按新增、更正、撤销核对")
    made.add_argument("--keep", action="store_true", help="核对后把本批记入 --history 的目录")
    made.add_argument(
        "--at", default="", help="交给上级平台校验：写其节点代码；须用 --node 指明本平台"
    )
    made.add_argument("--json", action="store_true", help="汇总以 JSON 输出")


def _validate(asked: argparse.Namespace) -> int:
    if asked.at:
        return _by_another(asked)
    from gongheng.data.bulk import reasons  # noqa: PLC0415  the heavy engines only when asked

    try:
        from gongheng.data.bulk.validating import Wish, validate  # noqa: PLC0415
    except ImportError as missing:
        say(explain(Refusal(reasons.NO_ENGINE, missing=missing.name or "")))
        return 2
    try:
        wish = Wish(**_wish(asked))
        with _scheduler(asked) as scheduler:
            outcome = validate(wish, scheduler=scheduler, progress=_Told())
    except Refusal as refusal:
        say(explain(refusal))
        return 2
    code = _give(asked, outcome.as_json())
    if asked.keep and not outcome.is_kept:
        say("有文件未能完整读取或两个引擎结论不一致，本批没有记入历史目录。请解决后重新校验。")
    return code


def _wish(asked: argparse.Namespace) -> dict[str, Any]:
    """Return what is asked for. Raises ``Refusal`` (KEEPS_NOTHING)."""
    from gongheng.data.bulk.incoming import History  # noqa: PLC0415
    from gongheng.data.standard.reading import NATIONAL, Profile  # noqa: PLC0415

    history = None
    if asked.history is not None:
        history = History(folder=asked.history, now=machine_now(), keeps=asked.keep)
    elif asked.keep:
        raise Refusal(KEEPS_NOTHING)
    return {
        "paths": tuple(asked.files),
        "dataset": asked.dataset,
        "errors": asked.errors,
        "profile": Profile(frozenset("*")) if asked.strict else NATIONAL,
        "with_audit": not asked.no_audit,
        "history": history,
    }


def _give(asked: argparse.Namespace, summary: dict[str, Any]) -> int:
    """Write what was found; return the exit code."""
    if asked.json:
        give(json.dumps(summary, ensure_ascii=False))
    else:
        for line in validation_wording.lines_of(summary):
            give(line)
    if summary["audit"]["disagreements"]:
        for line in validation_wording.disagreements_of(summary["audit"]):
            say(line)
        return 3
    return 1 if validation_wording.errors_in(summary) else 0


@contextmanager
def _scheduler(asked: argparse.Namespace) -> "Iterator[Scheduler]":
    """Return who does the work: the threads of this program, or a cluster."""
    from gongheng.data.bulk.scheduling import Threads  # noqa: PLC0415  the heavy engines

    if not asked.spark:
        yield Threads(max(1, asked.threads))
        return
    from gongheng.data.bulk.spark import Spark  # noqa: PLC0415  an extra of its own

    with closing(Spark(asked.spark, asked.shared)) as cluster:
        yield cluster


def _by_another(asked: argparse.Namespace) -> int:
    """Have each file judged by a platform that this node reports to, as it will judge the records."""
    chosen.with_django()
    from gongheng.data.exchange import stations  # noqa: PLC0415  needs the node's Django
    from gongheng.data.validations import asking  # noqa: PLC0415
    from gongheng.data.validations.reasons import BY_CODE  # noqa: PLC0415
    from gongheng.web import outgoing  # noqa: PLC0415

    above = {peer.code: peer for peer in stations.parents()}
    if asked.at not in above:
        raise Refusal(NOT_ABOVE, code=asked.at, above="、".join(above) or "无")
    is_of_one = asked.errors is None or len(asked.files) == 1
    if any((asked.spark, asked.history, asked.keep, not is_of_one)):
        raise Refusal(NOT_THERE)
    codes = []
    with outgoing.client(asking.TIMEOUT) as client:
        for path in asked.files:
            told: dict[str, Any] = {}
            at = above[asked.at]
            for told in asking.judged(
                client, at, path, dataset=asked.dataset, is_strict=asked.strict
            ):
                say(f"{path.name}：前面 {told['before']} 个文件，已校验 {told['rows']:,} 条")
            if told["summary"] is None:
                reason = BY_CODE.get(told["reason"])
                say(explain(Refusal(reason)) if reason else str(told["reason"]))
                codes.append(2)
                continue
            if asked.errors is not None and told["errors_sm3"]:
                asking.errors_of(client, at, told, asked.errors)
            codes.append(_give(asked, told["summary"]))
    return max(codes)


class _Told:
    """Says how far it has come, a line per million records and file."""

    def __init__(self) -> None:
        self._file, self._next = "", 0

    def __call__(self, file: str, rows: int) -> None:
        if file != self._file:
            self._file, self._next = file, 0
        if rows >= self._next:
            self._next = rows + _STEP
            say(f"正在校验 {file}：已读 {rows:,} 条")
