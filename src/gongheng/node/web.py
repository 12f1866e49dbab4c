"""The web process of a node: granian's server, our reception, the application behind it."""

import resource
import signal
from functools import partial
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from gongheng.node import processes
from gongheng.node.config import NodeConfig
from gongheng.node.reception import Reception

GRACE_SECONDS = 3
CONNECTIONS = 8192
"""Of one worker, at a time; one that sends no whole head within 30 seconds is closed."""


def _application(_target: str, *, threads: int) -> Reception:
    """Load the application inside a worker, which must not outlive the server's own process."""
    processes.die_with_parent(signal.SIGKILL)
    from gongheng.node.wsgi import application  # noqa: PLC0415  only workers need Django
    from gongheng.registers.workdays import counting  # noqa: PLC0415  after Django
    from gongheng.trust.identity.actors import address_in  # noqa: PLC0415  after Django

    counting.follow()
    return Reception(application, threads=threads, address_of=address_in)


def serve(node: NodeConfig) -> None:
    """Answer requests until told to stop."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # Granian's own type knows functions only.
    loader: Any = partial(_application, threads=node.web.threads)
    Granian(
        "gongheng.node.wsgi:application",
        address=node.web.host,
        port=node.web.port,
        interface=Interfaces.RSGI,
        workers=node.web.workers,
        backpressure=CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=GRACE_SECONDS,
    ).serve(target_loader=loader)
