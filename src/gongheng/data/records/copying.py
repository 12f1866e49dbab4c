"""The registry of versions as the bulk engine keeps them: copied to a folder, and held against one.

Bodies stay here: a folder holds names, numbers, digests, states and what is waited for.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery

from gongheng.data.bulk import keeping
from gongheng.data.bulk.keeping import Difference
from gongheng.data.bulk.versions import State, Version
from gongheng.data.records import models, names
from gongheng.kernel.reasons import Refusal

_AT_ONCE = 2000


def write(folder: Path) -> dict[str, int]:
    """Make a folder the copy of this node's registry; return how many versions of each state.

    Raises ``Refusal`` (NOT_A_COPY, NO_HISTORY, HISTORY_BUSY).
    """
    with transaction.atomic():
        return keeping.copy(folder, versions(), of=settings.NODE.code)


def differences(folder: Path) -> Iterator[Difference]:
    """Yield where a folder and this node's registry differ. Raises ``Refusal``, as ``write`` does."""
    with transaction.atomic():
        yield from keeping.differences(folder, versions())


def versions() -> Iterator[Version]:
    """Yield every version as it arrived, all as they stand at one moment; inside a transaction."""
    judgements = models.Judgement.objects
    # Not "the first by id from the end": without fresh figures the database walks all of them for each.
    last = judgements.filter(version=OuterRef("pk")).values("version").annotate(last=Max("id"))
    rows = (
        models.Version.objects.annotate(last=Subquery(last.values("last")))
        .annotate(
            state=Subquery(judgements.filter(pk=OuterRef("last")).values("state")),
            awaited=F("waiting__parent"),
            until=F("waiting__until"),
        )
        .order_by("id")
    )
    for row in rows.iterator(chunk_size=_AT_ONCE):
        yield Version(
            name=names.reference((row.dataset, row.key)),
            number=row.number,
            operation=row.operation,
            digest=_digest(row.digest),
            parents=_parents(row),
            state=State(row.state),
            awaited=row.awaited or "",
            until=int(row.until.timestamp()) if row.until else 0,
        )


def _digest(text: str) -> bytes:
    """Return a digest; what was refused for its form may hold what is none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return text.encode()


def _parents(row: models.Version) -> tuple[str, ...]:
    """Return the names of the rows above; a refused version of no known dataset has none."""
    try:
        return tuple(map(names.reference, names.parents_of(row.dataset, row.body)))
    except (Refusal, UnicodeEncodeError):
        return ()
