"""Tasks and questions given to a Spark cluster; every machine sees the files and the folder of the run.

Tasks are handed out, not rows: each reads its own row group and runs the loops of this package, so no
record passes through the Java machine. Spark's SQL answers the questions across records, and what must
then be judged of the joined rows is handed out again. A task that is lost with its machine is done
again elsewhere and leaves the same files.
"""

import os
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from gongheng.data.bulk import duck, reasons, sorting
from gongheng.data.bulk.fingerprint import fingerprint
from gongheng.data.bulk.joins import SPARK
from gongheng.data.bulk.scheduling import passing_folder
from gongheng.data.bulk.sets import Across, Engine, JoinedJudge
from gongheng.data.bulk.tasks import Order, Part, Progress, Task, judged
from gongheng.kernel.reasons import Refusal

_AT_ONCE: Final = 1 << 16
_OURS: Final = re.compile(r"[\w.]*Error: ")
"""How an error of Python begins, amid what the Java machine says of it."""
_SETTINGS: Final = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
}


class Spark:
    """A cluster at ``spark://HOST:PORT`` (or ``local[N]``); ``shared``: a folder all machines see."""

    def __init__(self, url: str, shared: Path | None = None) -> None:
        self._session = _session(url)
        self._shared = shared

    def folder(self, paths: Sequence[Path]) -> AbstractContextManager[Path]:
        """Give the folder of a run: where the files are, unless told."""
        return passing_folder((self._shared or paths[0].parent).absolute())

    def done(self, order: Order, tasks: Sequence[Task], progress: Progress) -> Iterator[Part]:
        """Yield what came of each task, in their order, when all are done."""
        context = self._session.sparkContext
        for part, task in zip(
            _handed_out(context, partial(judged, order), tasks), tasks, strict=True
        ):
            progress(task.path.name, task.before + part.rows)
            yield part
            part.forget()

    @contextmanager
    def engine(self, folder: Path) -> Iterator[Engine]:
        """Return what answers questions over what the tasks put aside in the folder."""
        yield _Engine(self._session, folder / "answers")

    def close(self) -> None:
        """Let go of the cluster."""
        self._session.stop()


def _session(url: str) -> Any:  # noqa: ANN401  Spark's session
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415  an extra of its own
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as missing:
        raise Refusal(reasons.NO_SPARK, missing=missing.name or "") from missing
    home = os.environ.get("JAVA_HOME")
    if not (Path(home, "bin", "java").exists() if home else shutil.which("java")):
        raise Refusal(reasons.NO_SPARK, missing="java")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.master(url).appName("gongheng validate")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
        number = max(8, 4 * session.sparkContext.defaultParallelism)
        session.conf.set("spark.sql.shuffle.partitions", number)
    except (PySparkException, *_failures()) as failed:
        raise _failed(failed) from failed
    return session


def _failures() -> tuple[type[Exception], ...]:
    from py4j.protocol import Py4JError  # noqa: PLC0415  comes with Spark

    return (Py4JError, OSError)


def _failed(failed: Exception) -> Refusal:
    """Return the refusal, with the line of what Spark says that tells most."""
    lines = [line.strip(" :\t") for line in str(failed).splitlines()]
    told = [line for line in lines if line and not line.startswith(("at ", "... "))]
    ours = [line for line in told if _OURS.match(line)]
    theirs = [line for line in told if "Exception: " in line]
    said = next(iter([*reversed(ours), *theirs, *told, type(failed).__name__]))
    return Refusal(reasons.SPARK_FAILED, said=said[:300])


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what fails on the cluster into a refusal."""
    from pyspark.errors import PySparkException  # noqa: PLC0415  it is there by now

    try:
        yield
    except (PySparkException, *_failures()) as failed:
        raise _failed(failed) from failed


def _handed_out(context: Any, work: Any, pieces: Sequence[Any]) -> list[Any]:  # noqa: ANN401  Spark's context
    """Return what came of each piece, in their order; each is a task of its own."""
    if not pieces:
        return []
    ours = fingerprint()
    with _refusing():
        alike = partial(_alike, ours, work)
        found: list[Any] = context.parallelize(pieces, len(pieces)).map(alike).collect()
    others = sorted({each for each in found if isinstance(each, _Other)})
    if others:
        theirs = "、".join(f"{each.machine}（{each.fingerprint}）" for each in others)
        raise Refusal(reasons.SPARK_DIFFERS, ours=ours, theirs=theirs)
    return found


@dataclass(frozen=True, slots=True, order=True)
class _Other:
    """A machine that judges by something else than we do: it has done nothing."""

    machine: str
    fingerprint: str


def _alike(ours: str, work: Callable[[Any], Any], piece: Any) -> Any:  # noqa: ANN401  as the work is
    """Do a piece of work where program and rules are ours; asked of each, for machines may join."""
    theirs = fingerprint()
    return work(piece) if theirs == ours else _Other(socket.gethostname(), theirs)


class _Engine:
    """Spark's SQL; each answer is a folder of Parquet files, written once all of it is known."""

    dialect = SPARK

    def __init__(self, session: Any, folder: Path) -> None:  # noqa: ANN401  Spark's session
        self._session, self._folder = session, folder

    def view(self, name: str, files: list[Path]) -> None:
        """Give these Parquet files the name of a table."""
        with _refusing():
            frame = self._session.read.parquet(*(f"file://{file}" for file in files))
            frame.createOrReplaceTempView(name)

    def keep(self, name: str, question: str) -> Iterator[pa.RecordBatch]:
        """Make a table of the places that are an answer and yield it, in the order of upload."""
        files = self._answered(name, question)
        self.view(name, files)
        for file in files:
            with pq.ParquetFile(file) as source:
                yield from source.iter_batches(_AT_ONCE)

    def judged(self, question: str, judge: JoinedJudge) -> Iterator[Across]:
        """Yield what is said of the rows of an answer, by file, rule and record."""
        files = self._answered(f"joined_{judge.dataset}", question)
        place = self._folder / f"found_{judge.dataset}"
        _handed_out(self._session.sparkContext, partial(_judge_file, judge, place), files)
        with closing(duck.database(self._folder)) as database:
            yield from sorting.in_order(database, judge.dataset, sorted(place.glob("*.parquet")))

    def _answered(self, name: str, question: str) -> list[Path]:
        place = self._folder / name
        with _refusing():
            self._session.sql(question).write.parquet(f"file://{place}")
        return sorted(place.glob("part-*.parquet"))


def _judge_file(judge: JoinedJudge, place: Path, file: Path) -> None:
    """Judge the joined rows of a file, where it is read; what is found is put into a folder."""
    with pq.ParquetFile(file) as source:
        batches = source.iter_batches(_AT_ONCE)
        sorting.put((across for batch in batches for across in judge(batch)), place / file.name)
