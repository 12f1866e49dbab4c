"""The base of every table: UUIDv7 keys made in the application."""

from typing import Any, ClassVar

from django.db import models

from gongheng.kernel.identifiers import uuid7
from gongheng.web import changes


class Row(models.Model):
    """A table row with a time-ordered key and, for distribution, the region it belongs to.

    What is written of one is remembered for the audit trail (``changes``), unless ``is_followed`` is
    off: the trail's own rows, logs that prove themselves, and who is told what (A-01).
    """

    is_followed: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region_code = models.CharField(max_length=6)

    class Meta:
        """Every business table has these two columns."""

        abstract = True

    def save(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  Django's own shape
        """Write the row, and remember what it was."""
        if self.is_followed:
            changes.touch(self)
        super().save(*args, **more)

    def delete(self, *args: Any, **more: Any) -> tuple[int, dict[str, int]]:  # noqa: ANN401  Django's own shape
        """Delete the row, and remember what it was."""
        if self.is_followed:
            changes.touch(self)
        return super().delete(*args, **more)
