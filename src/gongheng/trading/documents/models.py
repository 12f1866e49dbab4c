"""Tender documents in their versions, criteria, attachments, and reviews of fair competition."""

from typing import Any

from django.db import models
from django.db.models import Q

from gongheng.kernel.terms.electronic import E_06
from gongheng.trading.documents.kinds import (
    TWO_PHASE_CLAUSE,
    Conclusion,
    EvaluationMethod,
    Group,
    Manner,
)
from gongheng.web.models import Row


class TenderDocument(Row):
    """The documents of a lot in one round: a draft, or a version that was issued and stays.

    ``number`` is that of the version, 0 for the draft; ``revision`` counts what was saved in the
    draft. ``content`` is what was issued and ``digest`` the SM3 of its canonical form, hex. Only
    ``policy_digest`` may still be set, once, after the issue: it names the policy by which the bids
    are sealed.
    """

    case_code = models.CharField(max_length=40)
    round_number = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)
    evaluation_method = models.CharField(max_length=20)
    price_rule = models.JSONField(default=dict)
    ceiling = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    ceiling_note = models.TextField(blank=True)
    bond_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    validity_days = models.PositiveIntegerField()
    duration_days = models.PositiveIntegerField()
    quality = models.CharField(max_length=500)
    scope = models.TextField()
    requirements = models.TextField()
    contract_terms = models.TextField()
    two_phase_clause = models.TextField(default=TWO_PHASE_CLAUSE)
    decryption_minutes = models.PositiveSmallIntegerField(default=E_06.periods)
    is_technical_blind = models.BooleanField(default=False)
    allows_recovery = models.BooleanField(default=True, db_default=True)
    most_lots = models.PositiveSmallIntegerField(null=True)
    clarification = models.TextField(blank=True)
    policy_digest = models.CharField(max_length=64, blank=True)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(null=True)
    saved_by = models.UUIDField()
    saved_by_name = models.CharField(max_length=60)
    saved_at = models.DateTimeField()

    class Meta:
        """A lot has one draft, and versions that are counted and carry their digest."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case_code", "round_number", "number"],
                name="documents_version_number",
            ),
            models.CheckConstraint(
                condition=Q(number=0, issued_at__isnull=True, digest="")
                | (Q(number__gt=0, issued_at__isnull=False) & ~Q(digest="")),
                name="documents_issued_with_digest",
            ),
            models.CheckConstraint(
                condition=Q(most_lots__isnull=True) | Q(most_lots__gt=0),
                name="documents_most_lots",
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(ceiling__gt=0), name="documents_ceiling"
            ),
        )
        indexes = (
            models.Index(
                fields=["case_code", "-round_number", "-number"], name="documents_of_case"
            ),
        )

    @property
    def is_issued(self) -> bool:
        """Tell whether this is a version that stays."""
        return self.number > 0

    @property
    def method_label(self) -> str:
        """Return the evaluation method in Chinese."""
        return EvaluationMethod(self.evaluation_method).label

    @property
    def adjustments(self) -> list[dict[str, Any]]:
        """Return what is added to the prices (S-11)."""
        found: list[dict[str, Any]] = self.price_rule.get("adjustments", [])
        return found


class Criterion(Row):
    """One criterion of a document, numbered from 1 within its group."""

    document = models.ForeignKey(TenderDocument, on_delete=models.PROTECT, related_name="criteria")
    group = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    method = models.CharField(max_length=10)
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    is_veto = models.BooleanField(default=False)
    is_objective = models.BooleanField(default=False)

    class Meta:
        """A criterion with points has a full mark, one without has none."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "document", "group", "number"],
                name="documents_criterion_number",
            ),
            models.CheckConstraint(
                condition=Q(method=Manner.POINTS, points__gt=0, points__lte=100)
                | Q(method=Manner.PASS, points__isnull=True),
                name="documents_criterion_points",
            ),
        )

    @property
    def group_label(self) -> str:
        """Return the group in Chinese."""
        return Group(self.group).label

    @property
    def method_label(self) -> str:
        """Return how it is judged, in Chinese."""
        return Manner(self.method).label


class Attachment(Row):
    """A file of a document: bill of quantities, drawings; kept under its SM3 digest, hex."""

    document = models.ForeignKey(
        TenderDocument, on_delete=models.PROTECT, related_name="attachments"
    )
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        """A document names each file once."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "document", "name"], name="documents_attachment_name"
            ),
        )


class FairReview(Row):
    """A review of fair competition by a second person; a later one does not undo it.

    ``body_digest`` is the SM3 of the contents that were reviewed, hex; ``findings`` are the phrases
    that were pointed out to the reviewer.
    """

    case_code = models.CharField(max_length=40)
    round_number = models.PositiveSmallIntegerField()
    body_digest = models.CharField(max_length=64)
    conclusion = models.CharField(max_length=20)
    reasons = models.TextField()
    exceptions = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    reviewed_by = models.UUIDField()
    reviewed_by_name = models.CharField(max_length=60)
    reviewed_at = models.DateTimeField()

    class Meta:
        """The latest review of a lot's round counts."""

        indexes = (
            models.Index(
                fields=["case_code", "-round_number", "-reviewed_at"], name="documents_reviews"
            ),
        )

    @property
    def conclusion_label(self) -> str:
        """Return the conclusion in Chinese."""
        return Conclusion(self.conclusion).label
