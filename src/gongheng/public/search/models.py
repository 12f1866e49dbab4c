"""The search index, and the questions that people keep."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from gongheng.web.models import Row


class Entry(Row):
    """One public notice as it is searched; ``id`` is that of the record's current row.

    ``price`` is that of a deal, ``estimate`` what was reckoned before, both in yuan.
    Nothing here is a source: ``gongheng search rebuild`` makes the whole table anew. ``grams`` are
    the tokens of ``words.lexemes``, ``text`` is what excerpts are cut from and phrases are looked
    up in. Both stand outside the row (see the migration), so that thousands of rows are read fast.
    """

    is_followed = False

    version_id = models.UUIDField()
    published_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True)
    trade_type = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    title = models.TextField()
    transaction_code = models.TextField(blank=True)
    price = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    estimate = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    text = models.TextField(blank=True)
    grams = SearchVectorField()

    class Meta:
        """Read by tokens, or newest first."""

        indexes = (
            GinIndex(fields=["grams"], name="search_entry_grams", fastupdate=False),
            models.Index(fields=["-published_at", "-id"], name="search_entry_list"),
        )


class SavedSearch(Row):
    """A question that somebody keeps; ``query`` is that of the address, ``seen_at`` legal time."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=4000)
    saved_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        """A question is kept once."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "account", "query"], name="search_saved_once"
            ),
        )
