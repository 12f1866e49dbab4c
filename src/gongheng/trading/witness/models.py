"""Records of what was witnessed, and their entries: never changed, each chained to the one before."""

from django.db import models
from django.db.models import F, Q

from gongheng.trading.cases.models import Case
from gongheng.trading.witness.kinds import EntryKind, Sitting
from gongheng.web.models import Row


class Record(Row):
    """The record of one opening or evaluation of a round; ``statement`` is the signed paper.

    ``digest`` is the SM3 of the paper's canonical form, hex, ``signature`` that of the centre's key.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="witness_records")
    sitting = models.CharField(max_length=10, choices=Sitting.choices())
    place = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=60)
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.CharField(max_length=60, blank=True)
    statement = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    signature = models.TextField(blank=True)

    class Meta:
        """A sitting has one record; a closed one has its paper."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "sitting"], name="witness_record_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, digest="")
                | (Q(closed_at__isnull=False, closed_at__gte=F("opened_at")) & ~Q(digest="")),
                name="witness_closed_with_its_paper",
            ),
        )

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing can be added any more."""
        return self.closed_at is not None


class Entry(Row):
    """One thing that was seen. A mistake is set right by another entry that names it.

    ``digest`` is the SM3 of the one before and of this entry's content, hex. ``until`` ends the time
    of a video; ``file_digest`` is that of the video's file, which lies with the centre.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=EntryKind.choices())
    happened_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    person_name = models.CharField(max_length=60, blank=True)
    person_role = models.CharField(max_length=60, blank=True)
    words = models.TextField(blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    written_by = models.UUIDField()
    written_by_name = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        """Entries are counted without gaps."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "record", "number"], name="witness_entries_in_order"
            ),
        )
        indexes = (models.Index(fields=["written_by"], name="witness_written_by"),)
