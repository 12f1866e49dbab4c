"""Reads jobs, each for whose it is."""

from django.db.models import QuerySet

from gongheng.data.validations.kinds import State
from gongheng.data.validations.models import Job
from gongheng.trust.identity.actors import Actor

UNDER_WAY = (State.QUEUED, State.RUNNING)


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """Return a person's own jobs, the newest first."""
    return Job.objects.filter(account_id=actor.person_id).order_by("-queued_at")


def before(job: Job) -> int:
    """Return how many files are judged before this one."""
    return Job.objects.filter(state__in=UNDER_WAY, queued_at__lt=job.queued_at).count()
