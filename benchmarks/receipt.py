"""How long after the last byte of a large bid its receipt is there (E-02: two seconds), and what it costs.

    .venv/bin/python -m gongheng.node.postgres .venv/bin/python benchmarks/receipt.py [--megabytes 465] [--rounds 3] [--suite sm4-gcm-sm3]

A node's web program (reception, granian, Django, PostgreSQL) takes a sealed bid in over HTTP three ways:
``form`` as a browser sends it, ``parts`` of 4 MiB as ``gongheng bid submit`` does, ``one_part`` all at
once. ``wait`` is from the moment the system took the last byte from the sender until the whole answer
was read, ``cpu`` the processor seconds of the web program for the whole bid. Floors run between them:
``digest`` is the raw digest of the suite over the same bytes in memory, ``copy`` writes them into a file
and brings them to the disk every 16 MiB. The last line is JSON.
"""

import argparse
import os
import shutil
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongheng.node.settings")

import django  # noqa: E402
from django.conf import settings  # noqa: E402

from benchmarks.measure import family_seconds, give, say  # noqa: E402

django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402
from granian import Granian  # noqa: E402
from granian.constants import Interfaces  # noqa: E402
from granian.log import LogLevels  # noqa: E402

from gongheng.node.bidding_deeds import PART  # noqa: E402
from gongheng.node.reception import Reception  # noqa: E402
from gongheng.trading.bids import actions  # noqa: E402
from gongheng.trading.bids.kinds import UsualPart  # noqa: E402
from gongheng.trading.bids.tests import support  # noqa: E402
from gongheng.trust.envelope.sealing import Content, seal  # noqa: E402
from gongheng.trust.envelope.suites import SUITES, Suite  # noqa: E402
from gongheng.trust.identity.actors import address_in  # noqa: E402
from gongheng.trust.identity.models import Account  # noqa: E402

TOKEN = "a" * 32
TOGETHER = 1 << 20
SYNC_EVERY = 16


class Standing:
    """A legal clock that stands at the hour of the tests' tender."""

    def now(self) -> datetime:
        return support.NOW


def new_database() -> None:
    """Make an empty database with all tables, straight from the models."""
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    settings.ALLOWED_HOSTS = ["*"]
    settings.GONGHENG_CLOCK = Standing()
    setup_test_environment(debug=False)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)


def serve(port: int) -> None:
    """Serve the node's pages as ``gongheng node web`` does, at the hour above."""
    from gongheng.node.wsgi import application  # noqa: PLC0415  after the database is chosen

    Granian(
        "application",
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=3,
    ).serve(
        target_loader=lambda _: Reception(
            application,
            threads=settings.NODE.web.threads,
            address_of=address_in,
        )
    )


def running(port: int) -> int:
    """Start the web program; return its process."""
    connection.close()
    connection.close_pool()
    pid = os.fork()
    if pid == 0:
        try:
            serve(port)
        finally:
            os._exit(0)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return pid


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Sender:
    """One firm's connection to the node."""

    def __init__(self, port: int, who: support.Firm) -> None:
        client = Client()
        client.force_login(Account.objects.get(pk=who.actor.person_id))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._head = (
            f"Host: localhost\r\nX-CSRFToken: {TOKEN}\r\n"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}\r\n"
        )

    def send(
        self, verb: str, page: str, pieces: Iterator[bytes], *, size: int, sort: str
    ) -> tuple[int, float]:
        """Return the status of the answer, and how long after the last byte it was read."""
        head = f"{verb} {page} HTTP/1.1\r\n{self._head}Content-Type: {sort}\r\nContent-Length: {size}\r\n\r\n"
        self._socket.sendall(head.encode())
        for piece in pieces:
            self._socket.sendall(piece)
        sent = time.monotonic()
        return self._answer(), time.monotonic() - sent

    def _answer(self) -> int:
        with self._socket.makefile("rb") as told:
            status = int(told.readline().split()[1])
            length = 0
            while (line := told.readline()) != b"\r\n":
                name, _, text = line.partition(b":")
                length = int(text) if name.lower() == b"content-length" else length
            told.read(length)
        return status

    def close(self) -> None:
        self._socket.close()


def pieces_of(path: Path, start: int, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while size and (piece := file.read(min(TOGETHER, size))):
            size -= len(piece)
            yield piece


Found = defaultdict[str, list[float]]
Way = Callable[[Sender, support.Tender, support.Firm, Path], tuple[int, float]]


def form(
    sender: Sender,
    lot: support.Tender,
    who: support.Firm,  # noqa: ARG001  the shape of a way
    path: Path,
) -> tuple[int, float]:
    mark = "x" * 30
    before = (
        f'--{mark}\r\nContent-Disposition: form-data; name="envelope"; filename="a.gbe"\r\n\r\n'
    ).encode()
    after = f"\r\n--{mark}--\r\n".encode()
    size = path.stat().st_size

    def body() -> Iterator[bytes]:
        yield before
        yield from pieces_of(path, 0, size)
        yield after

    page = reverse("bidding", args=[lot.case.pk])
    sort = f"multipart/form-data; boundary={mark}"
    return sender.send("POST", page, body(), size=len(before) + size + len(after), sort=sort)


def in_parts_of(most: int) -> Way:
    def way(
        sender: Sender, lot: support.Tender, who: support.Firm, path: Path
    ) -> tuple[int, float]:
        size = path.stat().st_size
        begun = actions.begin_upload(
            case_id=lot.case.pk, size=size, actor=who.actor, now=support.NOW
        )
        status, wait = 0, 0.0
        for start in range(0, size, most):
            part = min(most, size - start)
            page = reverse("bidding-upload-part", args=[lot.case.pk, begun.pk, start])
            status, wait = sender.send(
                "PUT",
                page,
                pieces_of(path, start, part),
                size=part,
                sort="application/octet-stream",
            )
        return status, wait

    return way


WAYS: dict[str, Way] = {"form": form, "parts": in_parts_of(PART), "one_part": in_parts_of(1 << 40)}


def sealed(lot: support.Tender, who: support.Firm, megabytes: int, folder: Path) -> Path:
    source, target = folder / "bid.bin", folder / "bid.gbe"
    with source.open("wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(1_000_000))
    seal(
        {"bid": Content({"bid.bin": source}, {"tool": "benchmark"})},
        target,
        signed=lot.signed,
        key=who.key,
    )
    source.unlink()
    return target


def digest_floor(suite: Suite, size: int) -> float:
    plain, digest = os.urandom(TOGETHER), suite.digest()
    began = time.process_time()
    for _ in range(size // TOGETHER):
        digest.update(plain)
    return time.process_time() - began


def copy_floor(path: Path, target: Path) -> tuple[float, float]:
    """Return the seconds by the wall's clock and on the processor."""
    wall, began = time.monotonic(), time.process_time()
    with target.open("wb") as file:
        for number, piece in enumerate(pieces_of(path, 0, path.stat().st_size), start=1):
            file.write(piece)
            if number % SYNC_EVERY == 0:
                file.flush()
                os.fsync(file.fileno())
        file.flush()
        os.fsync(file.fileno())
    target.unlink()
    return time.monotonic() - wall, time.process_time() - began


def measure(suite: Suite, megabytes: int, rounds: int, folder: Path) -> dict[str, object]:
    support.AES = suite
    new_database()
    lot = support.tender(folder, parts=(UsualPart("bid", "投标文件"),))
    who = support.firm(1)
    support.grant(who)
    path = sealed(lot, who, megabytes, folder)
    size = path.stat().st_size
    say(f"a bid of {size / 1e6:.0f} MB, sealed by {suite.name}")
    port = free_port()
    pid = running(port)
    found: Found = defaultdict(list)
    try:
        for _ in range(rounds):
            floors(suite, path, found)
            for name, way in WAYS.items():
                one(name, partial(way, lot=lot, who=who, path=path), Sender(port, who), pid, found)
    finally:
        os.kill(pid, signal.SIGINT)
        os.waitpid(pid, 0)
    figures = {name: round(statistics.median(values), 2) for name, values in found.items()}
    slowest = round(max(max(found[f"{name}_wait"]) for name in WAYS), 2)
    told = {"suite": suite.name, "megabytes": round(size / 1e6), "rounds": rounds}
    return {**told, **figures, "slowest_wait": slowest}


def floors(suite: Suite, path: Path, found: Found) -> None:
    wall, cpu = copy_floor(path, path.with_name("copy"))
    found["digest_cpu"].append(digest_floor(suite, path.stat().st_size))
    found["copy_wall"].append(wall)
    found["copy_cpu"].append(cpu)


def one(
    name: str,
    send: Callable[[Sender], tuple[int, float]],
    sender: Sender,
    server: int,
    found: Found,
) -> None:
    """Hand one bid in, and note what it took."""
    before, began = family_seconds(server), time.monotonic()
    status, wait = send(sender)
    whole, cpu = time.monotonic() - began, family_seconds(server) - before
    sender.close()
    if status not in {HTTPStatus.CREATED, HTTPStatus.FOUND}:
        sys.exit(f"{name}: HTTP {status}")
    say(f"{name}: receipt after {wait:.2f} s, all {whole:.1f} s, {cpu:.2f} s of CPU")
    for what, value in (("wait", wait), ("whole", whole), ("cpu", cpu)):
        found[f"{name}_{what}"].append(value)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--megabytes", type=int, default=465)
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--suite", choices=sorted(SUITES), default=max(SUITES))
    asked = words.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gongheng-receipt-"))
    try:
        give("receipt", measure(SUITES[asked.suite], asked.megabytes, asked.rounds, folder))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
