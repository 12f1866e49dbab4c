"""What came out of checking an export folder: each failure with its place and remedy."""

from dataclasses import dataclass, field

from gongheng.kernel.reasons import Reason

MOST_FAILURES = 100
"""As many are told one by one; the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: why, in which file and row (counted from 1), and particulars (Chinese)."""

    reason: Reason
    file: str
    row: int | None = None
    detail: str = ""

    def __str__(self) -> str:
        """Return the sentence for people."""
        place = f"{self.file} 第 {self.row} 行" if self.row else self.file
        detail = f"（{self.detail}）" if self.detail else ""
        return f"{place}：{self.reason.message}{detail}{self.reason.remedy}"


@dataclass(slots=True)
class Report:
    """The outcome for a folder: what was counted, and what failed."""

    origin: str = ""
    key: str = ""
    is_expected_key: bool = False
    leaves: int = 0
    checkpoints: int = 0
    records: int = 0
    withheld: int = 0
    failures: list[Failure] = field(default_factory=list)
    untold: int = 0

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    def fail(self, reason: Reason, file: str, row: int | None = None, *, detail: str = "") -> None:
        """Note a failure."""
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(Failure(reason, file, row, detail))
        else:
            self.untold += 1

    def lines(self) -> list[str]:
        """Return the report as it is printed to people."""
        counted = (
            f"日志“{self.origin}”：存证记录 {self.leaves} 条，检查点 {self.checkpoints} 个，"
            f"附正文的记录 {self.records} 条，未给出正文的 {self.withheld} 条。"
        )
        told = [str(failure) for failure in self.failures]
        if self.untold:
            told.append(f"另有 {self.untold} 处问题未逐一列出。")
        if self.ok:
            told.append("核验通过：两棵树的根、检查点签名与记录正文全部一致。")
        else:
            told.append(f"核验未通过：发现 {len(self.failures) + self.untold} 处问题。")
        if self.key and not self.is_expected_key:
            told.append(
                f"所附公钥：{self.key}。请与该平台公布的公钥核对，或用 --key 指明后再核验。"
            )
        return [counted, *told]
