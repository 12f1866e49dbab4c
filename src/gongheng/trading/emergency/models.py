"""Requests for an early look, and each look."""

from django.db import models
from django.db.models import F, Q

from gongheng.trading.cases.models import Case
from gongheng.trading.emergency.kinds import Ground, Item, State
from gongheng.web.models import Row


class Request(Row):
    """A supervisor's request to look at a secret item of a case early, and what became of it.

    ``approval_id`` is the act that the log holds of the approval: the columns beside it allow
    nothing unless the act says the same. ``told_at``: the parties know of it.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="emergencies")
    item = models.CharField(max_length=12, choices=Item.choices())
    ground = models.CharField(max_length=12, choices=Ground.choices())
    document = models.CharField(max_length=100)
    reason = models.CharField(max_length=2000)
    paper_digest = models.CharField(max_length=64)
    paper_name = models.CharField(max_length=150)
    hours = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices())
    asked_by = models.UUIDField()
    asked_by_name = models.CharField(max_length=60)
    asked_for_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_for_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=2000, blank=True)
    ends_at = models.DateTimeField(null=True)
    approval_id = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        """Nobody decides the own request, and nothing is approved without paper and end."""

        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="emergency_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(
                    decided_by__isnull=False,
                    ends_at__isnull=False,
                    approval_id__isnull=False,
                ),
                name="emergency_approved_has_proof",
            ),
            models.CheckConstraint(
                condition=~Q(paper_digest="") & ~Q(document=""), name="emergency_has_paper"
            ),
        )
        indexes = (models.Index(fields=["state", "told_at"], name="emergency_untold"),)

    @property
    def item_label(self) -> str:
        """Return in Chinese what is asked for."""
        return Item(self.item).label

    @property
    def ground_label(self) -> str:
        """Return the ground in Chinese."""
        return Ground(self.ground).label

    @property
    def state_label(self) -> str:
        """Return the state in Chinese."""
        return State(self.state).label


class Look(Row):
    """One early look: who, and when; what the list said then is kept nowhere."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="looks")
    account_id = models.UUIDField()
    name = models.CharField(max_length=60)
    looked_at = models.DateTimeField()
