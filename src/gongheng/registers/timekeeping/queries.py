"""Reads what is known of the node's clock."""

from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Abs

from gongheng.registers.timekeeping.models import TimeCheck
from gongheng.registers.timekeeping.rules import State


def newest() -> TimeCheck | None:
    """Return the last look."""
    return TimeCheck.objects.order_by("-checked_at").first()


def told() -> QuerySet[TimeCheck]:
    """Return the looks with which another state was told, the newest first."""
    return TimeCheck.objects.filter(is_told=True).order_by("-checked_at")


def said() -> State:
    """Return the state that officers were last told of; before that the clock is held for right."""
    last = told().first()
    return State(last.state) if last else State.GOOD


def last_known_at() -> datetime | None:
    """Return when the state was last known, or when the first look was."""
    known = TimeCheck.objects.exclude(state=State.UNKNOWN).order_by("-checked_at")
    first = TimeCheck.objects.order_by("checked_at")
    found = known.first() or first.first()
    return found.checked_at if found else None


def furthest_since(instant: datetime) -> TimeCheck | None:
    """Return the look since then at which the clock was off most."""
    known = TimeCheck.objects.filter(checked_at__gte=instant, ahead_us__isnull=False)
    return known.order_by(Abs(F("ahead_us")).desc(), "checked_at").first()
