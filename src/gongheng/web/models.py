"""The base of every table: UUIDv7 keys made in the application."""

from django.db import models

from gongheng.kernel.identifiers import uuid7


class Row(models.Model):
    """A table row with a time-ordered key and, for distribution, the region it belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region_code = models.CharField(max_length=6)

    class Meta:
        """Every business table has these two columns."""

        abstract = True
