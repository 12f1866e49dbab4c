"""A large file is judged by jobs that share it; what is killed meanwhile is taken up again."""

import csv
import io
import json
import os
import signal
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gongheng.data.bulk.tests.cases import planted
from gongheng.data.bulk.tests.cluster import children_of
from gongheng.data.bulk.validating import Wish, validate
from gongheng.data.validations import actions, queries, reasons, storage
from gongheng.data.validations.kinds import State
from gongheng.data.validations.models import Job, Share
from gongheng.data.validations.tests.support import NOW, actor, person, submitted
from tests.forking import fork, was_killed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PATIENCE = 60
GROUPS = 40


@pytest.fixture(autouse=True)
def _quiet_house(settings: Any, tmp_path: Path) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.NODE = replace(settings.NODE, state_dir=tmp_path)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of many row groups, with errors of records and equal keys, worth three jobs."""
    files, _ = planted(cases=60, share=0.4, seed=5)
    bodies = [{**body} for body in files["PROJECT"]]
    bodies[7], bodies[55] = bodies[6], bodies[6]
    bodies[50] |= {"DATA_TIMESTAMP": "20260230090000"}
    path = tmp_path / "PROJECT.parquet"
    size = -(-len(bodies) // GROUPS)
    pq.write_table(pa.Table.from_pylist(bodies), path, row_group_size=size)
    monkeypatch.setattr(storage, "LARGE", path.stat().st_size // 3 + 1)
    return path


def taken(file: Path) -> Job:
    return submitted(actor(person("operator")), file.read_bytes(), file.name)


Found = tuple[list[list[str]], dict[str, Any]]
"""The list of errors and the summary, without the folder of the file."""


def alone(file: Path) -> Found:
    """Return what one program finds."""
    errors = file.with_suffix(".csv")
    outcome = validate(Wish(paths=(file,), errors=errors))
    return _listed(errors), json.loads(json.dumps(outcome.as_json()).replace(f"{file.parent}/", ""))


def found(job: Job) -> Found:
    job.refresh_from_db()
    assert job.state == State.DONE, job.reason
    assert job.summary is not None
    return _listed(storage.folder_of(job.pk) / storage.ERRORS), job.summary


def _listed(errors: Path) -> list[list[str]]:
    rows = csv.reader(io.StringIO(errors.read_text("utf-8-sig")))
    return [[Path(row[0]).name, *row[1:]] for row in rows]


def test_jobs_that_share_a_file_find_what_one_program_finds(file: Path) -> None:
    job = taken(file)

    assert actions.step(now=NOW)
    assert [share.number for share in job.shares.order_by("id")] == [0, 1, 2]
    assert not actions.step(now=NOW)  # it waits for its shares
    while actions.step_share(now=NOW):
        pass
    job.refresh_from_db()
    assert job.rows == pq.read_metadata(file).num_rows
    assert actions.step(now=NOW)

    assert found(job) == alone(file)
    rules = Counter(row[4] for row in found(job)[0])
    assert rules["std.duplicate"] == 2
    assert rules["std.time"] == 1
    assert not Share.objects.exists()
    assert not (storage.folder_of(job.pk) / storage.RUN).exists()


def test_a_share_is_held_by_one(file: Path) -> None:
    taken(file)
    actions.step(now=NOW)
    held = [actions._held(now=NOW) for _ in range(3)]

    assert sorted(share.number for share in held if share) == [0, 1, 2]
    assert actions._held(now=NOW) is None
    assert not actions.step_share(now=NOW)
    assert queries.shares_to_do(now=NOW + actions.SILENCE + timedelta(seconds=1)).count() == 3


def kill_amid(worker: int, run: Path) -> None:
    """Kill a worker when its program has done some of its tasks and not all of them."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not list(run.glob("*/parts/0*")):
        time.sleep(0.001)
    programs = children_of(worker)
    for program in programs:
        os.kill(program, signal.SIGSTOP)  # what it has done by now is all that it does
    os.kill(worker, signal.SIGKILL)
    for program in programs:
        os.kill(program, signal.SIGKILL)


def test_a_worker_that_is_killed_amid_a_share_loses_nothing(file: Path) -> None:
    job = taken(file)
    actions.step(now=NOW)
    run = storage.folder_of(job.pk) / storage.RUN
    worker = fork(lambda: actions.step_share(now=NOW))
    kill_amid(worker, run)
    assert was_killed(worker)

    done = {path: path.stat().st_mtime_ns for path in run.glob("*/parts/0*")}
    share = job.shares.get(number=0)
    assert (share.is_done, share.tries) == (False, 1)
    assert done
    assert len(done) < GROUPS // 3
    later = NOW + actions.SILENCE + timedelta(seconds=5)
    while actions.step_share(now=later):
        pass

    assert job.shares.get(number=0).tries == 2
    job.refresh_from_db()
    assert job.rows == pq.read_metadata(file).num_rows
    assert {path: path.stat().st_mtime_ns for path in done} == done  # not done again
    assert actions.step(now=later)
    assert found(job) == alone(file)


def test_a_worker_that_is_killed_amid_the_merging_begins_it_again(file: Path) -> None:
    job = taken(file)
    actions.step(now=NOW)
    while actions.step_share(now=NOW):
        pass
    errors = storage.folder_of(job.pk) / storage.ERRORS
    errors.unlink(missing_ok=True)
    worker = fork(lambda: actions.step(now=NOW))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not errors.exists():
        time.sleep(0.001)
    programs = children_of(worker)
    os.kill(worker, signal.SIGKILL)
    for program in programs:
        os.kill(program, signal.SIGKILL)
    assert was_killed(worker)
    job.refresh_from_db()
    assert (job.state, job.tries) == (State.RUNNING, 1)

    assert actions.step(now=NOW)

    assert found(job) == alone(file)


def test_what_an_earlier_version_of_the_program_left_is_done_again(file: Path) -> None:
    job = taken(file)
    actions.step(now=NOW)
    while actions.step_share(now=NOW):
        pass
    [run] = (storage.folder_of(job.pk) / storage.RUN).iterdir()
    run.rename(run.with_name("0.0.9-of-another-program"))

    assert actions.step(now=NOW)
    assert job.shares.filter(is_done=False).count() == 3
    while actions.step_share(now=NOW):
        pass
    assert actions.step(now=NOW)

    assert found(job) == alone(file)


def test_a_share_that_breaks_off_three_times_ends_the_job(file: Path) -> None:
    job = taken(file)
    actions.step(now=NOW)
    (storage.folder_of(job.pk) / job.name).write_bytes(b"PAR1")
    while actions.step_share(now=NOW):
        pass

    job.refresh_from_db()
    assert (job.state, job.reason) == (State.FAILED, reasons.INTERRUPTED.code)
    assert not Share.objects.exists()
    assert not storage.folder_of(job.pk).exists()


def test_a_small_file_does_not_wait_behind_a_large_one(file: Path) -> None:
    large = taken(file)
    actions.step(now=NOW)
    small = submitted(actor(large.account), b"PROJECT_CODE\n" + b"1\n", "PROJECT.csv")

    assert actions.step(now=NOW)

    small.refresh_from_db()
    large.refresh_from_db()
    assert (small.state, large.state) == (State.DONE, State.RUNNING)
