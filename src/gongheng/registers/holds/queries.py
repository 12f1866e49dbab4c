"""Reads holds."""

from django.db.models import QuerySet

from gongheng.registers.holds.kinds import HoldKind
from gongheng.registers.holds.models import Hold


def standing_on(*codes: str) -> QuerySet[Hold]:
    """Return the holds that stand on one of the codes, the oldest first."""
    return Hold.objects.filter(code__in=codes, lifted_at__isnull=True).order_by("placed_at", "id")


def orders_on(code: str) -> QuerySet[Hold]:
    """Return the holds that a regulator's order put on a code and that stand."""
    return standing_on(code).filter(kind=HoldKind.DIRECTIVE)


def history_of(code: str) -> QuerySet[Hold]:
    """Return every hold that a code ever had, the newest first."""
    return Hold.objects.filter(code=code).order_by("-placed_at", "-id")
