"""The steps of ``./test``, their tally, and the last line: N passed, N failed, N skipped."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
SKIPS = ROOT / "tests" / "skips.txt"
PYTHON = str(BIN / "python")
WITH_DATABASE = [PYTHON, "-m", "gongheng.node.postgres"]
CODE = [
    "src",
    "tests",
    "tools",
    "conftest.py",
    *(d for d in ("benchmarks", "examples") if (ROOT / d).is_dir()),
]
STATIC = (
    ("规范", [str(BIN / "ruff"), "check", "--quiet", *CODE]),
    ("格式", [str(BIN / "ruff"), "format", "--check", "--quiet", *CODE]),
    ("依赖方向", [str(BIN / "lint-imports"), "--no-cache"]),
    ("模板", [str(BIN / "djlint"), "--lint", "--check", "src"]),
    (
        "数据表迁移",
        [*WITH_DATABASE, PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"],
    ),
    ("类型", [str(BIN / "mypy")]),
)


@dataclass(frozen=True)
class Run:
    """One run of pytest: which tests, and how many workers share them, module by module."""

    name: str
    selection: tuple[str, ...]
    workers: int = 1


SCOPES = {
    "quick": ((Run("测试", ("-m", "not journey and not slow and not full"), 2),),),
    # Three nodes for journeys and faults, beside the tests of the rooms: nodes often wait.
    "usual": (
        (
            Run("测试", ("-m", "not journey and not full"), 2),
            Run("节点测试", ("-m", "not full", "tests/journeys", "tests/faults")),
        ),
    ),
    # What is long runs side by side, each folder on three nodes of its own.
    "full": (
        (Run("测试", ("-m", "not journey"), 2),),
        (Run("全程测试", ("tests/journeys",)), Run("故障测试", ("tests/faults",))),
    ),
}
"""The tests of each scope, one stage after the other."""
PAGES = Run("页面图", ("tests/journeys/test_pages.py",))
NO_TESTS_COLLECTED = 5
PLAIN_NAME = re.compile(r"\[")
"""Where a test's name ends, before its parameters."""


@dataclass
class Tally:
    """What the steps came to."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other: "Tally") -> None:
        """Add what other steps came to."""
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped


def main() -> int:
    """Run the steps of the asked scope and return 0 when all are green."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--scope", choices=SCOPES, default="usual")
    parser.add_argument("--pages", type=Path)
    asked = parser.parse_args()
    os.chdir(ROOT)
    os.environ["PATH"] = f"{BIN}:{os.environ['PATH']}"
    tally = Tally()
    if asked.pages:
        os.environ["GONGHENG_PAGES"] = str(asked.pages)
        tally.add(tests(PAGES))
    else:
        os.environ["GONGHENG_SCOPE"] = asked.scope
        first, *later = SCOPES[asked.scope]
        tally.add(beside_each_other([checks, *(partial(tests, each) for each in first)]))
        for stage in later:
            tally.add(beside_each_other([partial(tests, each) for each in stage]))
    print(f"{tally.passed} passed, {tally.failed} failed, {tally.skipped} skipped", flush=True)
    return 1 if tally.failed else 0


def checks() -> Tally:
    """Run the static checks one after the other, beside the tests."""
    tally = Tally()
    for each in STATIC:
        tally.add(check(each))
    return tally


def beside_each_other(steps: Sequence[Callable[[], Tally]]) -> Tally:
    """Take steps at the same time and return what they came to."""
    tally = Tally()
    with ThreadPoolExecutor() as pool:
        for taken in [pool.submit(step) for step in steps]:
            tally.add(taken.result())
    return tally


def run(name: str, command: list[str], environment: dict[str, str] | None = None) -> int:
    """Run one step and say how long it took."""
    print(f"== {name}", file=sys.stderr, flush=True)
    started = time.monotonic()
    code = subprocess.run(command, check=False, env=os.environ | (environment or {})).returncode  # noqa: S603  our own steps
    word = "通过" if code == 0 else "未通过"
    print(f"== {name} {word}（{time.monotonic() - started:.1f} 秒）", file=sys.stderr, flush=True)
    return code


def check(asked: tuple[str, list[str]]) -> Tally:
    """Run a check that passes or fails as a whole."""
    settings = {"DJANGO_SETTINGS_MODULE": "gongheng.node.settings"}
    is_right = run(*asked, settings) == 0
    return Tally(passed=int(is_right), failed=int(not is_right))


def tests(asked: Run) -> Tally:
    """Run tests against a throw-away database server and count what came of each."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        parallel = (
            ["-n", str(asked.workers), "--dist", "loadscope"]
            if asked.workers > 1
            else ["-p", "no:xdist"]
        )
        pytest = [str(BIN / "pytest"), "-q", *parallel, f"--junitxml={report}", *asked.selection]
        code = run(asked.name, [*WITH_DATABASE, *pytest])
        if code == NO_TESTS_COLLECTED:
            return tally
        if report.exists():
            count(tally, report)
        if code != 0 and not tally.failed:
            tally.failed += 1
    return tally


def count(tally: Tally, report: Path) -> None:
    """Add a report; a skip that ``tests/skips.txt`` does not name counts as a failure."""
    known = {line.split("#")[0].strip() for line in SKIPS.read_text(encoding="utf-8").splitlines()}
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314  pytest wrote it
        name = f"{case.get('classname')}::{PLAIN_NAME.split(case.get('name') or '')[0]}"
        if case.find("failure") is not None or case.find("error") is not None:
            tally.failed += 1
        elif case.find("skipped") is None:
            tally.passed += 1
        elif name in known:
            tally.skipped += 1
        else:
            tally.failed += 1
            print(f"跳过而未列入 tests/skips.txt：{name}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
