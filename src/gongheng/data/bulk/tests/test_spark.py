"""A cluster of separate processes finds what one machine finds, also when a worker is killed."""

import builtins
import shutil
import socket
import threading
import time
from contextlib import nullcontext
from itertools import cycle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import gongheng
from gongheng.data.bulk import fingerprint as fingerprints, reasons, spark
from gongheng.data.bulk.fingerprint import fingerprint
from gongheng.data.bulk.queueing import Outstanding, Queue
from gongheng.data.bulk.scheduling import Scheduler, Threads
from gongheng.data.bulk.tests import cluster
from gongheng.data.bulk.tests.cases import planted
from gongheng.data.bulk.validating import Wish, opened_files, ordered, validate
from gongheng.kernel.reasons import Refusal
from gongheng.node import cli

CASES = 120
DATASETS = ("PROJECT", "TENDER_PROJECT", "SECTION", "TENDER_LIST", "WIN_RESULT_ANNO")
Row = tuple[Any, ...]


def written(folder: Path) -> tuple[Path, ...]:
    """Write cases with errors of every kind: of a record, double keys, no parent, between records."""
    files, _ = planted(cases=CASES, share=0.4, seed=11)
    paths = []
    for dataset in DATASETS:
        bodies = files[dataset]
        bodies[7] = bodies[6]
        bodies[50] |= {"DATA_TIMESTAMP": "20260230090000"}
        paths.append(folder / f"{dataset}.parquet")
        pq.write_table(pa.Table.from_pylist(bodies), paths[-1], row_group_size=20)
    broken = folder / "TENDER_CANDIDATE.parquet"
    broken.write_bytes(paths[0].read_bytes()[:-9])
    return (*paths, broken)


def found(
    paths: tuple[Path, ...], errors: Path, scheduler: Scheduler
) -> tuple[dict[str, Any], list[Row]]:
    outcome = validate(Wish(paths=paths, errors=errors), scheduler=scheduler)
    rows = [tuple(row.values()) for row in pq.read_table(errors).to_pylist()]
    return outcome.as_json(), rows


def test_threads_find_what_one_thread_finds(tmp_path: Path) -> None:
    paths = written(tmp_path)
    alone = found(paths, tmp_path / "one.parquet", Threads())

    assert found(paths, tmp_path / "three.parquet", Threads(3)) == alone
    rules = {row[4] for row in alone[1]}
    assert {"std.time", "std.duplicate", "std.parent_missing", "std.exists.WR-BIDDER"} <= rules
    assert [each["code"] for each in alone[0]["files"]] == ["bulk.broken_file"]


def test_jobs_find_what_one_thread_finds_whoever_does_them_in_what_order(tmp_path: Path) -> None:
    paths = written(tmp_path)
    alone = found(paths, tmp_path / "one.parquet", Threads())
    errors = tmp_path / "jobs.parquet"

    def queue() -> Queue:  # each job has one of its own, as in a process of its own
        return Queue(tmp_path / "run", size=1000)

    with pytest.raises(Outstanding) as outstanding:
        found(paths, errors, queue())
    jobs = list(outstanding.value.jobs)
    assert len(jobs) > 10
    wish = Wish(paths=paths, errors=errors)
    for number in reversed(jobs):
        with queue().folder(paths) as folder:
            order, tasks = ordered(wish, opened_files(wish)[0], folder)
        queue().do(number, order, tasks, lambda _file, _rows: None)

    assert found(paths, errors, queue()) == alone
    assert found(paths, errors, queue()) == alone  # the last job may be done twice


def test_a_row_says_its_number_in_the_file_not_in_its_group(tmp_path: Path) -> None:
    _, rows = found(written(tmp_path), tmp_path / "errors.parquet", Threads())

    assert [row[1] for row in rows if row[4] == "std.time"] == [51] * len(DATASETS)


@pytest.mark.full
def test_a_cluster_finds_what_one_machine_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if cluster.missing():
        pytest.skip(cluster.missing())

    monkeypatch.setenv("SPARK_LOCAL_IP", cluster.HERE)
    paths = written(tmp_path)
    alone = found(paths, tmp_path / "alone.parquet", Threads())

    with cluster.running(tmp_path / "cluster", workers=2) as running:
        remote = spark.Spark(running.url)
        try:
            assert found(paths, tmp_path / "two.parquet", remote) == alone

            began = set(tmp_path.glob("gongheng-*"))
            killing = threading.Thread(target=kill_amid, args=(running, tmp_path, began))
            killing.start()
            assert found(paths, tmp_path / "killed.parquet", remote) == alone
            killing.join()
            assert len(running.workers) == 1

            assert found(paths, tmp_path / "one.parquet", remote) == alone
        finally:
            remote.close()
    assert not list(tmp_path.glob("gongheng-*"))


@pytest.mark.full
def test_a_cluster_of_which_one_machine_has_another_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if cluster.missing():
        pytest.skip(cluster.missing())

    monkeypatch.setenv("SPARK_LOCAL_IP", cluster.HERE)
    wish = Wish(paths=written(tmp_path), with_sets=False)
    alone = validate(wish).as_json()
    package = Path(gongheng.__file__).parent
    other = tmp_path / "other"
    unneeded = shutil.ignore_patterns("tests", "static", "templates", "__pycache__")
    shutil.copytree(package, other / "gongheng", ignore=unneeded)
    with (other / "gongheng/data/standard/tables/codelists.csv").open("a") as table:
        table.write("\n")

    with cluster.running(tmp_path / "cluster", workers=0) as running:
        running.add_worker(PYTHONPATH=str(other))
        running.add_worker(PYTHONPATH=str(package.parent))
        remote = spark.Spark(running.url)
        try:
            with pytest.raises(Refusal) as refusal:
                validate(wish, scheduler=remote)
            assert refusal.value.reason is reasons.SPARK_DIFFERS
            assert refusal.value.facts["ours"] == fingerprint()
            assert fingerprint() not in refusal.value.facts["theirs"]
            assert gongheng.__version__ in refusal.value.facts["theirs"]

            running.kill_worker()
            assert validate(wish, scheduler=remote).as_json() == alone
        finally:
            remote.close()


class _Machines:
    """Stands for a cluster: each piece is done on the next of some machines."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, fingerprints: list[str]) -> None:
        self._monkeypatch, self._of = monkeypatch, fingerprints
        self._pieces: list[Any] = []
        self._work: Any = None

    def parallelize(self, pieces: list[Any], _number: int) -> "_Machines":
        self._pieces = pieces
        return self

    def map(self, work: Any) -> "_Machines":
        self._work = work
        return self

    def collect(self) -> list[Any]:
        done = []
        for piece, theirs in zip(self._pieces, cycle(self._of), strict=False):
            self._monkeypatch.setattr(spark, "fingerprint", lambda theirs=theirs: theirs)
            done.append(self._work(piece))
        return done


def test_a_machine_that_judges_by_something_else_does_nothing_and_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spark, "_refusing", nullcontext)
    done: list[int] = []
    ours = fingerprint()
    assert spark._handed_out(_Machines(monkeypatch, [ours]), str, [1, 2, 3]) == ["1", "2", "3"]

    with pytest.raises(Refusal) as refusal:
        spark._handed_out(_Machines(monkeypatch, [ours, "0.0.9-other"]), done.append, [1, 2, 3])

    assert refusal.value.reason is reasons.SPARK_DIFFERS
    assert refusal.value.facts["theirs"] == f"{socket.gethostname()}（0.0.9-other）"
    assert done == [1, 3]


def test_the_fingerprint_follows_sources_and_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gongheng"
    monkeypatch.setattr(fingerprints, "_PACKAGE", package)
    table = package / "data/standard/tables/rules.csv"
    test = package / "data/bulk/tests/test_it.py"
    for path in (table, test):
        path.parent.mkdir(parents=True)
        path.write_text("one")

    def now() -> str:
        fingerprints.fingerprint.cache_clear()
        return fingerprints.fingerprint()

    first = now()
    test.write_text("two")
    assert now() == first
    table.write_text("two")
    assert now() != first
    fingerprints.fingerprint.cache_clear()


def kill_amid(running: cluster.Cluster, folder: Path, before: set[Path]) -> None:
    """Kill a worker when some tasks of a run are done and some are not."""
    end = time.monotonic() + cluster.READY
    while time.monotonic() < end:
        done = [
            path
            for run in set(folder.glob("gongheng-*")) - before
            for path in run.glob("errors/0*")
        ]
        if len(done) >= 3:
            break
        time.sleep(0.01)
    running.kill_worker()


def test_without_spark_it_is_refused_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "PROJECT.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    really = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("pyspark"):
            raise ImportError(name=name)
        return really(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)

    assert cli.main(["validate", str(path), "--spark", "spark://127.0.0.1:1"]) == 2

    said = capsys.readouterr().err
    assert reasons.NO_SPARK.message in said
    assert reasons.NO_SPARK.remedy in said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("An error occurred.\n: java.lang.IllegalStateException: stopped.\n\tat a.b(C:1)\n", "java.lang.IllegalStateException: stopped."),
        ("x\nOSError: disk full\n\nat a.b(C:1)\nCaused by: a.PythonException: Traceback", "OSError: disk full"),
        ("", "OSError"),
    ],
)  # fmt: skip
def test_what_fails_on_the_cluster_is_told_in_one_line(told: str, said: str) -> None:
    assert spark._failed(OSError(told)).facts["said"] == said
