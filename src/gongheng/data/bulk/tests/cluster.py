"""A Spark cluster of separate processes on this machine: one master, some workers."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

HERE = "127.0.0.1"
READY = 120.0


def missing() -> str:
    """Return what a cluster needs and is not here, empty when nothing is missing."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed"
    return "" if shutil.which("java") else "Java is not installed"


def children_of(pid: int) -> list[int]:
    found = []
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):  # a JVM's are begun by any thread
        with suppress(OSError):
            found.extend(int(word) for word in thread.read_text().split())
    return found


def family_of(pid: int) -> list[int]:
    return [pid, *(each for child in children_of(pid) for each in family_of(child))]


@dataclass
class Cluster:
    """The processes; ``url`` is told to whoever wants something done."""

    folder: Path
    url: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, kind: str, *arguments: str, **also: str) -> subprocess.Popen[bytes]:
        home = Path(importlib.util.find_spec("pyspark").origin).parent  # type: ignore[union-attr, arg-type]
        environment = os.environ | {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": HERE,
            "SPARK_WORKER_DIR": str(self.folder / "work"),
            "SPARK_DAEMON_MEMORY": "512m",
            **also,
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [
                    str(home / "bin" / "spark-class"),
                    f"org.apache.spark.deploy.{kind}",
                    *arguments,
                ],
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes.append(process)
        return process

    def said(self, name: str, pattern: str) -> re.Match[str]:
        """Wait until a process says something of that form."""
        log = self.folder / f"{name}.log"
        end = time.monotonic() + READY
        while time.monotonic() < end:
            found = re.search(pattern, log.read_text(errors="replace"))
            if found:
                return found
            time.sleep(0.2)
        raise AssertionError(log.read_text(errors="replace")[-2000:])

    def add_worker(self, **environment: str) -> None:
        name = f"worker-{len(self.workers)}"
        limits = ["--cores", "1", "--memory", "1g", "--webui-port", "0", "--host", HERE]
        self.workers.append(self.start(name, "worker.Worker", *limits, self.url, **environment))
        self.said(name, "Successfully registered with master")

    def kill_worker(self) -> None:
        """End a worker, what it started and what that started at once, without a word."""
        for pid in family_of(self.workers.pop(0).pid):
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def running(folder: Path, *, workers: int) -> Iterator[Cluster]:
    """Start a cluster, and end every process of it."""
    folder.mkdir()
    cluster = Cluster(folder)
    try:
        ports = ["--host", HERE, "--port", "0", "--webui-port", "0"]
        cluster.start("master", "master.Master", *ports)
        found = cluster.said("master", r"Starting Spark master at (spark://[\d.]+:\d+)")
        cluster.url = found[1]
        for _ in range(workers):
            cluster.add_worker()
        yield cluster
    finally:
        cluster.stop()
