"""Reads jobs, each for whose it is."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from gongheng.data.validations.kinds import State
from gongheng.data.validations.models import Job, Share
from gongheng.trust.identity.actors import Actor

UNDER_WAY = (State.QUEUED, State.RUNNING)


def next_job() -> Job | None:
    """Return the job that waits longest, those apart whose shares are being done."""
    waiting = Job.objects.filter(state__in=UNDER_WAY).order_by("queued_at")
    return waiting.exclude(pk__in=Share.objects.filter(is_done=False).values("job")).first()


def shares_to_do(*, now: datetime) -> QuerySet[Share]:
    """Return the shares that nobody holds, the oldest first."""
    is_free = Q(until__isnull=True) | Q(until__lt=now)
    return Share.objects.filter(is_free, is_done=False).select_related("job").order_by("id")


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """Return a person's own jobs, the newest first."""
    return Job.objects.filter(account_id=actor.person_id).order_by("-queued_at")


def jobs_of_peer(code: str) -> QuerySet[Job]:
    """Return the jobs of another platform, the newest first."""
    return Job.objects.filter(peer=code).order_by("-queued_at")


def before(job: Job) -> int:
    """Return how many files are judged before this one."""
    return Job.objects.filter(state__in=UNDER_WAY, queued_at__lt=job.queued_at).count()


def told(job: Job) -> dict[str, Any]:
    """Return what a program is told of a job."""
    return {
        "id": str(job.pk),
        "file": job.name,
        "size": job.size,
        "sm3": job.digest,
        "state": job.state,
        "before": 0 if State(job.state).is_over else before(job),
        "rows": job.rows,
        "reason": job.reason,
        "summary": job.summary,
        "errors_sm3": job.errors_digest,
    }
