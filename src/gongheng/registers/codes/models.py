"""The counter rows behind human numbers, and the ranges that a node was given."""

from django.db import models
from django.db.models import F, Q

from gongheng.web.models import Row


class Range(Row):
    """Numbers of a series that the keeper of the code service reserved for a node (001-10).

    They are ``first`` to ``last`` on each of the days from ``starts_on`` to ``ends_on``; both nodes
    keep the row, and ``statement`` is what the keeper signed. ``request_id`` makes a request that
    is repeated give the same numbers.
    """

    series = models.CharField(max_length=40)
    holder = models.CharField(max_length=40)
    request_id = models.UUIDField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    statement = models.TextField()
    granted_at = models.DateTimeField()

    class Meta:
        """A request gives one range; a range has numbers and days."""

        constraints = (
            models.UniqueConstraint(fields=["request_id"], name="codes_range_once"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="codes_range_counts"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="codes_range_lasts"
            ),
        )
        indexes = (models.Index(fields=["series", "holder"], name="codes_range_series"),)


class Counter(Row):
    """How many numbers of a series were issued on a day; the row is the lock of its series.

    ``region_code`` is the region of the platform that issues. ``issued_on`` is the day for series
    that begin anew every day, else the first day of the calendar.
    """

    is_followed = False

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
