"""The yearly notices of days off."""

from django.db import models
from django.db.models import F, Q

from gongheng.trust.identity.proposed import Proposed
from gongheng.web.models import Row


class CalendarNotice(Proposed):
    """A notice as it was pasted, proposed and decided; its days are read from ``text`` every time.

    ``number`` counts the notices that were confirmed. ``statement`` is what the keeper signed of a
    confirmed one: nothing counts that it does not bear out. ``since`` is the legal time from which
    this node counts by it. ``looked_at`` is the legal time at which this node wrote down which
    deadlines it moved.
    """

    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    announced_on = models.DateField()
    source = models.URLField(max_length=300)
    text = models.TextField(max_length=4000)
    since = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        """A number counts once, one notice waits, and nobody confirms the own one (U-07)."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "number"],
                condition=Q(state="confirmed"),
                name="workdays_notice_once",
            ),
            models.UniqueConstraint(
                fields=["region_code"],
                condition=Q(state="proposed"),
                name="workdays_one_proposal",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="workdays_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (Q(since__isnull=False) & Q(decided_at__isnull=False) & ~Q(statement="")),
                name="workdays_confirmed_is_signed",
            ),
        )


class MovedDeadline(Row):
    """An open deadline of a case that a notice moved (T-16), as it was and as it became.

    ``step`` and ``label`` say what is due, or (``is_opening``) may be done from then on.
    """

    notice = models.ForeignKey(CalendarNotice, on_delete=models.CASCADE, related_name="moved")
    case_id = models.UUIDField(db_index=True)
    case_code = models.CharField(max_length=40)
    case_title = models.CharField(max_length=600)
    step = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    rule = models.CharField(max_length=20)
    is_opening = models.BooleanField(default=False)
    before_at = models.DateTimeField()
    after_at = models.DateTimeField()

    class Meta:
        """A notice moves a deadline once, and never forward."""

        constraints = (
            models.UniqueConstraint(
                fields=["notice", "case_id", "step", "is_opening"], name="workdays_moved_once"
            ),
            models.CheckConstraint(
                condition=Q(after_at__gt=F("before_at")), name="workdays_moved_later"
            ),
        )
