"""Drafts of tender notices, and the notices that were published of them."""

from django.db import models
from django.db.models import Q

from gongheng.trading.notices.kinds import NoticeState
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.web.models import Row


class NoticeDraft(Row):
    """What the clerks of an organisation have typed so far; any of them may go on.

    ``values`` are the fields of the form by name, as typed: a half-finished or mistaken draft loses
    nothing. ``number`` counts its versions: who saves names the one that was read.
    """

    tender_project = models.ForeignKey(
        TenderProject, on_delete=models.PROTECT, related_name="notice_drafts"
    )
    values = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=1)
    saved_by_name = models.CharField(max_length=60)
    saved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        """A tender project has one draft at a time that is not published."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "tender_project"],
                condition=Q(published_at__isnull=True),
                name="notices_one_open_draft",
            ),
        )


class Notice(Row):
    """A published tender notice. Its id is its draft's: a draft is published once.

    ``reference`` is the number people quote. ``version_id`` is the record's version that stands,
    ``record_key`` the key of all its versions; ``changes`` counts the changes published so far.
    """

    tender_project = models.ForeignKey(
        TenderProject, on_delete=models.PROTECT, related_name="notices"
    )
    reference = models.CharField(max_length=30)
    title = models.CharField(max_length=600)
    state = models.CharField(max_length=12, choices=NoticeState, default=NoticeState.STANDING)
    version_id = models.UUIDField()
    record_key = models.TextField()
    changes = models.PositiveIntegerField(default=0)
    documents_from = models.DateTimeField()
    documents_until = models.DateTimeField()
    bids_due_at = models.DateTimeField()
    opening_at = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.UUIDField()
    published_by_name = models.CharField(max_length=60)

    class Meta:
        """Bids are opened when they are due, never before the documents were to be had."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "reference"], name="notices_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(opening_at=models.F("bids_due_at")), name="notices_opening_at_deadline"
            ),
            models.CheckConstraint(
                condition=Q(documents_from__gte=models.F("published_at"))
                & Q(documents_until__gt=models.F("documents_from"))
                & Q(bids_due_at__gte=models.F("documents_until")),
                name="notices_times_in_order",
            ),
        )
        indexes = (
            models.Index(fields=["tender_project", "-published_at"], name="notices_of_tender"),
        )

    @property
    def is_standing(self) -> bool:
        """Tell whether the notice has not been withdrawn."""
        return self.state == NoticeState.STANDING

    @property
    def state_label(self) -> str:
        """Return the state in Chinese."""
        return NoticeState(self.state).label


class NoticeLot(Row):
    """A lot that a notice invites bids for; one standing notice for a lot."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="lots")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="notices")
    is_standing = models.BooleanField(default=True)

    class Meta:
        """Two standing notices for a lot would have two deadlines."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "lot"],
                condition=Q(is_standing=True),
                name="notices_one_standing_for_a_lot",
            ),
        )
