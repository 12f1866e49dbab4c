"""Versions of records, the current one of each key, and acts."""

from django.db import models

from gongheng.data.records.kinds import Audience, Operation, State, TradeType
from gongheng.web.models import Row


class Version(Row):
    """One version of one record, made here or received; never updated, never deleted.

    ``body`` maps field codes to text as on the wire. ``digest`` is the SM3 (hex) of the canonical
    exportable body: the same on every tier. ``sender`` is the code of the peer that sent it, empty
    for our own; ``origin`` the code of the node where it was made. ``stays_here``: imported history
    that is not handed on to other platforms.
    """

    is_followed = False

    dataset = models.CharField(max_length=64)
    key = models.TextField()
    number = models.PositiveIntegerField()
    operation = models.CharField(max_length=8, choices=Operation)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    salt = models.BinaryField(max_length=32)
    audience = models.CharField(max_length=12, choices=Audience)
    not_before = models.DateTimeField(null=True)
    origin = models.CharField(max_length=40)
    sender = models.CharField(max_length=40, blank=True)
    case_code = models.TextField(blank=True)
    stays_here = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        """A key has one version of a number from one origin, whatever became of it."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "dataset", "key", "number", "digest"],
                name="records_version_once",
            ),
        )
        indexes = (
            models.Index(fields=["dataset", "key", "number"], name="records_version_key"),
            models.Index(fields=["case_code"], name="records_version_case"),
            models.Index(
                fields=["not_before"],
                name="records_version_hour",
                condition=models.Q(not_before__isnull=False),
            ),
        )


class Judgement(models.Model):
    """What this node thinks of a version, one row per change of mind (a parent that came late)."""

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="judgements")
    state = models.CharField(max_length=8, choices=State)
    findings = models.JSONField(default=list)
    judged_at = models.DateTimeField()


class Current(Row):
    """The newest accepted version of each key: what lists and pages read; rebuilt from versions.

    ``title``, ``kind`` (a Chinese word for the badge), ``trade_type``, ``transaction_code`` are
    copied from the body so that lists need no JSON. ``is_notice`` marks what the portal lists.
    ``parent`` is ``DATASET:key`` of the record that this one hangs on. ``source`` names where a
    record was imported from as history; empty for what was made here or received.
    """

    is_followed = False

    dataset = models.CharField(max_length=64)
    key = models.TextField()
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="current")
    is_withdrawn = models.BooleanField(default=False)
    audience = models.CharField(max_length=12, choices=Audience)
    not_before = models.DateTimeField(null=True)
    case_code = models.TextField(blank=True)
    parent = models.TextField(blank=True)
    title = models.TextField(blank=True)
    kind = models.CharField(max_length=40, blank=True)
    trade_type = models.CharField(max_length=12, choices=TradeType, blank=True)
    transaction_code = models.TextField(blank=True)
    is_notice = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    published_at = models.DateTimeField()

    class Meta:
        """One current row for a key; the portal reads by time and identity."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "dataset", "key"], name="records_current_key"
            ),
        )
        indexes = (
            models.Index(
                fields=["-published_at", "-id"],
                name="records_current_list",
                condition=models.Q(is_notice=True, is_withdrawn=False, audience="public"),
            ),
            models.Index(
                fields=["trade_type", "-published_at", "-id"],
                name="records_current_trade",
                condition=models.Q(is_notice=True, is_withdrawn=False, audience="public"),
            ),
            models.Index(fields=["dataset", "key"], name="records_current_lookup"),
            models.Index(fields=["case_code"], name="records_current_case"),
            models.Index(fields=["parent"], name="records_current_parent"),
            models.Index(
                fields=["transaction_code"],
                name="records_current_deal",
                condition=~models.Q(transaction_code=""),
            ),
        )


class Act(Row):
    """An ordered event of a case, for live supervision and the case's timeline."""

    is_followed = False

    case_code = models.TextField()
    kind = models.CharField(max_length=40)
    actor_code = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    salt = models.BinaryField(max_length=32)
    audience = models.CharField(max_length=12, choices=Audience)
    not_before = models.DateTimeField(null=True)
    happened_at = models.DateTimeField()

    class Meta:
        """A case's acts are read together."""

        indexes = (models.Index(fields=["case_code", "id"], name="records_act_case"),)


class Waiting(models.Model):
    """A received version whose parent has not come yet; the row goes when it is settled."""

    version = models.OneToOneField(
        Version, on_delete=models.PROTECT, primary_key=True, related_name="waiting"
    )
    parent = models.TextField()
    until = models.DateTimeField()

    class Meta:
        """Asked for by the parent that arrives and by the tick that gives up."""

        indexes = (
            models.Index(fields=["parent"], name="records_waiting_parent"),
            models.Index(fields=["until"], name="records_waiting_until"),
        )
