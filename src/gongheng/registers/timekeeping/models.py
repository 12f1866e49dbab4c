"""What the time servers answered, look by look."""

from django.db import models

from gongheng.registers.timekeeping.rules import State
from gongheng.web.models import Row


class TimeCheck(Row):
    """One look at the time servers. ``checked_at`` is machine time: it is what is being judged.

    ``ahead_us``: microseconds by which the nation's time is ahead of this node's clock.
    ``answers``: of each server its name, ``ahead_us``, ``delay_us`` or its ``fault``.
    ``is_told``: with this look officers were told of another state.
    """

    checked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=[(each, each.label) for each in State])
    ahead_us = models.BigIntegerField(null=True)
    answers = models.JSONField()
    is_told = models.BooleanField(default=False)

    class Meta:
        """The newest are asked for, and the newest with which somebody was told."""

        indexes = (
            models.Index(fields=["-checked_at"], name="time_check_newest"),
            models.Index(
                fields=["-checked_at"], name="time_check_told", condition=models.Q(is_told=True)
            ),
        )

    @property
    def by_server(self) -> list[dict[str, object]]:
        """Return for each server its name, ``ahead_ms`` and ``delay_ms`` or nothing, and its fault."""
        return [
            {
                "server": each["server"],
                "ahead_ms": None if each["fault"] else round(each["ahead_us"] / 1000, 1),
                "delay_ms": None if each["fault"] else round(each["delay_us"] / 1000, 1),
                "fault": each["fault"],
            }
            for each in self.answers
        ]

    @property
    def ahead_seconds(self) -> float | None:
        """Return the offset in seconds, three decimals, nothing where it is not known."""
        return None if self.ahead_us is None else round(self.ahead_us / 1e6, 3)
