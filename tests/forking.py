"""Deeds in a process of their own, as another worker of the node does them."""

import os
import traceback
from collections.abc import Callable
from contextlib import suppress

from django.db import connection, connections


def fork(deed: Callable[[], object]) -> int:
    """Begin a deed in a process with database connections of its own; return the process's number.

    Where a browser stands open, an event loop runs in this thread and Django keeps its connections
    apart from those of a thread without one. In the child no loop runs: it must not find, and share
    with us, a connection from before.
    """
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  of the PostgreSQL backend
    child = os.fork()
    if child:
        return child
    try:
        with suppress(AttributeError):
            del connections[connection.alias]
        deed()
    except BaseException:  # noqa: BLE001  the test reads it in what was printed
        traceback.print_exc()
    finally:
        os._exit(0)


def end_of(child: int) -> int:
    """Wait for a process and return how it ended, as ``os.waitpid`` says it."""
    return os.waitpid(child, 0)[1]
