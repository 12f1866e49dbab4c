"""Takes files, has one after the other judged by a program of its own, and forgets them."""

import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum

from gongheng.data.bulk.reasons import NO_ENGINE
from gongheng.data.exchange.stations import Peer
from gongheng.data.standard import registry
from gongheng.data.validations import queries, storage
from gongheng.data.validations.kinds import State
from gongheng.data.validations.models import Job, Share
from gongheng.data.validations.reasons import (
    BROKEN_OFF,
    CUT_SHORT,
    INTERRUPTED,
    TOO_LARGE,
    TOO_MANY,
)
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor, system_of

_log = logging.getLogger("gongheng.validations")

SUBMITTED = "validations.submitted"
MOST_WAITING = 5
MOST_TRIES = 3
SILENCE = timedelta(seconds=60)
"""After so long without a word from its program a share is taken up by another."""
KEPT = timedelta(days=30)
"""How long a person may come back for what was found."""


def has_engine() -> bool:
    """Tell whether the node can judge files (``gongheng[bulk]``)."""
    return all(find_spec(name) for name in ("pyarrow", "numpy", "duckdb"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A file as it is handed in; ``size`` and ``digest`` are what its sender signed, if anything."""

    name: str
    chunks: Iterable[bytes]
    dataset: str = ""
    is_strict: bool = False
    size: int | None = None
    digest: str = ""


def submit(handed: Handed, *, actor: Actor, now: datetime) -> Job:
    """Take a file of a person. Raises ``Refusal`` (NO_ENGINE, TOO_MANY, TOO_LARGE)."""
    _require_place(queries.jobs_of(actor))
    job = Job(
        region_code=actor.region_code or settings.NODE.region_code, account_id=actor.person_id
    )
    return _taken(job, handed, actor=actor, now=now)


def submit_of_peer(handed: Handed, *, peer: Peer, now: datetime) -> Job:
    """Take a file of another platform; the same file again, while it waits, is the same job.

    Raises ``Refusal``: NO_ENGINE, TOO_MANY, TOO_LARGE, CUT_SHORT, UNKNOWN_DATASET.
    """
    actor = replace(system_of(settings.NODE.region_code), username=peer.code, name=peer.name)
    with audit.refusals(actor=actor, deed=SUBMITTED, now=now):
        if handed.dataset:
            registry.dataset(handed.dataset)
        jobs = queries.jobs_of_peer(peer.code)
        there = jobs.filter(
            state__in=queries.UNDER_WAY,
            name=storage.safe(handed.name),
            digest=handed.digest,
            dataset=handed.dataset,
            is_strict=handed.is_strict,
        ).first()
        if there is not None:
            return there
        _require_place(jobs)
        job = Job(region_code=settings.NODE.region_code, peer=peer.code)
        return _taken(job, handed, actor=actor, now=now)


def _require_place(jobs: QuerySet[Job]) -> None:
    if not has_engine():
        raise Refusal(NO_ENGINE)
    if jobs.filter(state__in=queries.UNDER_WAY).count() >= MOST_WAITING:
        raise Refusal(TOO_MANY)


def _taken(job: Job, handed: Handed, *, actor: Actor, now: datetime) -> Job:
    if (handed.size or 0) > storage.LARGEST:
        raise Refusal(TOO_LARGE)
    job.name, job.dataset = storage.safe(handed.name), handed.dataset
    job.is_strict, job.queued_at = handed.is_strict, now
    job.size, job.digest = storage.keep(job.pk, job.name, handed.chunks)
    if (handed.size, handed.digest) not in {(None, ""), (job.size, job.digest)}:
        storage.remove(job.pk)
        raise Refusal(CUT_SHORT)
    with transaction.atomic():
        job.save(force_insert=True)
        audit.record(actor=actor, deed=SUBMITTED, object_id=job.pk, now=now)
    return job


def step(*, now: datetime) -> bool:
    """Judge the file that waits longest; tell whether there was one.

    A large file is cut into shares first, and what they found is put together when all are done.
    Only one loop of one worker does this: a job that is said to run was cut off with its worker.
    """
    job = queries.next_job()
    if job is None:
        return False
    if job.tries >= MOST_TRIES:
        _end(job, INTERRUPTED, now=now)
        return True
    job.state, job.tries, job.rows = State.RUNNING, job.tries + 1, 0
    job.save(update_fields=["state", "tries", "rows"])
    end: dict[str, Any] = {}
    for said in _judging(job):
        if "rows" in said:
            Job.objects.filter(pk=job.pk).update(rows=said["rows"])
        else:
            end = said
    if "shares" in end:
        _cut(job, end["shares"])
        return True
    if "summary" not in end:
        _end(job, BROKEN_OFF, now=now)
        return True
    summary = end["summary"]
    job.summary, job.state, job.ended_at = summary, State.DONE, now
    job.rows = sum(each["records"] for each in summary["datasets"].values())
    job.errors_digest = storage.digest_of(storage.folder_of(job.pk) / storage.ERRORS)
    job.save()
    (storage.folder_of(job.pk) / job.name).unlink(missing_ok=True)
    _forget_shares(job)
    return True


def _cut(job: Job, numbers: Iterable[int]) -> None:
    """Put shares into the queue; one that is there already was not done after all."""
    with transaction.atomic():
        for number in numbers:
            Share.objects.update_or_create(
                job=job, number=number, defaults={"is_done": False, "until": None}
            )
        job.tries = 0
        job.save(update_fields=["tries"])


def step_share(*, now: datetime) -> bool:
    """Do the share of a large file that waits longest; tell whether there was one.

    Any number of loops and workers do this at once. A share is held while its program is heard of:
    one whose worker was killed is taken up again after ``SILENCE``.
    """
    share = _held(now=now)
    if share is None:
        return False
    if share.tries > MOST_TRIES:
        _end(share.job, INTERRUPTED, now=now)
        return True
    is_done, begun = False, time.monotonic()
    this = Share.objects.filter(pk=share.pk)
    for said in _judging(share.job, "--share", str(share.number)):
        if "rows" not in said:
            is_done = True
            continue
        heard = now + timedelta(seconds=time.monotonic() - begun)
        this.update(rows=said["rows"], until=heard + SILENCE)
        rows = share.job.shares.aggregate(rows=Sum("rows"))["rows"]
        Job.objects.filter(pk=share.job_id).update(rows=rows or 0)
    this.update(is_done=is_done, until=None)
    return True


@transaction.atomic
def _held(*, now: datetime) -> Share | None:
    """Return a share that nobody holds, held from now on."""
    share = queries.shares_to_do(now=now).select_for_update(of=("self",), skip_locked=True).first()
    if share is not None:
        share.tries, share.until = share.tries + 1, now + SILENCE
        share.save(update_fields=["tries", "until"])
    return share


def _end(job: Job, reason: Reason, *, now: datetime) -> None:
    job.state, job.reason, job.ended_at = State.FAILED, reason.code, now
    job.save(update_fields=["state", "reason", "ended_at"])
    storage.remove(job.pk)
    _forget_shares(job)


def _forget_shares(job: Job) -> None:
    shutil.rmtree(storage.folder_of(job.pk) / storage.RUN, ignore_errors=True)
    job.shares.all().delete()


def _judging(job: Job, *more: str) -> Iterator[dict[str, Any]]:
    """Yield how many rows are done, and in the end what it came to: nothing if it broke off."""
    folder = storage.folder_of(job.pk)
    command = [
        *(sys.executable, "-m", "gongheng.data.validations.judge"),
        *(str(folder / job.name), str(folder / storage.ERRORS)),
        *(("--dataset", job.dataset) if job.dataset else ()),
        *(("--strict",) if job.is_strict else ()),
        *("--size", str(storage.LARGE), *more),
    ]
    end: dict[str, Any] | None = None
    with (folder / f"judge{''.join(more)}.log").open("w+b") as told:
        program = subprocess.Popen(  # noqa: S603  our own program
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told, env=os.environ
        )
        with program:
            for line in program.stdout or ():
                said = json.loads(line)
                if "rows" in said:
                    yield said
                else:
                    end = said
        if program.returncode == 0 and end is not None:
            yield end
            return
        told.seek(0)
        _log.error("job %s: %s", job.pk, told.read().decode(errors="replace")[-2000:])


def sweep(*, now: datetime) -> int:
    """Forget what nobody comes back for; return how many jobs."""
    old = list(Job.objects.filter(ended_at__lt=now - KEPT))
    for job in old:
        storage.remove(job.pk)
        job.delete()
    return len(old)
