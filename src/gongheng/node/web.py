"""The web process of a node: granian's WSGI server around the application."""

import signal
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from gongheng.node import processes
from gongheng.node.config import NodeConfig

GRACE_SECONDS = 3


def _application(_target: str) -> Callable[..., Any]:
    """Load the application inside a worker, which must not outlive the server's own process."""
    processes.die_with_parent(signal.SIGKILL)
    from gongheng.node.wsgi import application  # noqa: PLC0415  only workers need Django
    from gongheng.registers.workdays import counting  # noqa: PLC0415  after Django

    counting.follow()
    return application


def serve(node: NodeConfig) -> None:
    """Answer requests until told to stop."""
    Granian(
        "gongheng.node.wsgi:application",
        address=node.web.host,
        port=node.web.port,
        interface=Interfaces.WSGI,
        workers=node.web.workers,
        blocking_threads=node.web.threads,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=GRACE_SECONDS,
    ).serve(target_loader=_application)
