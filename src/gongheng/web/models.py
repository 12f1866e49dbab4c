"""The base of every table: UUIDv7 keys made in the application."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from django.db import NotSupportedError, models

from gongheng.kernel.identifiers import uuid7
from gongheng.web import changes

_Row = TypeVar("_Row", bound=models.Model)


class Rows(models.QuerySet[_Row]):
    """The rows of a table; what is written of many at once is remembered like one that is saved.

    ``bulk_update`` is an ``update`` in itself.
    """

    def update(self, **values: Any) -> int:  # noqa: ANN401  Django's own shape
        """Change the rows, and remember what they were."""
        held = changes.touch_found(self)
        if held is None:
            return super().update(**values)
        self._result_cache = None
        return super(Rows, self.filter(pk__in=held)).update(**values) if held else 0

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete the rows, and remember what they were."""
        held = changes.touch_found(self)
        if held is None:
            return super().delete()
        self._result_cache = None
        return super(Rows, self.filter(pk__in=held)).delete()

    def bulk_create(self, objs: Iterable[_Row], *args: Any, **more: Any) -> list[_Row]:  # noqa: ANN401  Django's own shape
        """Write new rows, and remember that they were none."""
        rows = list(objs)
        if changes.is_followed(self.model):
            if more.get("update_conflicts"):
                msg = "what is overwritten here would be in no audit entry: save the rows (E-16)"
                raise NotSupportedError(msg)
            changes.touch_made(rows, may_stand=bool(more.get("ignore_conflicts")))
        return super().bulk_create(rows, *args, **more)

    # Django's own marks: no template calls these, and no table is deleted by its manager alone.
    update.alters_data = True  # type: ignore[attr-defined]
    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]
    bulk_create.alters_data = True  # type: ignore[attr-defined]


class Row(models.Model):
    """A table row with a time-ordered key and, for distribution, the region it belongs to.

    What is written of one is remembered for the audit trail (``changes``), unless ``is_followed`` is
    off: the trail's own rows, logs that prove themselves, and who is told what (A-01).
    """

    is_followed: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region_code = models.CharField(max_length=6)

    objects: ClassVar[models.Manager[Self]] = Rows.as_manager()

    class Meta:
        """Every business table has these two columns."""

        abstract = True

    def save(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  Django's own shape
        """Write the row, and remember what it was."""
        changes.touch(self)
        super().save(*args, **more)

    def delete(self, *args: Any, **more: Any) -> tuple[int, dict[str, int]]:  # noqa: ANN401  Django's own shape
        """Delete the row, and remember what it was."""
        changes.touch(self)
        return super().delete(*args, **more)
