"""Where the chain of the audit trail stood when the log was told of it."""

from django.db import models

from gongheng.web.models import Row


class TrailSeal(Row):
    """The chain's end at an hour; the leaf in the log is a digest of it with ``salt`` (hex).

    The salt keeps the number of entries from whoever reads the log. ``entered_at`` is machine time.
    """

    is_followed = False

    number = models.BigIntegerField()
    chain = models.CharField(max_length=64)
    salt = models.CharField(max_length=64)
    entered_at = models.DateTimeField()

    class Meta:
        """The chain is sealed at a place once."""

        constraints = (models.UniqueConstraint(fields=["number"], name="trail_sealed_once"),)
        indexes = (models.Index(fields=["-entered_at"], name="trail_newest"),)
