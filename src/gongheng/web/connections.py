"""The database connection of a request, given back while it waits for something else."""

from django.db import connection


def give_back() -> None:
    """Let others have this thread's connection; the next question takes another.

    Bytes of an upload may take hours. Inside a transaction the connection is kept.
    """
    if not connection.in_atomic_block:
        connection.close()
