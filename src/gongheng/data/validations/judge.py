"""The program that judges one file, apart from the worker: it may need much memory, and may die.

    python -m gongheng.data.validations.judge FILE ERRORS [--dataset CODE] [--strict]

Standard output: a line of JSON with ``rows`` now and then, at the end one with ``summary``. It ends when
its standard input does, so that none outlives the worker.
"""

import argparse
import json
import os
import sys
import threading
from pathlib import Path
from typing import Final

from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.standard.reading import NATIONAL, Profile

STEP: Final = 100_000


def main() -> int:
    """Judge the file and return 0; what is wrong in it is no failure of the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("errors", type=Path)
    parser.add_argument("--dataset", default="")
    parser.add_argument("--strict", action="store_true")
    asked = parser.parse_args()
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    wish = Wish(
        paths=(asked.file,),
        dataset=asked.dataset,
        errors=asked.errors,
        profile=Profile(frozenset("*")) if asked.strict else NATIONAL,
    )
    summary = validate(wish, progress=_Told()).as_json()
    # Nobody outside learns where the node keeps its files.
    text = json.dumps(summary, ensure_ascii=False).replace(f"{asked.file.parent}{os.sep}", "")
    _say({"summary": json.loads(text)})
    return 0


class _Told:
    """Says how many records are done, now and then."""

    def __init__(self) -> None:
        self._next = STEP

    def __call__(self, _file: str, rows: int) -> None:
        if rows >= self._next:
            self._next = rows + STEP
            _say({"rows": rows})


def _say(line: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _end_with_the_worker() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
