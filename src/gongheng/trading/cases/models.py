"""Versions of procedures, cases, the steps that were done, and proposals awaiting a second person."""

from django.db import models
from django.db.models import F, Q

from gongheng.web.models import Row


class ProcedureVersion(Row):
    """A declaration as it was adopted; ``digest`` is the SM3 of its canonical form, hex.

    Never updated: an amended declaration is another row, and a case keeps the one it began with.
    """

    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    declaration = models.JSONField()
    digest = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()

    class Meta:
        """A version is adopted once, and versions are counted."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "code", "number"], name="cases_version_number"
            ),
        )
        indexes = (models.Index(fields=["code", "-number"], name="cases_version_newest"),)


class Case(Row):
    """One round of a lot's trade. ``awaits`` is a step or, once ``is_over``, an ending.

    ``terms_on`` is the day of the first public notice: the terms in force then bind the case for
    life, its later rounds included. ``phase`` is that of the visibility matrix; it never falls.
    """

    code = models.CharField(max_length=40)
    title = models.CharField(max_length=600)
    round_number = models.PositiveSmallIntegerField(default=1)
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="following"
    )
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="cases")
    tenderer_code = models.CharField(max_length=18)
    agency_code = models.CharField(max_length=18, blank=True)
    awaits = models.CharField(max_length=60)
    is_over = models.BooleanField(default=False)
    phase = models.PositiveSmallIntegerField()
    terms_on = models.DateField(null=True)
    facts = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True)

    class Meta:
        """A lot has one round under way."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "code", "round_number"], name="cases_round_once"
            ),
            models.UniqueConstraint(
                fields=["region_code", "code"],
                condition=Q(is_over=False),
                name="cases_one_round_under_way",
            ),
            models.CheckConstraint(
                condition=Q(is_over=True, over_at__isnull=False)
                | Q(is_over=False, over_at__isnull=True),
                name="cases_over_has_an_instant",
            ),
        )
        indexes = (models.Index(fields=["awaits", "-begun_at"], name="cases_awaiting"),)


class DoneStep(Row):
    """A step that was done: the history of a case, numbered without gaps, never changed.

    ``document`` names the matter that the step raised or answered; ``notes`` are duties done late.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=60)
    outcome = models.CharField(max_length=60)
    led_from = models.CharField(max_length=60)
    led_to = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    document = models.CharField(max_length=100, blank=True)
    done_by = models.UUIDField(null=True)
    done_by_name = models.CharField(max_length=60)
    organisation_code = models.CharField(max_length=18, blank=True)
    proposed_by = models.UUIDField(null=True)
    proposed_by_name = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField()

    class Meta:
        """The order of a case's history is a number, not a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "number"], name="cases_history_in_order"
            ),
        )
        indexes = (
            models.Index(fields=["done_by", "-done_at"], name="cases_steps_done_by"),
            models.Index(fields=["proposed_by", "-done_at"], name="cases_steps_proposed_by"),
        )


class Proposal(Row):
    """What a first person wants to do in a step that takes two (U-07).

    Proposals of one ``matter`` are one deed in several lots: reviewed and carried out together.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    matter = models.UUIDField()
    step = models.CharField(max_length=60)
    outcome = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    proposed_by = models.UUIDField()
    proposed_by_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        """A step waits for one second person at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "step"],
                condition=Q(settled_at__isnull=True),
                name="cases_one_open_proposal",
            ),
        )
        indexes = (
            models.Index(fields=["matter"], name="cases_matter_proposals"),
            models.Index(
                fields=["proposed_at"],
                condition=Q(settled_at__isnull=True),
                name="cases_proposals_waiting",
            ),
        )


class Review(Row):
    """What the second person found in a matter, said of it and decided; never changed.

    ``digest`` is the SM3 of the passage that was seen, hex; ``findings`` are those of its secrecy
    review. A matter that was returned is proposed anew, one that went out is over.
    """

    matter = models.UUIDField()
    step = models.CharField(max_length=60)
    title = models.CharField(max_length=600)
    verdict = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    findings = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    proposed_by = models.UUIDField()
    reviewed_by = models.UUIDField()
    reviewed_by_name = models.CharField(max_length=60)
    reviewed_at = models.DateTimeField()

    class Meta:
        """A matter goes out once, and never by the person who proposed it."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "matter"],
                condition=Q(verdict="publish"),
                name="cases_matter_goes_out_once",
            ),
            models.CheckConstraint(
                condition=~Q(reviewed_by=F("proposed_by")), name="cases_review_by_another"
            ),
        )
        indexes = (
            models.Index(fields=["matter", "-reviewed_at"], name="cases_reviews_of_matter"),
            models.Index(fields=["proposed_by", "-reviewed_at"], name="cases_reviews_of_person"),
        )
