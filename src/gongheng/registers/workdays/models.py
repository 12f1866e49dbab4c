"""The yearly notices of days off."""

from django.db import models
from django.db.models import F, Q

from gongheng.trust.identity.proposed import Proposed


class CalendarNotice(Proposed):
    """A notice as it was pasted, proposed and decided; its days are read from ``text`` every time.

    ``number`` counts the notices that were confirmed. ``statement`` is what the keeper signed of a
    confirmed one: nothing counts that it does not bear out. ``since`` is the legal time from which
    this node counts by it.
    """

    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    announced_on = models.DateField()
    source = models.URLField(max_length=300)
    text = models.TextField(max_length=4000)
    since = models.DateTimeField(null=True)

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
