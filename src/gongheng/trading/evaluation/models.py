"""The committee under seal, its members, marks, written requests, the report and who signed it."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from gongheng.kernel.money import written
from gongheng.trading.cases.models import Case
from gongheng.trading.evaluation.kinds import (
    Conclusion,
    MemberKind,
    MemberState,
    Opinion,
    RequestKind,
    RequestState,
)
from gongheng.web.models import Row


class Committee(Row):
    """A case's committee. ``commitment`` is the SM3 of the salted list of members, hex.

    The commitment goes into the public log when the committee is formed, the names do not: after
    the award anybody who is shown names and salt can tell that nobody was exchanged in secret.
    ``seed`` decides equal bids (S-16) and is committed to in the same way. ``letter_digest`` is
    the SM3 of the province's draw letter.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="committee")
    letter_number = models.CharField(max_length=60)
    letter_on = models.DateField()
    letter_digest = models.CharField(max_length=64)
    salt = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    seed_commitment = models.CharField(max_length=64)
    formed_at = models.DateTimeField()
    formed_by = models.UUIDField()
    chair = models.OneToOneField(
        "Member", on_delete=models.PROTECT, null=True, related_name="chairs"
    )
    chair_at = models.DateTimeField(null=True)
    review_closed_at = models.DateTimeField(null=True)
    technical_closed_at = models.DateTimeField(null=True)
    time_until = models.DateTimeField(null=True)


class Member(Row):
    """A seat of a committee and who holds it; a replaced member's row stays, its marks are void."""

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="members")
    account_id = models.UUIDField()
    name = models.CharField(max_length=60)
    organisation_code = models.CharField(max_length=18, blank=True)
    organisation_name = models.CharField(max_length=200, blank=True)
    seat = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=12, default=MemberState.INVITED)
    declared_at = models.DateTimeField(null=True)
    avoided_because = models.TextField(blank=True)
    vote = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="voters")
    lacks_competition = models.BooleanField(null=True)
    needs_time = models.BooleanField(default=False)
    replaced_at = models.DateTimeField(null=True)
    replaced_because = models.CharField(max_length=12, blank=True)
    replacement_note = models.TextField(blank=True)
    letter_number = models.CharField(max_length=60, blank=True)

    class Meta:
        """A person sits in a committee once; a seat has one member who is not replaced."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "committee", "account_id"], name="evaluation_person_once"
            ),
            models.UniqueConstraint(
                fields=["region_code", "committee", "seat"],
                condition=Q(replaced_at__isnull=True),
                name="evaluation_seat_held_once",
            ),
        )
        indexes = (models.Index(fields=["account_id", "state"], name="evaluation_of_account"),)

    @property
    def kind_label(self) -> str:
        """Return whence the member comes in Chinese."""
        return MemberKind(self.kind).label

    @property
    def state_label(self) -> str:
        """Return where the member stands in Chinese."""
        return MemberState(self.state).label


class Assessment(Row):
    """What a member found for one criterion of one bid; ``number`` counts how often it was saved."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="assessments")
    bidder_code = models.CharField(max_length=18)
    criterion = models.CharField(max_length=60)
    passes = models.BooleanField(null=True)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    ground = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    number = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        """One finding for a member, bid and criterion: a verdict or a mark, not both."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "member", "bidder_code", "criterion"],
                name="evaluation_one_finding",
            ),
            models.CheckConstraint(
                condition=Q(passes__isnull=True, value__isnull=False)
                | Q(passes__isnull=False, value__isnull=True),
                name="evaluation_verdict_or_mark",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0), name="evaluation_mark_not_below"
            ),
            models.CheckConstraint(
                condition=Q(passes__isnull=True) | Q(passes=True) | ~Q(ground="") & ~Q(reason=""),
                name="evaluation_rejection_has_ground",
            ),
        )


class Request(Row):
    """A written request of the committee to one bidder, and the written answer (W-25, S-09).

    ``figures`` are the inputs and the outcome of an arithmetic correction, as texts.
    """

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="requests")
    bidder_code = models.CharField(max_length=18)
    kind = models.CharField(max_length=16)
    question = models.TextField()
    figures = models.JSONField(default=dict)
    corrected_price = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    state = models.CharField(max_length=12, default=RequestState.ASKED)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="requests")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        """A correction has a price above zero; requests are read by bidder."""

        constraints = (
            models.CheckConstraint(
                condition=Q(corrected_price__isnull=True) | Q(corrected_price__gt=0),
                name="evaluation_corrected_above_zero",
            ),
        )
        indexes = (models.Index(fields=["bidder_code", "state"], name="evaluation_requests_of"),)

    @property
    def opened_words(self) -> str:
        """Return the price before correction as people read it."""
        return written(Decimal(self.figures.get("opened_price", "0")))

    @property
    def corrected_words(self) -> str:
        """Return the price after correction as people read it."""
        return written(self.corrected_price) if self.corrected_price is not None else ""

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Return each difference of a correction, in words and yuan."""
        steps = self.figures.get("steps", [])
        return [(words, written(Decimal(amount))) for words, amount in steps]

    @property
    def kind_label(self) -> str:
        """Return what is asked in Chinese."""
        return RequestKind(self.kind).label

    @property
    def state_label(self) -> str:
        """Return what became of it in Chinese."""
        return RequestState(self.state).label


class Report(Row):
    """An evaluation report as it was drawn up: everything it rests on is in ``body``.

    Never changed: one with a mistake is withdrawn and another drawn up. ``digest`` is the SM3 of
    the body's canonical form, hex. ``signed_at`` is when the last member had spoken.
    """

    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    conclusion = models.CharField(max_length=20)
    candidates = models.PositiveSmallIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    drawn_up_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Reports are counted; one at a time waits for signatures or for the tenderer."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "committee", "number"], name="evaluation_report_number"
            ),
            models.UniqueConstraint(
                fields=["region_code", "committee"],
                condition=Q(withdrawn_at__isnull=True, submitted_at__isnull=True),
                name="evaluation_one_open_report",
            ),
        )

    @property
    def conclusion_label(self) -> str:
        """Return the conclusion in Chinese."""
        return Conclusion(self.conclusion).label


class Signature(Row):
    """What a member says to a report, under the digest that was read."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="signatures")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="signatures")
    opinion = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="notes")
    signed_at = models.DateTimeField()

    class Meta:
        """A member speaks once to a report."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "report", "member"], name="evaluation_signs_once"
            ),
        )

    @property
    def opinion_label(self) -> str:
        """Return the opinion in Chinese."""
        return Opinion(self.opinion).label
