"""``gongheng validate FILES...``: files judged offline, before they are sent.

Exit codes: 0 nothing wrong (doubts may remain), 1 errors found, 2 wrong use, 3 the two engines disagree
about a record, so that nothing said may be relied on. The summary goes to
standard output, as text or with ``--json``; progress to standard error.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gongheng import __version__
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node.say import explain, give, say

if TYPE_CHECKING:
    from gongheng.data.bulk.outcome import Outcome
    from gongheng.data.bulk.scheduling import Scheduler

KEEPS_NOTHING = Reason(
    code="node.keeps_nothing",
    message="使用--keep时须同时用--history指明目录。",
    remedy="请加上--history和目录；首次使用的，指定一个空目录即可。",
)

Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
_STEP = 1_000_000
_SHOWN = 3


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
    made.add_argument("--json", action="store_true", help="汇总以 JSON 输出")


def _validate(asked: argparse.Namespace) -> int:
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
    _give(asked, outcome)
    if outcome.disagreements:
        for line in _disagreements(outcome):
            say(line)
        return 3
    return 1 if outcome.errors else 0


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


def _give(asked: argparse.Namespace, outcome: "Outcome") -> None:
    if asked.json:
        give(json.dumps(outcome.as_json(), ensure_ascii=False))
    else:
        for line in _lines(outcome):
            give(line)
    if asked.keep and not outcome.is_kept:
        say("有文件未能完整读取或两个引擎结论不一致，本批没有记入历史目录。请解决后重新校验。")


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


def _disagreements(outcome: "Outcome") -> Iterator[str]:
    from gongheng.data.bulk import reasons  # noqa: PLC0415

    yield f"！！！{explain(Refusal(reasons.DISAGREE))}"
    yield f"版本 {__version__}：复核 {outcome.audited:,} 条，不一致 {outcome.disagreements:,} 条"
    for each in outcome.disagreeing:
        bulk, single = (
            "、".join(f"{field or '-'} {rule}" for field, rule in findings) or "无"
            for findings in (each.only_bulk, each.only_single)
        )
        yield f"    {each.file} 第 {each.row} 条：仅批量发现 {bulk}；仅逐条发现 {single}"


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


def _lines(outcome: "Outcome") -> Iterator[str]:
    from gongheng.data.bulk.wording import words_of  # noqa: PLC0415

    for code, count in sorted(outcome.records.items()):
        refused = outcome.refused[code]
        yield f"{code}：{count:,} 条记录，{refused:,} 条单条校验有错误"
    for file, fault in outcome.faults:
        names = f"（{'、'.join(fault.names)}）" if fault.names else ""
        yield f"文件 {file}：{fault.reason.message}{names}{fault.reason.remedy}[{fault.reason.code}]"
    for (dataset, field, rule), tally in sorted(
        outcome.tallies.items(), key=lambda each: -each[1].count
    ):
        word = {"error": "错误", "warning": "提醒"}[tally.severity]
        all_alike = (
            "，属系统性问题，请检查导出程序"
            if outcome.is_systematic((dataset, field, rule))
            else ""
        )
        yield f"{word} {dataset}.{field or '-'} {rule}：{tally.count:,} 处{all_alike}"
        yield f"    {''.join(words_of(dataset, field, rule))}"
        for file, row, value in tally.examples[:_SHOWN]:
            yield f"    {file} 第 {row} 条{f'：{value}' if value else ''}"
    yield from _beside_history(outcome)
    yield from outcome.not_asked
    if outcome.audited and not outcome.disagreements:
        yield f"已逐条复核 {outcome.audited:,} 条（全部有错误的与千分之一无错误的），结论一致"
    yield f"共 {sum(outcome.records.values()):,} 条记录，{outcome.errors:,} 处错误"


_KINDS = {
    "new": "新增",
    "same": "重复报送",
    "correction": "更正",
    "late": "迟到的旧版本",
    "withdrawn": "撤销",
    "waiting": "等待上级记录",
    "refused": "不接收",
}


def _beside_history(outcome: "Outcome") -> Iterator[str]:
    for code, counts in outcome.kinds.items():
        said = "，".join(
            f"{word} {counts[kind]:,}" for kind, word in _KINDS.items() if kind in counts
        )
        yield f"{code} 与以往批次比较：{said}"
    for code, count in outcome.given_up.items():
        yield f"{code}：以往批次中 {count:,} 条记录等待上级记录超过期限，不再等待"
