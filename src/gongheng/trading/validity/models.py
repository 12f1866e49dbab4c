"""What was asked of bidders, and what each replied."""

from django.db import models

from gongheng.trading.cases.models import Case
from gongheng.web.models import Row


class Extension(Row):
    """That all bidders of a round were asked to let their bids stand until the end of a day.

    ``bidders``: codes and names of those asked, in the order of receipt.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.TextField()
    bidders = models.JSONField()
    asked_by_name = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    reply_by = models.DateTimeField()


class Reply(Row):
    """What a bidder replied; who refuses keeps its bid until the day that it was valid to anyway.

    The offer binds for the time that it named, whatever is asked later; then it lapses, and the
    deposit is due back (``queries.lapse_of``).
    """

    extension = models.ForeignKey(Extension, on_delete=models.PROTECT, related_name="replies")
    bidder_code = models.CharField(max_length=18)
    consents = models.BooleanField()
    replied_by_name = models.CharField(max_length=60)
    replied_at = models.DateTimeField()

    class Meta:
        """A bidder replies once to a request."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "extension", "bidder_code"], name="validity_reply_once"
            ),
        )
