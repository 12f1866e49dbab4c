"""What a reviewer must look at in a file before everybody may have it (A-09): read apart, once.

The file is read by a program of its own (``file_texts``), one at a time, and what it found lies beside
the file under its digest. What it could not read, or not to the end, is said: it never counts as clean.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import IO

from gongheng.kernel.masking import Personal
from gongheng.web import file_texts
from gongheng.web.files import Store, type_by_head

VERSION = 1
"""Of the way in which files are read; another reads those kept again."""
WALL_SECONDS = 60
WAIT_SECONDS = 60
UNREAD = "未能读出文字，须人工逐页审查"
WHY = {
    "archive": "压缩包，不查找其中的文件",
    "busy": "正在读取其他文件，请稍后刷新本页",
    "damaged": "已损坏或者不合格式",
    "embedded": "其中嵌入了别的文件",
    "encrypted": "已加密",
    "form": "含动态表单",
    "garbled": "字体没有文字对照，读出的不是原文",
    "kind": "图片、图纸等不含可查找的文字",
    "long": "文字过多，只查找了一部分",
    "many": "发现过多，只列出前面的",
    "no_text": "没有文字，可能是扫描件",
    "unfinished": "文件过大或者过于复杂，没有读完",
}
"""Why a place was not read, in Chinese."""

_one_at_a_time = threading.BoundedSemaphore(1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a file to look at: personal data, masked, or with ``why`` what was not read."""

    where: str
    kind: Personal | None
    shown: str

    @property
    def is_read(self) -> bool:
        """Tell whether this is personal data that was found, not a place that was not read."""
        return self.kind is not None


def places(store: Store, digest: str) -> tuple[Place, ...]:
    """Return what is to be looked at in a kept file, by page; reads it when nobody has yet."""
    kept = store.path_of(digest).with_name(f"{digest}.found-{VERSION}")
    if kept.exists():
        return _told(json.loads(kept.read_text(encoding="utf-8")))
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        return _told([{"place": "", "why": "busy"}])
    try:
        found, is_kept = _searched(store.path_of(digest))
    finally:
        _one_at_a_time.release()
    if is_kept:
        _keep(kept, found)
    return _told(found)


def _searched(path: Path) -> tuple[list[dict[str, str]], bool]:
    """Run the reader and return its lines; of one that died what it had written, and that it died.

    And whether the same would come again: not of a reader that failed for a fault of ours.
    """
    is_ours = False
    with path.open("rb") as file:
        media_type = type_by_head(file.read(16))
    command = [sys.executable, "-m", file_texts.__name__, str(path), media_type]
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": ""}
    with tempfile.TemporaryFile() as output:
        # What it wrote till it was stopped counts; that it did not end is told by its lines.
        with contextlib.suppress(subprocess.TimeoutExpired):
            done = subprocess.run(  # noqa: S603  the command is ours
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=WALL_SECONDS,
                check=False,
            )
            is_ours = done.returncode > 0
        return _lines(output), not is_ours


def _lines(output: IO[bytes]) -> list[dict[str, str]]:
    output.seek(0)
    found: list[dict[str, str]] = []
    read = 0
    for line in output:
        if not line.endswith(b"\n"):
            break
        said = json.loads(line)
        if said.get("done"):
            return found
        if "at" in said:
            read = said["at"]
            continue
        found.append(said)
        if said.get("why") == "many":
            return found
    place = f"第 {read + 1} 页起" if read else ""
    return [*found, {"place": place, "why": "unfinished"}]


def _keep(kept: Path, found: list[dict[str, str]]) -> None:
    handle, temporary = tempfile.mkstemp(dir=kept.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(found, file, ensure_ascii=False)
    Path(temporary).replace(kept)


def _told(found: Iterable[dict[str, str]]) -> tuple[Place, ...]:
    rows = list(found)
    unread = sorted((row for row in rows if "why" in row), key=lambda row: row["why"])
    told = [
        Place(_pages(row["place"] for row in group), None, WHY[why])
        for why, group in groupby(unread, key=lambda row: row["why"])
    ]
    read = (row for row in rows if "why" not in row)
    return (*told, *(Place(_page(r["place"]), Personal(r["kind"]), r["shown"]) for r in read))


def _page(place: str) -> str:
    return f"第 {place} 页" if place.isdecimal() else place


def _pages(where: Iterable[str]) -> str:
    """Return places in words, pages that follow each other as one: 第 2—5、9 页."""
    named = list(dict.fromkeys(where))
    runs = "、".join(_runs(sorted(int(one) for one in named if one.isdecimal())))
    others = [one for one in named if one and not one.isdecimal()]
    return "、".join([*([f"第 {runs} 页"] if runs else []), *others])


def _runs(numbers: list[int]) -> Iterator[str]:
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        yield str(run[0]) if len(run) == 1 else f"{run[0]}—{run[-1]}"
