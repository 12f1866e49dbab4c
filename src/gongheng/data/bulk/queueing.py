"""Tasks done by jobs, one by one and by whoever takes them up; the last job puts all together.

What came of a task lies in the folder of the run under the name of the task. The same call is made
first and last: while tasks are not done it says in how many jobs they may be; once all are, it merges
what they left as every scheduler does. A job that was killed is done again, but for the tasks that it
had ended; so is the last one.
"""

import math
import pickle
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

from gongheng.data.bulk.duck import Duck
from gongheng.data.bulk.fingerprint import fingerprint
from gongheng.data.bulk.replacing import replacing
from gongheng.data.bulk.sets import Engine
from gongheng.data.bulk.tasks import Order, Part, Progress, Task, judged

_AT_MOST: Final = 64
"""Jobs of one file: beyond that beginning them costs more than they share."""


class Outstanding(Exception):
    """Tasks are not done yet. ``jobs`` are the numbers of those that have some to do."""

    def __init__(self, jobs: Sequence[int]) -> None:
        super().__init__(f"jobs {list(jobs)}")
        self.jobs = tuple(jobs)


class Queue:
    """Jobs that share a folder; each does the tasks of its number. ``size``: bytes that are worth one."""

    def __init__(self, folder: Path, *, size: int) -> None:
        # What an earlier version of the program left is not put together with what this one finds.
        self._folder = folder / fingerprint()
        self._size = size

    @contextmanager
    def folder(self, paths: Sequence[Path]) -> Iterator[Path]:  # noqa: ARG002  it is told beforehand
        """Give the folder of the run: it stays, who keeps the queue removes it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        yield self._folder

    def done(
        self,
        order: Order,
        tasks: Sequence[Task],
        progress: Progress,  # noqa: ARG002  the jobs say how far they are
    ) -> Iterator[Part]:
        """Yield what came of each task, in their order. Raises ``Outstanding``."""
        shares = self.shares(tasks)
        open_jobs = [
            number
            for number, share in enumerate(shares)
            if not all(self._place(order, task).exists() for task in share)
        ]
        if open_jobs:
            raise Outstanding(open_jobs)
        for task in tasks:
            yield _read(self._place(order, task))

    def engine(self, folder: Path) -> AbstractContextManager[Engine]:
        """Return what answers questions over what the tasks put aside in the folder."""
        return closing(Duck(folder))

    def shares(self, tasks: Sequence[Task]) -> list[Sequence[Task]]:
        """Return the tasks of each job: about equally many, neighbours together."""
        sizes = {task.file: task.state[0] for task in tasks if task.state}
        jobs = max(1, min(len(tasks), _AT_MOST, math.ceil(sum(sizes.values()) / self._size)))
        ends = [len(tasks) * number // jobs for number in range(jobs + 1)]
        return [tasks[start:end] for start, end in pairwise(ends)]

    def do(self, number: int, order: Order, tasks: Sequence[Task], progress: Progress) -> None:
        """Do the tasks of one job that are not done; ``progress`` is told of all its records."""
        before = 0

        def told(file: str, rows: int) -> None:
            progress(file, before + rows - task.before)

        for task in self.shares(tasks)[number]:
            place = self._place(order, task)
            if place.exists():
                part = _read(place)
            else:
                part = judged(order, task, told)
                with replacing(place) as made:
                    made.write_bytes(pickle.dumps(part))
            before += part.rows
        progress("", before)

    def _place(self, order: Order, task: Task) -> Path:
        return order.folder / "parts" / task.name


def _read(place: Path) -> Part:
    part: Part = pickle.loads(place.read_bytes())  # noqa: S301  a file of our own, in our own folder
    return part
