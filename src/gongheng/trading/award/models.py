"""Publicity of candidates, who cannot be awarded and why, decisions, letters, reports."""

from django.db import models
from django.db.models import Q

from gongheng.trading.award.kinds import BulletinKind, LetterKind, LossCause, RecheckCause
from gongheng.trading.cases.models import Case
from gongheng.web.models import Row


class Bulletin(Row):
    """A bulletin as it was drafted and, once two people agreed, published.

    ``details`` are its words by name. ``number`` counts the published ones of a kind in a lot.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="award_bulletins")
    kind = models.CharField(max_length=12, choices=BulletinKind)
    title = models.CharField(max_length=600)
    details = models.JSONField(default=dict)
    drafted_by_name = models.CharField(max_length=60)
    drafted_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    version_id = models.UUIDField(null=True)

    class Meta:
        """What is published has a record; a publicity has an end."""

        constraints = (
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(version_id__isnull=False),
                name="award_published_has_a_record",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("published_at")),
                name="award_publicity_ends_later",
            ),
        )
        indexes = (models.Index(fields=["case", "kind", "-published_at"], name="award_newest"),)

    @property
    def is_published(self) -> bool:
        """Tell whether the bulletin went out."""
        return self.published_at is not None


class Candidate(Row):
    """A place on a bulletin's list: what was made known of a candidate; ``price`` in yuan."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="candidates")
    rank = models.PositiveSmallIntegerField()
    bidder_code = models.CharField(max_length=18)
    bidder_name = models.CharField(max_length=200)
    price = models.DecimalField(max_digits=16, decimal_places=2)
    score = models.CharField(max_length=60)
    quality = models.TextField()
    duration_days = models.PositiveIntegerField()
    project_manager = models.CharField(max_length=60)
    certificate = models.CharField(max_length=200)
    qualification = models.TextField()
    version_id = models.UUIDField(null=True)

    class Meta:
        """A list has each place and each bidder once."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "bulletin", "rank"], name="award_place_once"
            ),
            models.UniqueConstraint(
                fields=["region_code", "bulletin", "bidder_code"], name="award_candidate_once"
            ),
        )
        ordering = ("rank",)


class Loss(Row):
    """A candidate that cannot be awarded in this round, and the proof of it (W-29)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="lost_candidates")
    bidder_code = models.CharField(max_length=18)
    bidder_name = models.CharField(max_length=200)
    cause = models.CharField(max_length=16, choices=LossCause)
    reason = models.TextField()
    evidence_name = models.CharField(max_length=200)
    evidence_digest = models.CharField(max_length=64)
    recorded_by_name = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    class Meta:
        """A candidate is lost once, and never without a paper."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "bidder_code"], name="award_lost_once"
            ),
            models.CheckConstraint(
                condition=~Q(evidence_digest="") & ~Q(reason=""), name="award_loss_is_proven"
            ),
        )

    @property
    def cause_label(self) -> str:
        """Return the cause in Chinese."""
        return LossCause(self.cause).label


class Decision(Row):
    """Whom the tenderer wants to award, or that nobody is left; in force once ``decided_at``.

    ``lost_at`` is set when the winner was lost after the award: the case awaits another decision.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="award_decisions")
    candidate = models.ForeignKey(
        Candidate, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    reason = models.TextField(blank=True)
    consent = models.CharField(max_length=200, blank=True)
    proposed_by_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    lost_at = models.DateTimeField(null=True)

    class Meta:
        """A lot has one winner at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case"],
                condition=Q(decided_at__isnull=False, lost_at__isnull=True),
                name="award_one_in_force",
            ),
        )


class Letter(Row):
    """What one bidder was told of an award; ``read_at`` is when the bidder first opened it."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=8, choices=LetterKind)
    number = models.CharField(max_length=40)
    bidder_code = models.CharField(max_length=18)
    bidder_name = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        """One letter for each bidder, one number for each letter."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "decision", "bidder_code"], name="award_letter_once"
            ),
            models.UniqueConstraint(fields=["region_code", "number"], name="award_letter_number"),
        )

    @property
    def is_award(self) -> bool:
        """Tell whether it is the winner's."""
        return self.kind == LetterKind.AWARD


class Recheck(Row):
    """Why the committee is asked to look at the candidates again, with the paper (W-30)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rechecks")
    cause = models.CharField(max_length=12, choices=RecheckCause)
    bidder_code = models.CharField(max_length=18, blank=True)
    bidder_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    evidence_name = models.CharField(max_length=200)
    evidence_digest = models.CharField(max_length=64)
    recorded_by_name = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    class Meta:
        """Nothing is looked at again without a reason and a paper."""

        constraints = (
            models.CheckConstraint(
                condition=~Q(evidence_digest="") & ~Q(reason=""), name="award_recheck_is_proven"
            ),
        )

    @property
    def cause_label(self) -> str:
        """Return the cause in Chinese."""
        return RecheckCause(self.cause).label


class SupervisorReport(Row):
    """The written report on a tender to its supervisor (W-32).

    ``sections`` are pairs of heading and text, ``digest`` their SM3, hex. ``read_at`` is when somebody
    of the supervisor first opened it.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="supervisor_report")
    number = models.CharField(max_length=40)
    sections = models.JSONField()
    digest = models.CharField(max_length=64)
    reported_by_name = models.CharField(max_length=60)
    reported_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by_name = models.CharField(max_length=60, blank=True, db_default="")

    class Meta:
        """A report has a number of its own."""

        constraints = (
            models.UniqueConstraint(fields=["region_code", "number"], name="award_report_number"),
        )
