"""The firms that a tenderer invites in one round of a lot."""

from django.db import models

from gongheng.trading.cases.models import Case
from gongheng.web.models import Row


class Invitee(Row):
    """A firm that is invited. Before the opening nobody learns of another's invitation (A-01).

    ``subject_version`` is the registration that was in force; ``ability`` says why the firm can do
    the work (W-02).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="invitees")
    code = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    subject_version = models.UUIDField()
    ability = models.TextField()
    named_by_name = models.CharField(max_length=60)
    named_at = models.DateTimeField()

    class Meta:
        """A firm is invited once in a round."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "code"], name="invitations_firm_once"
            ),
        )
        indexes = (models.Index(fields=["code"], name="invitations_of_firm"),)
