"""The counter rows behind human numbers."""

from django.db import models
from django.db.models import Q

from gongheng.web.models import Row


class Counter(Row):
    """How many numbers of a series were issued on a day; the row is the lock of its series.

    ``region_code`` is the region of the platform that issues. ``issued_on`` is the day for series
    that begin anew every day, else the first day of the calendar.
    """

    series = models.CharField(max_length=40)
    issued_on = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        """One counter for each series and day in a region."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "series", "issued_on"], name="codes_counter_once"
            ),
            models.CheckConstraint(condition=Q(last__gte=0), name="codes_counter_counts_up"),
        )
