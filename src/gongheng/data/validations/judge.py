"""The program that judges one file, apart from the worker: it may need much memory, and may die.

    python -m gongheng.data.validations.judge FILE ERRORS [--dataset CODE] [--strict] [--share N] [--size BYTES]

A file that is worth one job is judged at once, a larger one by jobs that share its tasks: the program then
names those to be done, each is done with its number as ``--share``, and the program is asked again.
Standard output: a line of JSON with ``rows`` now and then, at the end one with ``summary``, ``shares`` or ``done``.
It ends when its standard input does, so that none outlives the worker.
"""

import argparse
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Final

from gongheng.data.bulk.queueing import Outstanding, Queue
from gongheng.data.bulk.scheduling import Scheduler, Threads
from gongheng.data.bulk.validating import Wish, opened_files, ordered, validate
from gongheng.data.standard.reading import NATIONAL, Profile
from gongheng.data.validations.storage import RUN

STEP: Final = 100_000
HEARTBEAT_SECONDS: Final = 10


def main() -> int:
    """Judge the file and return 0; what is wrong in it is no failure of the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("errors", type=Path)
    parser.add_argument("--dataset", default="")
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--share", type=int)
    parser.add_argument("--size", type=int, default=sys.maxsize)
    asked = parser.parse_args()
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    wish = Wish(
        paths=(asked.file,),
        dataset=asked.dataset,
        errors=asked.errors,
        profile=Profile(frozenset("*")) if asked.strict else NATIONAL,
    )
    told = _Told()
    queue = Queue(asked.errors.parent / RUN, size=asked.size)
    if asked.share is not None:
        _do(asked.share, queue, wish, told)
        return 0
    _, tasks = ordered(wish, opened_files(wish)[0], asked.file.parent)
    scheduler: Scheduler = queue if len(queue.shares(tasks)) > 1 else Threads()
    try:
        summary = validate(wish, scheduler=scheduler, progress=told).as_json()
    except Outstanding as outstanding:
        _say({"shares": outstanding.jobs})
        return 0
    # Nobody outside learns where the node keeps its files.
    text = json.dumps(summary, ensure_ascii=False).replace(f"{asked.file.parent}{os.sep}", "")
    _say({"summary": json.loads(text)})
    return 0


def _do(share: int, queue: Queue, wish: Wish, told: "_Told") -> None:
    """Do the tasks of one job, and say meanwhile that it lives."""
    threading.Thread(target=told.keep_saying, daemon=True).start()
    files, _ = opened_files(wish)
    with queue.folder(wish.paths) as folder:
        queue.do(share, *ordered(wish, files, folder), told)
    told.say()
    _say({"done": share})


class _Told:
    """Says how many records are done, now and then."""

    def __init__(self) -> None:
        self._rows, self._next = 0, STEP

    def __call__(self, _file: str, rows: int) -> None:
        self._rows = rows
        if rows >= self._next:
            self._next = rows + STEP
            self.say()

    def say(self) -> None:
        """Say it."""
        _say({"rows": self._rows})

    def keep_saying(self) -> None:
        """Say it again and again: a job of which nothing is heard is given to another."""
        while True:
            time.sleep(HEARTBEAT_SECONDS)
            self.say()


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _end_with_the_worker() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
