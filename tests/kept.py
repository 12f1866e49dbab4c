"""A database as it was once, given back as often as a test that really commits has changed it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection


@contextmanager
def kept_database() -> Iterator[Callable[[], None]]:
    """Give what brings the database back to what it is now; in the end it is empty.

    A copy of the whole database costs a tenth of making its world anew, and less than emptying it.
    """
    own = connection.settings_dict["NAME"]
    copy = f"{own}_kept"
    _anew(copy, own)
    try:
        yield lambda: _anew(own, copy)
    finally:
        _anew(own, copy)
        _ask(f'DROP DATABASE "{copy}"')
        call_command("flush", verbosity=0, interactive=False)


def _anew(name: str, like: str) -> None:
    # Not through the log: the copy of an empty table is then only a copied file.
    _ask(
        # Where a browser's loop runs, Django keeps a second connection, and leaves the first open.
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{like}'",  # noqa: S608  its own name
        f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)',
        f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY file_copy',
    )


def _ask(*statements: str) -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  of the PostgreSQL backend
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        for statement in statements:
            cursor.execute(statement)
