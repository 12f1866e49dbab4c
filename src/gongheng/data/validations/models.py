"""Files that wait to be judged, are judged, or were."""

from django.conf import settings
from django.db import models

from gongheng.data.validations.kinds import State
from gongheng.web.models import Row


class Job(Row):
    """One file of one person, or of the peer of that code.

    ``name`` is the file's, without a folder; ``summary`` is what ``bulk`` found, as its ``as_json``
    says it; ``reason`` is why there is none; ``errors_digest`` is the SM3 of the list of errors, if
    there is one. The file is deleted once it was judged.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="validations", null=True
    )
    peer = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=150)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    dataset = models.CharField(max_length=64, blank=True)
    is_strict = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    summary = models.JSONField(null=True)
    reason = models.CharField(max_length=60, blank=True)
    errors_digest = models.CharField(max_length=64, blank=True)
    queued_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """The oldest that waits comes next; whose it is reads the newest first."""

        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(summary__isnull=False),
                name="validations_done_says_what",
            ),
            models.CheckConstraint(
                condition=models.Q(account__isnull=False, peer="")
                | (models.Q(account__isnull=True) & ~models.Q(peer="")),
                name="validations_person_or_peer",
            ),
        )
        indexes = (
            models.Index(fields=["state", "queued_at"], name="validations_next"),
            models.Index(fields=["account", "-queued_at"], name="validations_of_person"),
            models.Index(fields=["peer", "-queued_at"], name="validations_of_peer"),
        )


class Share(models.Model):
    """A part of the work on a large file: a job of the queue, done by whichever loop takes it up.

    ``number`` is that of its tasks; ``until`` is when nothing was heard of who holds it for too long,
    then another takes it up.
    """

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="shares")
    number = models.PositiveSmallIntegerField()
    is_done = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)

    class Meta:
        """Each is there once."""

        constraints = (
            models.UniqueConstraint(fields=["job", "number"], name="validations_share_once"),
        )
        indexes = (
            models.Index(
                fields=["id"], condition=models.Q(is_done=False), name="validations_share_open"
            ),
        )
