"""Holds, and the row by which askers and placers take turns."""

from django.db import models
from django.db.models import Q

from gongheng.registers.holds.kinds import HoldKind
from gongheng.web.models import Row


class Gate(Row):
    """The lock of one code: actions pass it together, a hold is placed when nobody is inside."""

    is_followed = False

    code = models.CharField(max_length=40)

    class Meta:
        """One gate for a code."""

        constraints = (
            models.UniqueConstraint(fields=["region_code", "code"], name="holds_gate_once"),
        )
        indexes = (models.Index(fields=["code"], name="holds_gate_code"),)


class Hold(Row):
    """A hold on a code (project, lot, case) by a document; lifting it writes the other columns."""

    code = models.CharField(max_length=40)
    document = models.CharField(max_length=100)
    kind = models.CharField(max_length=12, choices=HoldKind)
    cause = models.TextField()
    placed_by_code = models.CharField(max_length=64)
    placed_at = models.DateTimeField()
    lifted_by_document = models.CharField(max_length=100, blank=True)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        """A document holds a code once."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "code", "document"], name="holds_document_once"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by_document="")
                | (Q(lifted_at__isnull=False) & ~Q(lifted_by_document="")),
                name="holds_lifted_by_a_document",
            ),
        )
        indexes = (
            models.Index(
                fields=["code"], name="holds_standing", condition=Q(lifted_at__isnull=True)
            ),
        )
