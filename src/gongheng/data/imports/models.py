"""The files that were imported and what became of each of their lines."""

from django.db import models

from gongheng.data.imports.kinds import Outcome
from gongheng.data.records.models import Version


class File(models.Model):
    """A file by its content: the same bytes are imported once, whatever their name.

    ``lines`` is how many lines it has, ``done`` how many of them are settled: an import that was
    killed goes on behind them.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.TextField()
    lines = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    stays_here = models.BooleanField(default=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Line(models.Model):
    """What became of one line: a record, or a refusal with its cause.

    ``faults`` is a list of what is missing, wrong or late: ``c`` category, ``r`` rule, ``f`` column,
    ``v`` value. ``fingerprint`` is what two notices share that differ only in identity and address.
    ``detail`` names the record that a refused line repeats.
    """

    id = models.BigAutoField(primary_key=True)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.TextField(blank=True)
    source = models.TextField(blank=True)
    source_id = models.TextField(blank=True)
    kind = models.CharField(max_length=20, blank=True)
    dataset = models.CharField(max_length=64, blank=True)
    title = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    faults = models.JSONField(default=list)
    version = models.OneToOneField(
        Version, on_delete=models.PROTECT, null=True, related_name="line"
    )

    class Meta:
        """A line is settled once; records are found by identity and by content."""

        constraints = (
            models.UniqueConstraint(fields=["file", "number"], name="imports_line_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="taken", reason="", version__isnull=False)
                | models.Q(outcome="refused", version__isnull=True) & ~models.Q(reason=""),
                name="imports_record_or_cause",
            ),
        )
        indexes = (
            models.Index(fields=["source", "source_id"], name="imports_line_identity"),
            models.Index(
                fields=["fingerprint"],
                name="imports_line_content",
                condition=models.Q(outcome="taken"),
            ),
            models.Index(fields=["source", "outcome", "reason"], name="imports_line_outcome"),
        )
