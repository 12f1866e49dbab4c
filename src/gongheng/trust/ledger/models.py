"""Leaves of the node's log, their numbers, the tree's tiles, checkpoints and the cursors on it."""

from django.db import models


class Leaf(models.Model):
    """One entry of the log, inserted in the business transaction, numbered by the sequencer.

    ``data`` are the bytes the trees are built over. ``position`` is null until the sequencer has
    seen the commit; it is then the leaf index of both trees and the order of the feed.

    The key is the database's counter, not a UUID: leaves entered one after the other, within a
    transaction or in two that follow each other, must be numbered in that order (a lot never
    before its project), and milliseconds are too coarse to tell.
    """

    id = models.BigAutoField(primary_key=True)
    region_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    data = models.BinaryField()
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        """The sequencer looks only at what has no number yet."""

        indexes = (
            models.Index(
                fields=["id"],
                name="ledger_leaf_unnumbered",
                condition=models.Q(position__isnull=True),
            ),
            models.Index(fields=["subject_id"], name="ledger_leaf_subject"),
        )


class Head(models.Model):
    """The single lock row of the sequencer: how many leaves are numbered."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)

    class Meta:
        """There is one head."""

        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="ledger_one_head"),)


class Tile(models.Model):
    """Up to 256 neighbouring hashes of one tree, 8 levels apart: enough to compute every proof."""

    id = models.BigAutoField(primary_key=True)
    algorithm = models.CharField(max_length=6)
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        """One tile for each place in each tree."""

        constraints = (
            models.UniqueConstraint(
                fields=["algorithm", "level", "index"], name="ledger_tile_place"
            ),
        )


class Checkpoint(models.Model):
    """A signed statement of the log's size and roots; a fresh one for an unchanged size replaces.

    ``note`` is the whole of it (``trust.tlog.checkpoint``); the columns are for looking it up.
    """

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    made_at = models.DateTimeField()


class Cursor(models.Model):
    """How far one consumer has read the feed: the next position it has not seen."""

    name = models.CharField(max_length=80, primary_key=True)
    position = models.BigIntegerField(default=0)
