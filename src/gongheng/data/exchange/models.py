"""Channels to peers, batches sent and received, and what became of each version sent."""

from django.db import models

from gongheng.data.records.models import Version


class Channel(models.Model):
    """The state of the line to one peer: back-off, the verdicts read, the largest checkpoint seen.

    Instants are machine time. ``checkpoint_*`` are the peer's: a smaller or other log than the one
    it has shown before is a rolled-back or forked log, written into ``alarm``.
    """

    peer = models.CharField(max_length=40, primary_key=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    last_contact_at = models.DateTimeField(null=True)
    verdict_position = models.BigIntegerField(default=0)
    checkpoint_size = models.BigIntegerField(default=0)
    checkpoint_note = models.TextField(blank=True)
    checkpoint_shown_at = models.DateTimeField(null=True)
    shown_size = models.BigIntegerField(default=0)
    alarm = models.TextField(blank=True)


class Direction(models.TextChoices):
    """Which way a batch went."""

    OUT = "out", "上报"
    IN = "in", "接收"


class Batch(models.Model):
    """One signed batch; a received one is kept as its bytes came, and judged afterwards."""

    number = models.BigAutoField(primary_key=True)
    batch_id = models.UUIDField()
    peer = models.CharField(max_length=40)
    direction = models.CharField(max_length=3, choices=Direction)
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    lines = models.BinaryField(null=True)
    statement = models.TextField()
    receipt = models.TextField()
    passed_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)

    class Meta:
        """A batch passes once; the judge looks only at what is not judged."""

        constraints = (
            models.UniqueConstraint(
                fields=["peer", "direction", "batch_id"], name="exchange_batch_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["peer", "number"],
                name="exchange_batch_unjudged",
                condition=models.Q(direction="in", judged_at__isnull=True),
            ),
        )


class Progress(models.TextChoices):
    """What became of a version on its way to a peer."""

    QUEUED = "queued", "待发送"
    DELIVERED = "delivered", "已送达"
    WAITING = "waiting", "等待关联记录"
    ACCEPTED = "accepted", "已接收"
    REFUSED = "refused", "已退回"
    REPAIRED = "repaired", "已更正"


class Delivery(models.Model):
    """One version on its way to one peer, in the order of the log. Instants are machine time."""

    id = models.BigAutoField(primary_key=True)
    peer = models.CharField(max_length=40)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="deliveries")
    position = models.BigIntegerField()
    progress = models.CharField(max_length=10, choices=Progress, default=Progress.QUEUED)
    not_before = models.DateTimeField(null=True)
    findings = models.JSONField(default=list)
    queued_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """A version goes to a peer once; the sender reads the queue in order."""

        constraints = (
            models.UniqueConstraint(fields=["peer", "version"], name="exchange_delivery_once"),
        )
        indexes = (
            models.Index(
                fields=["peer", "position"],
                name="exchange_delivery_queue",
                condition=models.Q(progress="queued"),
            ),
            models.Index(fields=["peer", "progress", "-id"], name="exchange_delivery_list"),
        )
