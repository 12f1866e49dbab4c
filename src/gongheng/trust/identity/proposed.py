"""The columns of what one officer proposes and another decides (U-07)."""

from django.db import models

from gongheng.trust.identity.kinds import SetState
from gongheng.web.models import Row


class Proposed(Row):
    """What an officer proposes and another decides, here or above.

    ``answer`` says why it was not confirmed. A city's copy has the province's ``statement`` and the
    machine time at which it was ``learnt_at``.
    """

    state = models.CharField(max_length=10, choices=SetState)
    proposed_by = models.UUIDField(null=True)
    proposed_by_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    statement = models.TextField(blank=True)
    learnt_at = models.DateTimeField(null=True)

    class Meta:
        """Each kind says in its constraints that no two wait and that nobody confirms the own one."""

        abstract = True
