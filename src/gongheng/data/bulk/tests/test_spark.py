"""A cluster of separate processes finds what one machine finds, also when a worker is killed."""

import builtins
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk import reasons, spark
from gongheng.data.bulk.queueing import Outstanding, Queue
from gongheng.data.bulk.scheduling import Scheduler, Threads
from gongheng.data.bulk.tests import cluster
from gongheng.data.bulk.tests.cases import planted
from gongheng.data.bulk.validating import Wish, opened_files, ordered, validate
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
