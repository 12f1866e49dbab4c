"""Takes files, has one after the other judged by a program of its own, and forgets them."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import transaction

from gongheng.data.bulk.reasons import NO_ENGINE
from gongheng.data.validations import queries, storage
from gongheng.data.validations.kinds import State
from gongheng.data.validations.models import Job
from gongheng.data.validations.reasons import BROKEN_OFF, INTERRUPTED, TOO_MANY
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

_log = logging.getLogger("gongheng.validations")

MOST_WAITING = 5
MOST_TRIES = 3
KEPT = timedelta(days=30)
"""How long a person may come back for what was found."""


def has_engine() -> bool:
    """Tell whether the node can judge files (``gongheng[bulk]``)."""
    return all(find_spec(name) for name in ("pyarrow", "numpy", "duckdb"))


def submit(
    *,
    name: str,
    chunks: Iterable[bytes],
    dataset: str,
    is_strict: bool,
    actor: Actor,
    now: datetime,
) -> Job:
    """Take a file to be judged. Raises ``Refusal`` (NO_ENGINE, TOO_MANY, TOO_LARGE)."""
    if not has_engine():
        raise Refusal(NO_ENGINE)
    if queries.jobs_of(actor).filter(state__in=queries.UNDER_WAY).count() >= MOST_WAITING:
        raise Refusal(TOO_MANY)
    job = Job(
        id=uuid7(),
        region_code=actor.region_code or settings.NODE.region_code,
        account_id=actor.person_id,
        name=storage.safe(name),
        dataset=dataset,
        is_strict=is_strict,
        queued_at=now,
    )
    job.size, job.digest = storage.keep(job.pk, job.name, chunks)
    with transaction.atomic():
        job.save(force_insert=True)
        audit.record(actor=actor, deed="validations.submitted", object_id=job.pk, now=now)
    return job


def step(*, now: datetime) -> bool:
    """Judge the file that waits longest; tell whether there was one.

    Only one loop of one worker does this: a job that is said to run was cut off with its worker.
    """
    job = Job.objects.filter(state__in=queries.UNDER_WAY).order_by("queued_at").first()
    if job is None:
        return False
    if job.tries >= MOST_TRIES:
        _end(job, INTERRUPTED, now=now)
        return True
    job.state, job.tries, job.rows = State.RUNNING, job.tries + 1, 0
    job.save(update_fields=["state", "tries", "rows"])
    summary = _judged(job)
    if summary is None:
        _end(job, BROKEN_OFF, now=now)
        return True
    job.summary, job.state, job.ended_at = summary, State.DONE, now
    job.rows = sum(each["records"] for each in summary["datasets"].values())
    job.save()
    (storage.folder_of(job.pk) / job.name).unlink(missing_ok=True)
    return True


def _end(job: Job, reason: Reason, *, now: datetime) -> None:
    job.state, job.reason, job.ended_at = State.FAILED, reason.code, now
    job.save(update_fields=["state", "reason", "ended_at"])
    storage.remove(job.pk)


def _judged(job: Job) -> dict[str, Any] | None:
    """Return what the program says in the end, if it does; keep meanwhile how far it has come."""
    folder = storage.folder_of(job.pk)
    command = [
        *(sys.executable, "-m", "gongheng.data.validations.judge"),
        *(str(folder / job.name), str(folder / storage.ERRORS)),
        *(("--dataset", job.dataset) if job.dataset else ()),
        *(("--strict",) if job.is_strict else ()),
    ]
    summary: dict[str, Any] | None = None
    with (folder / "judge.log").open("wb") as told:
        program = subprocess.Popen(  # noqa: S603  our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, env=os.environ
        )
        with program:
            for line in program.stdout or ():
                said = json.loads(line)
                if "rows" in said:
                    Job.objects.filter(pk=job.pk).update(rows=said["rows"])
                summary = said.get("summary", summary)
    if program.returncode == 0 and summary is not None:
        return summary
    _log.error("job %s: %s", job.pk, (folder / "judge.log").read_text(errors="replace")[-2000:])
    return None


def sweep(*, now: datetime) -> int:
    """Forget what nobody comes back for; return how many jobs."""
    old = list(Job.objects.filter(ended_at__lt=now - KEPT))
    for job in old:
        storage.remove(job.pk)
        job.delete()
    return len(old)
