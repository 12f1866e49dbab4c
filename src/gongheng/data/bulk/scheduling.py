"""Who does the tasks of a validation, and where: threads of this program, a queue of jobs, or a cluster."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from gongheng.data.bulk.duck import Duck
from gongheng.data.bulk.sets import Engine
from gongheng.data.bulk.tasks import Order, Part, Progress, Task, judged


class Scheduler(Protocol):
    """Has tasks done and questions answered; whoever does it, the findings are the same."""

    def folder(self, paths: Sequence[Path]) -> AbstractContextManager[Path]:
        """Give the folder of a run."""

    def done(self, order: Order, tasks: Sequence[Task], progress: Progress) -> Iterator[Part]:
        """Yield what came of each task, in their order; who asks for the next has taken it up."""

    def engine(self, folder: Path) -> AbstractContextManager[Engine]:
        """Return what answers questions over what the tasks put aside in the folder."""


@contextmanager
def passing_folder(place: Path | None = None) -> Iterator[Path]:
    """Give a folder that goes with the run."""
    with TemporaryDirectory(prefix="gongheng-", dir=place) as folder:
        yield Path(folder)


@dataclass(frozen=True, slots=True)
class Threads:
    """So many threads of this program."""

    number: int = 1

    def folder(self, paths: Sequence[Path]) -> AbstractContextManager[Path]:  # noqa: ARG002  any will do
        """Give the folder of a run, anywhere on this machine."""
        return passing_folder()

    def done(self, order: Order, tasks: Sequence[Task], progress: Progress) -> Iterator[Part]:
        """Yield what came of each task, in their order; one thread begins none before it is asked."""
        work = partial(judged, order, progress=progress)
        if self.number == 1:
            for part in map(work, tasks):
                yield part
                part.forget()
            return
        with ThreadPoolExecutor(self.number) as pool:
            for part in pool.map(work, tasks):
                yield part
                part.forget()

    def engine(self, folder: Path) -> AbstractContextManager[Engine]:
        """Return what answers questions over what the tasks put aside in the folder."""
        return closing(Duck(folder))
