"""Verifying an export folder from its leaves up, without Django, network or trust in its maker.

Every root of both trees is computed again from the leaves and compared with every signed
checkpoint. That all checkpoints agree with one sequence of leaves also shows that each continues
the one before. Rows are streamed: memory does not grow with the log.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.tlog import checkpoint as checkpoints, rows
from gongheng.trust.tlog.checkpoint import Checkpoint, ForgedCheckpoint
from gongheng.trust.tlog.leaves import Claim, claim_of
from gongheng.trust.tlog.report import Report
from gongheng.trust.tlog.rows import (
    BadRow,
    CheckpointRow,
    DifferenceRow,
    Disclosure,
    LeafRow,
    Manifest,
    RecordRow,
)
from gongheng.trust.tlog.tree import ALGORITHMS, Frontier

_AGAIN = "请重新导出，或向日志所属平台索取完整的导出文件。"
_ALARM = "请勿采信，保留该导出文件并向行业监管部门反映。"

UNREADABLE = Reason("tlog.file_unreadable", "文件不存在或无法读取。", _AGAIN)
BAD_ROW = Reason("tlog.row_malformed", "内容不符合导出格式，或被截断。", _AGAIN)
OTHER_KEY = Reason("tlog.key_unexpected", "所附公钥不是该平台公布的公钥。", _ALARM)
OTHER_COUNT = Reason("tlog.count_differs", "数量与清单所述不符。", _AGAIN)
OTHER_ORIGIN = Reason("tlog.origin_differs", "检查点属于另一个日志。", _AGAIN)
DISORDER = Reason("tlog.checkpoints_disordered", "检查点的大小未递增或时间倒退。", _ALARM)
GAP = Reason("tlog.leaf_missing", "存证记录不连续，中间缺少记录。", _ALARM)
REPEATED = Reason("tlog.leaf_repeated", "存证记录重复或次序颠倒。", _ALARM)
OTHER_ROOT = Reason("tlog.root_differs", "由存证记录算出的根与已签名的检查点不符。", _ALARM)
UNCOVERED = Reason("tlog.leaf_uncovered", "最后的检查点与存证记录的条数不符。", _ALARM)
ALTERED_BODY = Reason("tlog.body_altered", "记录正文与其存证摘要不符。", _ALARM)
MISSING_BODY = Reason("tlog.body_missing", "有存证摘要的记录没有对应的正文行。", _AGAIN)
WITHHELD_BODY = Reason(
    "tlog.body_withheld", "应当公开的记录在平台上已被删除或隐藏，没有给出正文。", _ALARM
)
ROLLED_BACK = Reason("tlog.rolled_back", "日志比先前见过的检查点短，已被倒退。", _ALARM)
FORKED = Reason("tlog.forked", "日志与先前见过的检查点不是同一本，历史已被改写。", _ALARM)
DIFFERENT = Reason("tlog.row_differs", "平台数据库或文件与存证不符。", _ALARM)
UNCLAIMED_BODY = Reason(
    "tlog.body_unclaimed", "正文行没有对应的存证摘要，或重复、次序颠倒。", _ALARM
)

Row = TypeVar("Row")


def verify_directory(
    directory: Path, *, expected_key: PublicKey | None = None, seen: str | None = None
) -> Report:
    """Check an export folder and tell everything that is wrong with it; never raises.

    ``expected_key`` is the key that the platform is known to use; without it the folder only
    proves to agree with itself and with the key that lies in it. ``seen`` is the note of a
    checkpoint that was taken earlier: only with it does a log that was rolled back show.
    """
    verification = _Verification(directory, seen)
    verification.run(expected_key)
    return verification.report


def is_opened_by(claim: Claim, opened: Disclosure) -> bool:
    """Say whether what a platform shows of a row is what the row's leaf holds."""
    return opened.public == claim.public and opened.columns == claim.columns


class _Verification:
    """One walk through the folder: leaves lead, checkpoints and records are read beside them."""

    def __init__(self, directory: Path, seen: str | None) -> None:
        self.report = Report()
        self._seen_note = seen
        self._seen: Checkpoint | None = None
        self._directory = directory
        self._frontiers = {algorithm: Frontier(algorithm) for algorithm in ALGORITHMS}
        self._agreed = 0
        self._is_comparable = True
        self._checkpoints: Iterator[tuple[int, Checkpoint]] = iter(())
        self._records: Iterator[tuple[int, RecordRow]] = iter(())
        self._checkpoint: tuple[int, Checkpoint] | None = None
        self._record: tuple[int, RecordRow] | None = None

    def run(self, expected: PublicKey | None) -> None:
        manifest, public = self._manifest(), self._public_key(expected)
        if manifest is None or public is None:
            return
        self._seen = self._opened_earlier(public)
        self._checkpoints = self._signed(manifest, public)
        self._records = self._read(rows.RECORDS, RecordRow.decoded)
        self._checkpoint = next(self._checkpoints, None)
        self._record = next(self._records, None)
        self._walk()
        self._finish(manifest)
        self._judge_seen()
        for number, row in self._read(rows.DIFFERENCES, DifferenceRow.decoded):
            self.report.fail(DIFFERENT, rows.DIFFERENCES, number, detail=str(row))

    def _manifest(self) -> Manifest | None:
        found = [row for _, row in self._read(rows.MANIFEST, Manifest.decoded)]
        if len(found) != 1:
            if self.report.ok:
                self.report.fail(BAD_ROW, rows.MANIFEST)
            return None
        self.report.origin = found[0].origin
        return found[0]

    def _public_key(self, expected: PublicKey | None) -> PublicKey | None:
        try:
            public = PublicKey.from_pem((self._directory / rows.PUBLIC_KEY).read_bytes())
        except OSError:
            self.report.fail(UNREADABLE, rows.PUBLIC_KEY)
            return None
        except Refusal as refusal:
            self.report.fail(refusal.reason, rows.PUBLIC_KEY)
            return None
        self.report.key = public.to_hex()
        self.report.is_expected_key = public == expected
        if expected is not None and public != expected:
            self.report.fail(OTHER_KEY, rows.PUBLIC_KEY, detail=public.to_hex())
        return public

    def _opened_earlier(self, public: PublicKey) -> Checkpoint | None:
        if self._seen_note is None:
            return None
        try:
            return checkpoints.open_note(self._seen_note, public)
        except ForgedCheckpoint:
            self.report.fail(checkpoints.FORGED, "先前的检查点")
            return None

    def _judge_seen(self) -> None:
        """Say whether the log still reaches as far as it once did."""
        if self._seen is not None and self._seen.size > self.report.leaves:
            detail = f"先前 {self._seen.size} 条，现有 {self.report.leaves} 条"
            self.report.fail(ROLLED_BACK, rows.LEAVES, detail=detail)

    def _compare_seen(self) -> None:
        seen = self._seen
        if seen is None or not self._is_comparable or seen.size != self._frontiers["sha256"].size:
            return
        if any(tree.root() != seen.root(name) for name, tree in self._frontiers.items()):
            self.report.fail(FORKED, rows.LEAVES, detail=f"前 {seen.size} 条")

    def _read(self, file: str, decode: Callable[[bytes], Row]) -> Iterator[tuple[int, Row]]:
        """Yield the good rows of a file with their numbers, noting the others as failures."""
        number = 0
        try:
            for number, line in rows.lines(self._directory / file):
                try:
                    row = decode(line)
                except BadRow:
                    self.report.fail(BAD_ROW, file, number)
                else:
                    yield number, row
        except OSError:
            self.report.fail(UNREADABLE, file)
        except BadRow:
            self.report.fail(BAD_ROW, file, number + 1)

    def _signed(self, manifest: Manifest, public: PublicKey) -> Iterator[tuple[int, Checkpoint]]:
        """Yield the checkpoints that are rightly signed and in order."""
        last: Checkpoint | None = None
        for number, row in self._read(rows.CHECKPOINTS, CheckpointRow.decoded):
            self.report.checkpoints += 1
            try:
                signed = checkpoints.open_note(row.note, public)
            except ForgedCheckpoint:
                self.report.fail(checkpoints.FORGED, rows.CHECKPOINTS, number)
                continue
            if signed.origin != manifest.origin:
                self.report.fail(OTHER_ORIGIN, rows.CHECKPOINTS, number, detail=signed.origin)
                continue
            is_later = last is None or (signed.size > last.size and signed.made_at >= last.made_at)
            if not is_later or signed.size != row.size or signed.size == 0:
                self.report.fail(DISORDER, rows.CHECKPOINTS, number, detail=f"大小 {signed.size}")
                continue
            last = signed
            yield number, signed

    def _walk(self) -> None:
        expected = 0
        for number, leaf in self._read(rows.LEAVES, LeafRow.decoded):
            self.report.leaves += 1
            if leaf.position != expected:
                self._out_of_place(number, leaf.position, expected)
            else:
                for frontier in self._frontiers.values() if self._is_comparable else ():
                    frontier.append(leaf.data)
                self._compare_seen()
                self._compare()
            if leaf.position >= expected:
                self._judge_body(number, leaf)
                expected = leaf.position + 1

    def _out_of_place(self, number: int, position: int, expected: int) -> None:
        # What follows cannot be added up any more; bodies are still compared with their leaves.
        self._is_comparable = False
        if position > expected:
            missing = f"位置 {expected} 至 {position - 1}"
            self.report.fail(GAP, rows.LEAVES, number, detail=missing)
        else:
            self.report.fail(REPEATED, rows.LEAVES, number, detail=f"位置 {position}")

    def _compare(self) -> None:
        """Compare the roots when the walk has come to the size of the next checkpoint."""
        if self._checkpoint is None or not self._is_comparable:
            return
        number, signed = self._checkpoint
        if signed.size != self._frontiers["sha256"].size:
            return
        for algorithm, frontier in self._frontiers.items():
            if frontier.root() != signed.root(algorithm):
                self._is_comparable = False
                since = f"{algorithm}，位置 {self._agreed} 至 {signed.size - 1} 之间有改动"
                self.report.fail(OTHER_ROOT, rows.CHECKPOINTS, number, detail=since)
        self._agreed = signed.size
        self._checkpoint = next(self._checkpoints, None)

    def _judge_body(self, number: int, leaf: LeafRow) -> None:
        while self._record is not None and self._record[1].position < leaf.position:
            self._unclaimed()
        claim = claim_of(leaf.data)
        if claim is None:
            return
        if self._record is None or self._record[1].position != leaf.position:
            where = f"位置 {leaf.position}，{claim.words}"
            self.report.fail(MISSING_BODY, rows.LEAVES, number, detail=where)
            return
        self._judge_claim(claim, *self._record)
        self._record = next(self._records, None)

    def _judge_claim(self, claim: Claim, number: int, row: RecordRow) -> None:
        opened = row.disclosure
        if opened is None:
            self.report.withheld += 1
            fault = WITHHELD_BODY
        else:
            self.report.records += 1
            if row.record == claim.record and is_opened_by(claim, opened):
                return
            fault = ALTERED_BODY
        where = f"位置 {row.position}，{claim.words}"
        self.report.fail(fault, rows.RECORDS, number, detail=where)

    def _unclaimed(self) -> None:
        if self._record is not None:
            number, row = self._record
            where = f"位置 {row.position}"
            self.report.fail(UNCLAIMED_BODY, rows.RECORDS, number, detail=where)
            self._record = next(self._records, None)

    def _finish(self, manifest: Manifest) -> None:
        """Judge what is left over, and the counts."""
        while self._record is not None:
            self._unclaimed()
        if self._is_comparable and (self._checkpoint or self._agreed != self.report.leaves):
            detail = f"检查点核对至 {self._agreed} 条，存证记录 {self.report.leaves} 条"
            self.report.fail(UNCOVERED, rows.CHECKPOINTS, detail=detail)
        for _ in self._checkpoints:
            pass  # the rest is still read, so that its signatures are judged and counted
        report = self.report
        found = (report.leaves, report.checkpoints, report.records + report.withheld)
        said = (manifest.size, manifest.checkpoints, manifest.records)
        for name, there, expected in zip(
            (rows.LEAVES, rows.CHECKPOINTS, rows.RECORDS), found, said, strict=True
        ):
            if there != expected:
                self.report.fail(OTHER_COUNT, name, detail=f"清单 {expected}，实有 {there}")
