"""Who does the tasks of a validation, and where: threads of this program, or a cluster."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from gongheng.data.bulk.duck import Duck
from gongheng.data.bulk.sets import Engine
from gongheng.data.bulk.tasks import Order, Part, Progress, Task, judged


class Scheduler(Protocol):
    """Has tasks done and questions answered; whoever does it, the findings are the same."""

    def place(self, paths: Sequence[Path]) -> Path | None:
        """Return where the folder of a run must be, None for anywhere on this machine."""

    def done(self, order: Order, tasks: Sequence[Task], progress: Progress) -> Iterator[Part]:
        """Yield what came of each task, in their order."""

    def engine(self, folder: Path) -> AbstractContextManager[Engine]:
        """Return what answers questions over what the tasks put aside in the folder."""


@dataclass(frozen=True, slots=True)
class Threads:
    """So many threads of this program."""

    number: int = 1

    def place(self, paths: Sequence[Path]) -> Path | None:  # noqa: ARG002  any place will do
        """Return where the folder of a run must be, None for anywhere on this machine."""
        return None

    def done(self, order: Order, tasks: Sequence[Task], progress: Progress) -> Iterator[Part]:
        """Yield what came of each task, in their order; one thread begins none before it is asked."""
        work = partial(judged, order, progress=progress)
        if self.number == 1:
            yield from map(work, tasks)
            return
        with ThreadPoolExecutor(self.number) as pool:
            yield from pool.map(work, tasks)

    def engine(self, folder: Path) -> AbstractContextManager[Engine]:
        """Return what answers questions over what the tasks put aside in the folder."""
        return closing(Duck(folder))
