"""Three real nodes for the journeys, started as anybody starts them: ``gongheng up``."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import psycopg

from gongheng.kernel.clock import FileClock
from gongheng.node import config_file, demo_nodes, processes
from gongheng.node.config import NodeConfig
from gongheng.node.demo_accounts import read as demo_accounts

READY_SECONDS = 300
STOP_SECONDS = 40


@dataclass(frozen=True)
class Node:
    """One running node, as a test reaches it."""

    folder: Path
    running: Path

    @cached_property
    def config(self) -> NodeConfig:
        """What its node.toml says."""
        return config_file.read(self.folder / "node.toml")

    @property
    def code(self) -> str:
        return self.config.code

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.config.web.port}"

    @property
    def public_key(self) -> str:
        return self.config.public_key

    @property
    def database_url(self) -> str:
        return (self.folder / "database.url").read_text().strip()

    @property
    def password(self) -> str:
        """The word that signs in every demonstration account."""
        return demo_accounts(self.folder)[0].password

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(self.url + path, timeout=20, trust_env=False, verify=False, **options)  # noqa: S501  our own, without TLS

    def client(self) -> httpx.Client:
        """A visitor who keeps cookies."""
        return httpx.Client(
            base_url=self.url,
            timeout=20,
            trust_env=False,
            verify=False,  # noqa: S501  our own, without TLS
            follow_redirects=True,
        )

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the node's own database answers."""
        with psycopg.connect(self.database_url, connect_timeout=5) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def execute(self, statement: str, *values: object) -> None:
        """Change the node's own database, as only an operator could."""
        with psycopg.connect(self.database_url, connect_timeout=5) as connection:
            connection.execute(statement.encode(), values)

    def pid(self, program: str) -> int:
        """The process of ``web`` or ``worker``."""
        facts = json.loads(self.running.read_text())
        return int(facts["programs"][f"{self.folder / 'node.toml'}:{program}"])

    def kill(self, program: str) -> None:
        """End ``web`` or ``worker`` as a power cut would; the supervisor brings it back."""
        os.kill(self.pid(program), signal.SIGKILL)

    def wait_until(self, is_so: Callable[[], object], *, seconds: float = 30) -> None:
        wait_until(is_so, seconds=seconds)

    def manage(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ``gongheng WORDS`` for this node."""
        return subprocess.run(
            [sys.executable, "-m", "gongheng.node.cli", *words],
            env=clean_environment()
            | {"GONGHENG_NODE": str(self.folder / "node.toml")}
            | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@dataclass
class Nodes:
    """The three nodes, the process that looks after them, and their common clock."""

    state: Path
    process: "subprocess.Popen[bytes]"

    @property
    def running(self) -> Path:
        return self.state / "running.json"

    @cached_property
    def city(self) -> Node:
        return Node(self.state / "city", self.running)

    @cached_property
    def province(self) -> Node:
        return Node(self.state / "province", self.running)

    @cached_property
    def nation(self) -> Node:
        return Node(self.state / "nation", self.running)

    @property
    def all(self) -> tuple[Node, Node, Node]:
        return (self.city, self.province, self.nation)

    @property
    def vendor_code(self) -> str:
        return demo_nodes.OTHER_VENDOR.code

    @property
    def vendor_key_path(self) -> Path:
        return demo_nodes.key_path(self.state, demo_nodes.OTHER_VENDOR)

    @property
    def clock(self) -> FileClock:
        return FileClock(self.state / demo_nodes.CLOCK)

    def advance_to(self, instant: datetime) -> None:
        """Move the legal time of all nodes."""
        self.clock.advance_to(instant)

    @property
    def postgres_pid(self) -> int:
        pid = json.loads(self.running.read_text())["postgres"]
        if pid is None:
            raise ValueError("the database server does not run at the moment")
        return int(pid)

    def processes(self) -> list[int]:
        """Every process that belongs to these nodes."""
        return [pid for pid in _pids() if str(self.state) in _everything_about(pid)]


def wait_until(is_so: Callable[[], object], *, seconds: float = 30, every: float = 0.1) -> None:
    """Wait until something is so; an error on the way counts as not yet."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if is_so():
                return
            fault: Exception | None = None
        except (httpx.HTTPError, psycopg.Error, OSError, KeyError, ValueError) as error:
            fault = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {seconds} s") from fault
        time.sleep(every)


def clean_environment() -> dict[str, str]:
    """The environment without what this test run itself was told."""
    ours = ("GONGHENG_", "DJANGO_", "PYTEST_", "DATABASE_URL")
    return {name: word for name, word in os.environ.items() if not name.startswith(ours)}


def launch(state: Path, **environment: str) -> "subprocess.Popen[bytes]":
    """Start ``gongheng up`` with its state in a folder; standard error goes to ``up.log`` there."""
    with (state / "up.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "gongheng.node.cli", "up"],
            env=clean_environment()
            | {"GONGHENG_STATE": str(state), "GONGHENG_FAULTS_ALLOWED": "1"}
            | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )


@contextmanager
def temporary_state() -> Iterator[Path]:
    """A state folder that the database's account may pass through, gone afterwards."""
    state = Path(tempfile.mkdtemp(prefix="gongheng-nodes-"))
    state.chmod(0o711)
    try:
        yield state
    finally:
        shutil.rmtree(state, ignore_errors=True)


def await_ready(process: "subprocess.Popen[bytes]", state: Path) -> None:
    """Wait until the addresses have been given, three lines on standard output."""
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)
    said = b""
    deadline = time.monotonic() + READY_SECONDS
    while said.count(b"\n") < len(demo_nodes.NODES):
        said += process.stdout.read() or b""
        if process.poll() is not None or time.monotonic() > deadline:
            stop(process)
            raise AssertionError("the nodes did not come up:\n" + (state / "up.log").read_text())
        time.sleep(0.1)


def stop(process: "subprocess.Popen[bytes]") -> int:
    """Stop as Ctrl-C does, and return the exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        code = process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    if process.stdout is not None:
        process.stdout.close()
    return code


def end(process: "subprocess.Popen[bytes]", state: Path) -> None:
    """Stop as Ctrl-C does: it ends well, and nothing is left behind, whatever the tests did."""
    assert stop(process) == 0
    assert Nodes(state, process).processes() == []


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    found = [child for child in _pids() if _parent_of(child) == pid]
    return [*found, *(grand for child in found for grand in children_of(child))]


def _parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _everything_about(pid: int) -> str:
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace")
    except OSError:
        environment = ""
    return f"{processes.command_of(pid)} {environment}"
