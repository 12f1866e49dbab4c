"""Bid deposits: one row for each that came in, kept with what became of it."""

from django.db import models
from django.db.models import F, Q

from gongheng.trading.cases.models import Case
from gongheng.trading.deposits.facts import Form
from gongheng.trading.deposits.kinds import KeptCause, State
from gongheng.web.models import Row


class Deposit(Row):
    """Money or a guarantee that a bidder gave for a round of a lot's case; sums in yuan.

    ``released_at`` is set when the bid was withdrawn in time: the refund is due from then on (W-17).
    ``rate_percent`` is the bank's yearly rate by which ``interest`` was reckoned.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="deposits")
    bidder_code = models.CharField(max_length=18)
    bidder_name = models.CharField(max_length=200)
    form = models.CharField(max_length=1, choices=[(form.value, form.label) for form in Form])
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    payer_name = models.CharField(max_length=200)
    payer_account = models.CharField(max_length=50, blank=True)
    bank = models.CharField(max_length=200)
    number = models.CharField(max_length=100)
    valid_until = models.DateField(null=True)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField()
    recorded_by_name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State, default=State.HELD)
    released_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = models.CharField(max_length=60, blank=True)
    rate_percent = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    interest = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    refund_number = models.CharField(max_length=100, blank=True)
    kept_cause = models.CharField(max_length=12, choices=KeptCause, blank=True)
    kept_reason = models.TextField(blank=True)
    kept_evidence = models.CharField(max_length=200, blank=True)
    kept_paper_digest = models.CharField(max_length=64, blank=True)
    kept_paper_name = models.CharField(max_length=100, blank=True)

    class Meta:
        """A bidder has one deposit that stands; what is settled says when."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "bidder_code"],
                condition=Q(state=State.HELD),
                name="deposits_one_held_of_a_bidder",
            ),
            models.UniqueConstraint(
                fields=["region_code", "case", "number"], name="deposits_slip_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposits_amount"),
            models.CheckConstraint(condition=Q(interest__gte=0), name="deposits_interest"),
            models.CheckConstraint(
                condition=Q(state=State.HELD, settled_at__isnull=True)
                | Q(~Q(state=State.HELD), settled_at__gte=F("received_at")),
                name="deposits_settled_has_an_instant",
            ),
        )

    @property
    def form_label(self) -> str:
        """Return the form in Chinese."""
        return Form(self.form).label

    @property
    def state_label(self) -> str:
        """Return the state in Chinese."""
        return State(self.state).label

    @property
    def is_held(self) -> bool:
        """Tell whether the deposit is still to be given back."""
        return self.state == State.HELD

    @property
    def is_money(self) -> bool:
        """Tell whether money was paid in."""
        return Form(self.form).is_money

    @property
    def tone(self) -> str:
        """Return the colour of the state."""
        return {State.HELD: "amber", State.RETURNED: "green", State.KEPT: "red"}[State(self.state)]


class Keeping(Row):
    """Why one officer wants a deposit kept; a second decides, and only then is it kept (U-07)."""

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="keepings")
    cause = models.CharField(max_length=12, choices=KeptCause)
    reason = models.TextField()
    evidence = models.CharField(max_length=200)
    paper_digest = models.CharField(max_length=64, blank=True)
    paper_name = models.CharField(max_length=100, blank=True)
    stated_at = models.DateTimeField()

    class Meta:
        """Nothing is kept without the story and its paper."""

        constraints = (
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(evidence=""), name="deposits_keeping_is_grounded"
            ),
        )
        indexes = (models.Index(fields=["deposit", "-stated_at"], name="deposits_keepings"),)
