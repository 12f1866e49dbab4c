"""Objections and their answers."""

from django.db import models
from django.db.models import Q

from gongheng.trading.cases.models import Case
from gongheng.trading.disputes.kinds import Matter, Verdict
from gongheng.web.models import Row


class Objection(Row):
    """An objection in a round of a lot's case, and its answer; what was said is never changed.

    ``document`` and ``answer_document`` are the numbers under which both stand in the case's history
    and on the hold. ``due_at``: an answer at or after it is late (W-10). ``version_id`` and
    ``answer_version_id`` are their records, once those may be made (A-01). ``paper_name`` is ours: the
    name that the firm gave its file might tell who it is.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="objections")
    matter = models.CharField(max_length=10, choices=Matter)
    document = models.CharField(max_length=30)
    organisation_code = models.CharField(max_length=18)
    organisation_name = models.CharField(max_length=200)
    raised_by = models.UUIDField()
    raised_by_name = models.CharField(max_length=60)
    claims = models.TextField()
    grounds = models.TextField()
    evidence = models.TextField()
    paper_digest = models.CharField(max_length=64, blank=True)
    paper_name = models.CharField(max_length=60, blank=True)
    contact = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    finds_unlawful = models.BooleanField(default=False)
    answer = models.TextField(blank=True)
    answer_document = models.CharField(max_length=30, blank=True)
    answered_by_name = models.CharField(max_length=60, blank=True)
    answered_by_code = models.CharField(max_length=18, blank=True)
    answered_at = models.DateTimeField(null=True)
    version_id = models.UUIDField(null=True)
    answer_version_id = models.UUIDField(null=True)

    class Meta:
        """A firm has one open objection to a matter; an answer is whole."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "document"], name="disputes_document_once"
            ),
            models.UniqueConstraint(
                fields=["region_code", "case", "matter", "organisation_code"],
                condition=Q(answered_at__isnull=True),
                name="disputes_one_open_objection",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, verdict="", answer="", answer_document="")
                | (
                    Q(answered_at__isnull=False)
                    & ~Q(verdict="")
                    & ~Q(answer="")
                    & ~Q(answer_document="")
                ),
                name="disputes_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(finds_unlawful=False) | Q(verdict=Verdict.UPHELD),
                name="disputes_unlawful_is_upheld",
            ),
        )
        indexes = (
            models.Index(fields=["organisation_code", "-raised_at"], name="disputes_of_firm"),
            models.Index(fields=["case", "raised_at"], name="disputes_of_case"),
        )

    @property
    def matter_label(self) -> str:
        """Return the matter in Chinese."""
        return Matter(self.matter).label

    @property
    def state(self) -> tuple[str, str]:
        """Return the state in words and its colour."""
        if self.answered_at is None:
            return "待答复", "amber"
        return Verdict(self.verdict).label, "blue"

    @property
    def is_late(self) -> bool:
        """Tell whether it was answered too late."""
        return self.answered_at is not None and self.answered_at >= self.due_at
