"""An import killed at random moments and run again: each line is settled exactly once."""

import os
import signal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection

from gongheng.data.imports import actions
from gongheng.data.imports.kinds import Outcome
from gongheng.data.imports.models import File, Line
from gongheng.data.imports.tests.support import NOW, line, take, write
from gongheng.data.records.models import Current, Version
from gongheng.trust.ledger.models import Leaf
from tests.forking import fork, was_killed

BATCH, RIGHT = 3, 18
LATEST = 60
"""Questions to the database after which a child is killed at the latest: some batches."""


class _Kill:
    """Ends the process without a chance to clean up, before its n-th question to the database."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Any, *asked: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*asked)


def _import_until(path: Path, after: int) -> None:
    with connection.execute_wrapper(_Kill(after)):
        list(actions.import_notices(path, stays_here=True, now=NOW, batch=BATCH))


def _lines(first: int) -> list[object]:
    """Return twenty lines: right ones, the same notice twice, and what is no notice at all."""
    right = [line(number) for number in range(first, first + RIGHT)]
    return [*right[:9], right[3], b"{broken", *right[9:]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("files", [1, pytest.param(25, marks=pytest.mark.full)])
def test_a_killed_import_settles_each_line_once(tmp_path: Path, files: int) -> None:
    chance, killed = Random(files), 0
    for number in range(files):
        lines = _lines(100 * number + 1)
        path = write(tmp_path / f"{number}.jsonl", lines)
        for _ in range(4):
            after = chance.randrange(LATEST)
            killed += was_killed(fork(lambda: _import_until(path, after)))  # noqa: B023  the child runs now
        before = File.objects.filter(name=path.name).first()
        assert Line.objects.filter(file=before).count() == (before.done if before else 0)

        take(path, batch=BATCH)

        file = File.objects.get(name=path.name)
        settled = Line.objects.filter(file=file).order_by("number")
        assert [each.number for each in settled] == list(range(1, len(lines) + 1))
        assert (file.done, file.ended_at) == (len(lines), NOW)
        assert settled.filter(outcome=Outcome.TAKEN).count() == RIGHT
    taken = RIGHT * files
    assert Version.objects.count() == Current.objects.count() == taken
    assert Leaf.objects.filter(kind="record").count() == taken
    assert killed >= 2 * files
