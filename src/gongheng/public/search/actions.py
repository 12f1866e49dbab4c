"""The only writer of the index and of kept questions."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from gongheng.data.records import queries as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Current, Version
from gongheng.public.search import reasons, words
from gongheng.public.search.models import Entry, SavedSearch
from gongheng.public.search.texts import Document, document_of
from gongheng.trust.identity.actors import Actor
from gongheng.trust.ledger import actions as ledger, queries as log

CURSOR = "search"
MOST_LEAVES = 500
MOST_SAVED = 50
NAME_LENGTH = 80
_BATCH = 500
_TABLE, _NEW = "search_entry", "search_entry_new"

_PUT = """
INSERT INTO search_entry (id, region_code, version_id, published_at, not_before, trade_type, kind,
                          title, transaction_code, price, estimate, text, grams)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::tsvector)
ON CONFLICT (id) DO UPDATE SET
  region_code = excluded.region_code, version_id = excluded.version_id,
  published_at = excluded.published_at, not_before = excluded.not_before,
  trade_type = excluded.trade_type, kind = excluded.kind, title = excluded.title,
  transaction_code = excluded.transaction_code,
  price = excluded.price, estimate = excluded.estimate, text = excluded.text, grams = excluded.grams
"""
_COPY = """
COPY search_entry_new (id, region_code, version_id, published_at, not_before, trade_type, kind,
                       title, transaction_code, price, estimate, text, grams) FROM STDIN
"""
# The index is made after the rows: growing one row by row costs ten to twenty times as much.
_MAKE_NEW = """
CREATE TABLE search_entry_new (LIKE search_entry INCLUDING DEFAULTS INCLUDING STORAGE);
ALTER TABLE search_entry_new SET (toast_tuple_target = 128)
"""
_INDEX_NEW = """
SET LOCAL maintenance_work_mem = '256MB';
ALTER TABLE search_entry_new ADD CONSTRAINT search_entry_new_pkey PRIMARY KEY (id);
CREATE INDEX search_entry_new_list ON search_entry_new (published_at DESC, id DESC);
CREATE INDEX search_entry_new_grams ON search_entry_new USING gin (grams)
  WITH (fastupdate = off)
"""
_SWAP = """
DROP TABLE search_entry;
ALTER TABLE search_entry_new RENAME TO search_entry;
ALTER INDEX search_entry_new_pkey RENAME TO search_entry_pkey;
ALTER INDEX search_entry_new_list RENAME TO search_entry_list;
ALTER INDEX search_entry_new_grams RENAME TO search_entry_grams
"""


def catch_up(*, limit: int = MOST_LEAVES) -> bool:
    """Index what the log has gained since the last look; tell whether there was any."""
    if log.cursor_position(CURSOR) >= log.size():
        return False
    with transaction.atomic(), ledger.cursor(CURSOR) as cursor:
        leaves = cursor.read(limit)
        _bring_up_to_date([leaf.subject_id for leaf in leaves if leaf.kind == "record"])
    return bool(leaves)


def _bring_up_to_date(version_ids: Sequence[UUID]) -> None:
    """Index the records of these versions as they are now; take out what is no notice any more."""
    names = Version.objects.filter(pk__in=version_ids).values_list("dataset", "key")
    keys: dict[str, set[str]] = {}
    for dataset, key in names:
        keys.setdefault(dataset, set()).add(key)
    for dataset, wanted in keys.items():
        rows = Current.objects.filter(dataset=dataset, key__in=wanted).select_related("version")
        found = list(rows)
        put([document_of(record) for record in found if _is_searched(record)])
        gone = [record.pk for record in found if not _is_searched(record)]
        Entry.objects.filter(pk__in=gone).delete()


def _is_searched(record: Current) -> bool:
    return record.is_notice and not record.is_withdrawn and record.audience == Audience.PUBLIC


def put(documents: Sequence[Document]) -> None:
    """Write documents into the index, over what stood there of the same records."""
    with connection.cursor() as statement:
        statement.executemany(_PUT, [_row(document) for document in documents])


def _row(document: Document) -> tuple[Any, ...]:
    return (
        document.id,
        document.region_code,
        document.version_id,
        document.published_at,
        document.not_before,
        document.trade_type,
        document.kind,
        document.title.replace("\0", ""),
        document.transaction_code,
        document.price,
        document.estimate,
        document.text.replace("\0", ""),
        words.vector(document.tokens()),
    )


def rebuild() -> int:
    """Make the whole index anew from the records; return how many notices it holds.

    The old one answers until the new one takes its place. The worker waits meanwhile.
    """
    return load(_all_documents())


@transaction.atomic
def load(documents: Iterable[Document]) -> int:
    """Fill a new index with documents and put it in the place of the old one; return their number."""
    with ledger.cursor(CURSOR) as cursor, connection.cursor() as statement:
        size = log.size()
        statement.execute(_MAKE_NEW)
        number = 0
        rows = map(_row, documents)
        # A batch is read before it is copied: the same connection gives the records.
        while batch := list(islice(rows, _BATCH)):
            with statement.copy(_COPY) as copy:
                for row in batch:
                    copy.write_row(row)
            number += len(batch)
        statement.execute(_INDEX_NEW)
        statement.execute(_SWAP)
        statement.execute("ANALYZE search_entry")
        cursor.position = max(cursor.position, size)
    return number


def _all_documents() -> Iterator[Document]:
    yield from map(document_of, records.every_notice().iterator(chunk_size=_BATCH))


def save_search(*, query: str, name: str, actor: Actor, now: datetime) -> SavedSearch:
    """Keep a question; the same one again only gets the new name.

    Raises ``Refusal``: ``TOO_MANY_SAVED``.
    """
    mine = SavedSearch.objects.filter(account_id=actor.person_id)
    with transaction.atomic():
        kept = mine.select_for_update(of=("self",)).filter(query=query).first()
        if kept is None:
            reasons.require_room(mine.count(), most=MOST_SAVED)
            return SavedSearch.objects.create(
                region_code=actor.region_code,
                account_id=actor.person_id,
                name=name[:NAME_LENGTH],
                query=query,
                saved_at=now,
                seen_at=now,
            )
        kept.name = name[:NAME_LENGTH]
        kept.save(update_fields=["name"])
        return kept


def look(*, search_id: UUID, actor: Actor, now: datetime) -> SavedSearch | None:
    """Return a kept question of one's own and remember that its answers were looked at."""
    mine = SavedSearch.objects.filter(account_id=actor.person_id, pk=search_id)
    mine.update(seen_at=now)
    return mine.first()


def forget(*, search_id: UUID, actor: Actor) -> bool:
    """Drop a kept question of one's own; tell whether there was one."""
    gone, _ = SavedSearch.objects.filter(account_id=actor.person_id, pk=search_id).delete()
    return gone > 0
