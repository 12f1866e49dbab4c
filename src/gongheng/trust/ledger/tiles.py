"""The tiles of both trees in their table."""

from collections.abc import Collection, Mapping

from gongheng.trust.ledger.models import Tile
from gongheng.trust.tlog.tree import Place


class StoredTiles:
    """Reads the tiles of one tree; one query whatever is asked."""

    def __init__(self, algorithm: str) -> None:
        self._algorithm = algorithm

    def read(self, places: Collection[Place]) -> Mapping[Place, bytes]:
        """Return the concatenated hashes of each tile that exists."""
        rows = Tile.objects.filter(
            algorithm=self._algorithm,
            level__in={place.level for place in places},
            index__in={place.number for place in places},
        )
        return {
            Place(level, index): bytes(hashes)
            for level, index, hashes in rows.values_list("level", "index", "hashes")
        }


def write(algorithm: str, changed: Mapping[Place, bytes]) -> None:
    """Store tiles, new or grown."""
    Tile.objects.bulk_create(
        [
            Tile(algorithm=algorithm, level=place.level, index=place.number, hashes=hashes)
            for place, hashes in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["algorithm", "level", "index"],
        update_fields=["hashes"],
    )
