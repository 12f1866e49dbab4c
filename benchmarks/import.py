# ruff: noqa: N999 - named after what it measures; it is run, never imported
"""Imports a folder of collected notices, beside the floor: the same rows by COPY and by plain INSERT.

    python -m benchmarks.import [FOLDER]        # ../shared/data when no folder is named

The floor writes what the import wrote (versions, current rows, judgements, leaves, lines) into empty
copies of the same tables with the same indexes: reading, cleaning, judging and digests are the rest.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from benchmarks.database import own_server, use_django
from gongheng.kernel.clock import BEIJING

TABLES = ("records_version", "records_current", "records_judgement", "ledger_leaf", "imports_line")
NOW = datetime(2026, 10, 12, 9, tzinfo=BEIJING)


def _seconds(deed: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds on the clock and of this processor."""
    began, worked = time.monotonic(), time.process_time()
    deed()
    return time.monotonic() - began, time.process_time() - worked


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("notices_*.jsonl"))


def _import(folder: Path) -> None:
    from gongheng.data.imports import actions  # noqa: PLC0415  needs Django

    for path in _files(folder):
        for _ in actions.import_notices(path, stays_here=True, now=NOW):
            pass


def _read_only(folder: Path) -> None:
    from gongheng.data.imports import judging, mapping, reading  # noqa: PLC0415

    for path in _files(folder):
        for line in path.read_bytes().splitlines():
            notice = reading.notice_in(line)
            dataset = mapping.dataset_of(notice)
            judging.faults_of(notice, dataset, mapping.body_of(notice, dataset), now=NOW)


def _copies() -> None:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as statement:
        for table in TABLES:
            statement.execute(f"DROP TABLE IF EXISTS floor_{table}")
            statement.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")


def _floor_by_copy() -> None:
    import psycopg  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    url = settings.NODE.database_url or os.environ["DATABASE_URL"]
    with psycopg.connect(url) as source, psycopg.connect(url) as target:
        for table in TABLES:
            with (
                source.cursor().copy(f"COPY {table} TO STDOUT") as read,
                target.cursor().copy(f"COPY floor_{table} FROM STDIN") as write,
            ):
                for block in read:
                    write.write(block)


def _floor_by_insert() -> None:
    from django.db import connection, transaction  # noqa: PLC0415

    with connection.cursor() as statement:
        for table in TABLES:
            statement.execute(f"SELECT * FROM {table}")  # noqa: S608  our own names
            rows = statement.fetchall()
            places = ", ".join(["%s"] * len(rows[0]))
            adapted = [tuple(map(_plain, row)) for row in rows]
            for start in range(0, len(rows), 250):
                with transaction.atomic():
                    statement.executemany(
                        f"INSERT INTO floor_{table} VALUES ({places})",  # noqa: S608  our own names
                        adapted[start : start + 250],
                    )


def _plain(value: object) -> object:
    from psycopg.types.json import Jsonb  # noqa: PLC0415

    return Jsonb(value) if isinstance(value, dict | list) else value


def main() -> None:
    """Print one line for each measurement."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data")
    lines = sum(len(path.read_bytes().splitlines()) for path in _files(folder))
    with own_server() as (_, url):
        use_django(url)
        print(f"{lines} lines")
        for name, deed, is_floor in (
            ("import", lambda: _import(folder), False),
            ("of it reading, cleaning, judging", lambda: _read_only(folder), False),
            ("again: nothing to do", lambda: _import(folder), False),
            ("floor: COPY", _floor_by_copy, True),
            ("floor: INSERT, 250 rows a transaction", _floor_by_insert, True),
        ):
            if is_floor:
                _copies()
            clock, processor = _seconds(deed)
            print(
                f"{name}: {clock:.1f} s, processor {processor:.1f} s, {lines / clock:,.0f} lines/s"
            )
        from django.db import connection  # noqa: PLC0415

        connection.close_pool()


if __name__ == "__main__":
    main()
