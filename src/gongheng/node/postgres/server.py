"""One PostgreSQL cluster of our own: made once, started in the foreground, stopped cleanly."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from gongheng.kernel.reasons import Refusal
from gongheng.node import database_url, processes, secret_files
from gongheng.node.postgres import binaries as programs
from gongheng.node.postgres.reasons import (
    DISK_FULL,
    INIT_FAILED,
    START_FAILED,
    UNREACHABLE_FOLDER,
)

ADMINISTRATOR = "gongheng_admin"
LEAST_FREE_BYTES = 300 * 1024 * 1024
_BUILTIN_LOCALE_SINCE = 17
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_BUILTIN = (
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",
)
_LIBC = ("--locale=C.UTF-8",)
_SETTINGS = {
    "unix_socket_directories": "",  # loopback only: a socket's path has a limit, a port has none
    "listen_addresses": "127.0.0.1",
    "max_connections": "400",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "password_encryption": "scram-sha-256",
    "logging_collector": "off",
}


@dataclass
class Server:
    """The cluster in ``folder`` (``data`` and ``password`` in it); ``durable`` keeps fsync on."""

    folder: Path
    durable: bool = True
    _account: programs.Runner = field(default_factory=programs.runner)
    _process: "subprocess.Popen[bytes] | None" = None
    _port: int = 0

    @property
    def data(self) -> Path:
        """Return the data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Return the server's log file."""
        return self.folder / "postgres.log"

    @property
    def pid(self) -> int | None:
        """Return the postmaster's process id while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def url(self, name: str = "postgres") -> str:
        """Return the administrator's address of a database."""
        password = secret_files.read_or_make(self.folder / "password")
        return database_url.compose(
            user=ADMINISTRATOR, password=password, host="127.0.0.1", port=self._port, name=name
        )

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and return its process once it answers. Raises ``Refusal``."""
        self.stop()
        self._prepare_folder()
        found = programs.find(self._account, self.folder / "programs")
        if not (self.data / "PG_VERSION").exists():
            self._make(found)
        self._clear_stale()
        self._port = self._choose_port()
        options = [
            part
            for name, value in (_SETTINGS | {"port": str(self._port)} | self._durability()).items()
            for part in ("-c", f"{name}={value}")
        ]
        with self.log.open("ab") as log:
            # A fast shutdown, not a kill, when we go away: nothing is lost, recovery is not needed.
            self._process = subprocess.Popen(  # noqa: S603  the command is ours
                [str(found.program("postgres")), "-D", str(self.data), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=processes.child_setup(signal.SIGINT),  # noqa: PLW1509  no threads yet
                **self._account.identity,
            )
        self._await()
        return self._process

    def stop(self) -> None:
        """Stop the server: politely, then firmly."""
        process = self._process
        if process is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process.poll() is not None:
                break
            process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
        self._process = None

    def _durability(self) -> dict[str, str]:
        if self.durable:
            return {}
        return {"fsync": "off", "full_page_writes": "off"}

    def _prepare_folder(self) -> None:
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        free = shutil.disk_usage(self.folder).free
        if free < LEAST_FREE_BYTES:
            raise Refusal(DISK_FULL, folder=self.folder, free_bytes=free, needed=LEAST_FREE_BYTES)
        if not self._account.can_enter(self.folder):
            raise Refusal(UNREACHABLE_FOLDER, folder=self.folder)

    def _make(self, found: programs.Binaries) -> None:
        """Make the cluster; a half-made one from an earlier attempt is made anew."""
        draft = self.folder / "data.making"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self._account.own(draft)
        password = self.folder / "password.initial"
        secret_files.write(password, secret_files.read_or_make(self.folder / "password"))
        self._account.own(password)
        is_builtin = (found.major(self._account) or 0) >= _BUILTIN_LOCALE_SINCE
        try:
            said = self._account.run(
                found.program("initdb"),
                *("-D", draft, "--encoding=UTF8", "--auth=scram-sha-256", "--no-sync"),
                *(f"--username={ADMINISTRATOR}", f"--pwfile={password}"),
                *(_BUILTIN if is_builtin else _LIBC),
            )
        finally:
            password.unlink()
        if said.returncode != 0:
            raise Refusal(INIT_FAILED, said=said.stderr.strip() or said.stdout.strip())
        draft.rename(self.data)

    def _clear_stale(self) -> None:
        """Remove what a killed server left; end one of ours that nobody supervises any more."""
        note = self.data / "postmaster.pid"
        with suppress(OSError, ValueError, IndexError):
            pid = int(note.read_text().splitlines()[0])
            if str(self.data) in processes.command_of(pid):
                self._end(pid)
        note.unlink(missing_ok=True)

    @staticmethod
    def _end(pid: int) -> None:
        for number in (signal.SIGINT, signal.SIGQUIT):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + _STOP_SECONDS
            while processes.is_alive(pid) and time.monotonic() < deadline:
                time.sleep(0.05)

    def _choose_port(self) -> int:
        note = self.folder / "port"
        with suppress(OSError, ValueError):
            port = int(note.read_text())
            if processes.is_free(port):
                return port
        port = processes.any_free_port()
        note.write_text(f"{port}\n")
        return port

    def _await(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.pid is not None:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:]
        raise Refusal(START_FAILED, log=self.log, said="\n".join(lines))


def new_password() -> str:
    """Return a password that needs no escaping anywhere."""
    return secrets.token_urlsafe(24)
