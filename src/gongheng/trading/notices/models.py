"""Drafts of tender notices, the published ones, and all that is announced of them afterwards."""

from django.db import models
from django.db.models import Q

from gongheng.trading.notices.kinds import (
    AnnouncementKind,
    Cause,
    NoticeState,
    QuestionState,
)
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


class Clarification(Row):
    """A clarification or change of a standing notice, from its proposal on (B-04).

    ``number`` counts those of a notice; one that waits has no ``version_id``. What a second person
    returned is written over by the next proposal.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="clarifications")
    number = models.PositiveIntegerField()
    old_text = models.TextField(blank=True)
    new_text = models.TextField()
    reason = models.TextField()
    may_affect_bids = models.BooleanField()
    documents_until = models.DateTimeField()
    bids_due_at = models.DateTimeField()
    opening_at = models.DateTimeField()
    proposed_by_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    version_id = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        """Clarifications of a notice are numbered; one of them waits at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "notice", "number"], name="notices_clarification_numbered"
            ),
            models.CheckConstraint(
                condition=Q(version_id__isnull=True, published_at__isnull=True)
                | Q(version_id__isnull=False, published_at__isnull=False),
                name="notices_clarification_published_whole",
            ),
        )


class Announcement(Row):
    """What is announced of a lot beside the usual course: failure, end, stop, going on (B-08).

    ``document`` is its number; ``since`` when an outage began, ``bids_due_at`` the deadline that a
    resumption sets. ``number`` counts the announcements of a lot over all its rounds.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="announcements")
    case_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=AnnouncementKind)
    cause = models.CharField(max_length=4, choices=Cause)
    number = models.PositiveIntegerField()
    document = models.CharField(max_length=30)
    statement = models.TextField()
    duties = models.TextField(blank=True)
    since = models.DateTimeField(null=True)
    bids_due_at = models.DateTimeField(null=True)
    proposed_by_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    version_id = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        """An announcement of a lot has its number."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "lot", "number"], name="notices_announcement_numbered"
            ),
        )
        indexes = (models.Index(fields=["case_id", "kind"], name="notices_announced_of_case"),)

    @property
    def kind_label(self) -> str:
        """Return the kind in Chinese."""
        return AnnouncementKind(self.kind).label

    @property
    def cause_label(self) -> str:
        """Return the cause in Chinese."""
        return Cause(self.cause).label

    @property
    def title(self) -> str:
        """Return the title under which it is published: told apart from the lot's others."""
        return f"{self.lot.title}{self.kind_label}（第{self.number}号）"


class Question(Row):
    """A question about the tender documents. Who asked is told to nobody (A-01).

    ``asked_by`` or ``contact`` is how the asker hears of the answer; only the platform reads them.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="questions")
    reference = models.CharField(max_length=30)
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    contact = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=QuestionState, default=QuestionState.OPEN)
    answer = models.TextField(blank=True)
    clarification = models.ForeignKey(
        Clarification, on_delete=models.PROTECT, null=True, related_name="questions"
    )

    class Meta:
        """A question has its number; an answer in public is part of a clarification."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "reference"], name="notices_question_reference_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=QuestionState.ANSWERED)
                | (Q(clarification__isnull=False) & ~Q(answer="")),
                name="notices_question_answered_in_public",
            ),
        )
        indexes = (models.Index(fields=["notice", "-asked_at"], name="notices_questions"),)
