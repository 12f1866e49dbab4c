"""Child processes that cannot outlive us, and ports that are free."""

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Ask the kernel to signal this process when its parent goes away, even by ``kill -9``."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, number)


def child_setup(number: int = signal.SIGKILL) -> Callable[[], None]:
    """Return what a child does between fork and exec: its own group, and no life after ours."""
    parent = os.getpid()

    def prepare() -> None:
        os.setpgid(0, 0)
        die_with_parent(number)
        if os.getppid() != parent:  # the parent went away in between
            os._exit(1)

    return prepare


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError:
            return False
    return True


def any_free_port() -> int:
    """Return a high port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def claim(port: int, host: str = "127.0.0.1") -> socket.socket | None:
    """Claim a port until the returned socket is closed; None when it is taken or claimed.

    Our web servers share a port with whoever else asks to (SO_REUSEPORT): two starts at the same
    moment would both find it free and answer each other's visitors.
    """
    mark = socket.socket(socket.AF_UNIX)
    try:
        if sys.platform == "linux":
            mark.bind(f"\0gongheng port {port}")  # no file: the name goes away with the process
        if is_free(port, host):
            return mark
    except OSError:
        pass
    mark.close()
    return None


def next_claim(port: int, host: str) -> tuple[int, socket.socket]:
    """Claim ``port``, or the next one after it that is free."""
    while (claimed := claim(port, host)) is None:
        port += 1
    return port, claimed


def command_of(pid: int) -> str:
    """Return a process's command line, empty when there is none."""
    try:
        return (
            Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    """Tell whether the process runs (a zombie does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True
