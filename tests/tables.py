"""Which tables hold rows, and how those of a test that really committed are removed again."""

from functools import cache
from typing import Any

import psycopg
from django.db import connection, transaction

DJANGOS_OWN = frozenset({"django_migrations", "django_content_type", "auth_permission"})
"""What a new database holds, and no test changes."""


@cache
def _tables() -> list[str]:
    return sorted(connection.introspection.table_names())


def _question() -> str:
    parts = (f'EXISTS (SELECT FROM "{table}")' for table in _tables())
    return f"SELECT {', '.join(parts)}"


def filled() -> frozenset[str]:
    """Return the tables that have rows."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        return _with_rows(cursor.fetchone())


@cache
def from_the_start() -> frozenset[str]:
    """Return the tables that have rows before any test: another connection sees no test's own."""
    with psycopg.connect(**connection.get_connection_params()) as beside:
        return _with_rows(beside.execute(_question().encode()).fetchone())


def _with_rows(answer: tuple[Any, ...] | None) -> frozenset[str]:
    assert answer is not None
    return frozenset(table for table, is_filled in zip(_tables(), answer, strict=True) if is_filled)


def empty() -> None:
    """Remove what tests have committed; what a new database holds stays.

    To truncate a hundred tables, and to fill in again what Django keeps there, takes a second.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in filled() - DJANGOS_OWN:
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  its own name
