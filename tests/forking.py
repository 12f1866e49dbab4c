"""Deeds in a process of their own, as another worker of the node does them."""

import faulthandler
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress

from django.db import connection, connections

_PATIENCE = 300
"""Seconds after which a process that hangs says where, and ends."""


def fork(deed: Callable[[], object]) -> int:
    """Begin a deed in a process with a database connection of its own; return the process's number.

    Where a browser stands open, an event loop runs in this thread and Django keeps its connections
    apart from those of a thread without one. In the child no loop runs: it must not find, and share
    with us, a connection from before.

    None of our threads lives on in the child. What a library left there must never be collected: to
    end its threads, DuckDB waits for ever or falls. For the same reason the child has no pool.
    """
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  of the PostgreSQL backend
    child = os.fork()
    if child:
        return child
    try:
        gc.freeze()
        faulthandler.dump_traceback_later(_PATIENCE, exit=True, file=sys.__stderr__)
        connections.settings[connection.alias]["OPTIONS"].pop("pool", None)
        with suppress(AttributeError):
            del connections[connection.alias]
        deed()
    except BaseException:  # noqa: BLE001  the test reads it in what was printed
        traceback.print_exc()
    finally:
        os._exit(0)


def was_killed(child: int) -> bool:
    """Wait for a process and tell whether it was killed; one that falls by itself is an error."""
    status = os.waitpid(child, 0)[1]
    if not os.WIFSIGNALED(status):
        return False
    assert os.WTERMSIG(status) == signal.SIGKILL, f"ended by signal {os.WTERMSIG(status)}"
    return True
