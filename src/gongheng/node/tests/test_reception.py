"""What comes slowly keeps nobody waiting, and is ended when it does not come at all: real sockets."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from django.core.handlers.wsgi import LimitedStream
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from gongheng.node import reception
from gongheng.node.reception import SHORT, Body, Reception
from gongheng.web.arriving import KEY, LEAST, TOO_MANY, TOO_SLOW, Ended

THREADS = 8
ROOM = 6
PATIENCE = 2.0
"""Seconds in which the least of a body must come here, where a node waits a minute."""
LONG = 4 * SHORT
LONG_ANSWER = 800_000
FILE = 128_000_000
"""Bytes of a file that no buffer between here and there takes in."""


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Say what came; who sends it stands in the query."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if KEY in environ:
        environ[KEY].belongs_to(environ["QUERY_STRING"])
    stream = LimitedStream(environ["wsgi.input"], length)  # as Django reads
    digest = hashlib.sha256()
    came = 0
    try:
        while piece := stream.read(10_000):
            digest.update(piece)
            came += len(piece)
    except Ended:
        start("400 Bad Request", [])
        return []
    start("200 OK", [("content-type", "application/json"), ("x-two", "1"), ("x-two", "2")])
    if environ["PATH_INFO"] == "/long":
        return (b"x" * 50_000 for _ in range(LONG_ANSWER // 50_000))
    if environ["PATH_INFO"] == "/file":
        kept = Path(os.environ["KEPT"])
        start("200 OK", [("content-length", str(kept.stat().st_size))])
        return environ["wsgi.file_wrapper"](kept.open("rb"), 4096)
    said = {
        "came": came,
        "digest": digest.hexdigest(),
        "path": environ["PATH_INFO"].encode("latin-1").decode(),
        "headers": {key: text for key, text in environ.items() if key.startswith("HTTP_")},
    }
    return [json.dumps(said).encode()]


def serve(port: int) -> None:
    """Serve the application above as a node serves its own."""
    reception.WITHIN = PATIENCE
    Granian(
        "application",
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=3,
    ).serve(
        target_loader=lambda _: Reception(
            application, threads=THREADS, address_of=lambda environ: str(environ["REMOTE_ADDR"])
        )
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a large file that differs at its ends."""
    path = tmp_path_factory.mktemp("kept") / "file"
    with path.open("wb") as file:
        file.write(os.urandom(100_000))
        file.seek(FILE - 100_000)
        file.write(os.urandom(100_000))
    return path


@pytest.fixture(scope="module")
def node(kept: Path) -> Iterator[tuple[int, int]]:
    """Return the port and the process of a server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    words = f"from {__name__} import serve; serve({number})"
    child = subprocess.Popen(
        [sys.executable, "-c", words], start_new_session=True, env=os.environ | {"KEPT": str(kept)}
    )
    try:
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{number}/")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield number, child.pid
        child.send_signal(signal.SIGINT)
        child.wait(10)
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def port(node: tuple[int, int]) -> int:
    return node[0]


def memory_of(process: int) -> int:
    """Return how many bytes a process and its children hold."""
    home = Path(f"/proc/{process}")
    children = (home / "task" / str(process) / "children").read_text().split()
    pages = int((home / "statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") + sum(memory_of(int(child)) for child in children)


class Line:
    """A connection on which a body of so many bytes is sent bit by bit."""

    def __init__(self, port: int, length: int, *, sender: str = "", accept: str = "*/*") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        head = (
            f"POST /?{sender} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n"
            f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
        )
        self.socket.sendall(head.encode())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, count: int) -> None:
        self.socket.sendall(b"y" * count)

    def answer(self) -> tuple[int, str]:
        """Return status and text of the answer."""
        told = b""
        while piece := self.socket.recv(65536):
            told += piece
        head, _, text = told.partition(b"\r\n\r\n")
        return int(head.split()[1]), text.decode()

    @property
    def is_over(self) -> bool:
        """Tell whether the node has ended it."""
        self.socket.setblocking(False)  # noqa: FBT003  the socket's own shape
        try:
            return self.socket.recv(1, socket.MSG_PEEK) is not None
        except BlockingIOError:
            return False
        finally:
            self.socket.settimeout(20)


def page(port: int) -> float:
    """Return how long a page took."""
    started = time.monotonic()
    assert httpx.get(f"http://127.0.0.1:{port}/", timeout=20).status_code == 200
    return time.monotonic() - started


@pytest.mark.parametrize("size", [0, 1, SHORT - 1, SHORT, SHORT + 1, 3_000_000])
def test_every_byte_of_a_body_comes_as_it_was_sent(port: int, size: int) -> None:
    body = os.urandom(size)

    told = httpx.post(f"http://127.0.0.1:{port}/", content=body).json()

    assert told["came"] == size
    assert told["digest"] == hashlib.sha256(body).hexdigest()


def test_address_and_headers_are_those_that_were_sent(port: int) -> None:
    sent = {"X-Forwarded-For": "192.0.2.1", "X_Forwarded_For": "192.0.2.9"}

    answer = httpx.get(f"http://127.0.0.1:{port}/a%2520b/%E5%85%AC/", headers=sent)

    assert answer.json()["path"] == "/a%20b/公/"
    assert answer.json()["headers"]["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert answer.headers.get_list("x-two") == ["1", "2"]
    assert httpx.head(f"http://127.0.0.1:{port}/").status_code == 200


def test_a_long_answer_comes_whole(port: int) -> None:
    assert len(httpx.get(f"http://127.0.0.1:{port}/long").content) == LONG_ANSWER


def test_many_times_more_slow_senders_than_threads_keep_no_page_waiting(port: int) -> None:
    with ExitStack() as lines:
        for _ in range(20 * THREADS):
            lines.enter_context(Line(port, 1000)).send(1)
        for _ in range(20 * THREADS):
            lines.enter_context(Line(port, LONG)).send(SHORT - 1)

        assert max(page(port) for _ in range(5)) < 2


def test_what_does_not_come_is_ended_and_told_what_to_do(port: int) -> None:
    with Line(port, 1000) as short, Line(port, LONG, accept="text/html") as long:
        short.send(1)
        long.send(SHORT + 1)

        status, told = short.answer()
        assert status == 408
        assert json.loads(told)["code"] == TOO_SLOW.code
        assert long.answer() == (408, str(TOO_SLOW))


def test_who_sends_little_but_always_something_is_not_ended(port: int) -> None:
    with Line(port, SHORT + 4 * LEAST) as line:
        line.send(SHORT)
        for _ in range(4):
            time.sleep(PATIENCE / 2)
            line.send(LEAST)

        status, told = line.answer()
    assert status == 200
    assert json.loads(told)["came"] == SHORT + 4 * LEAST


def test_one_file_of_a_person_comes_through_however_many_others_send(port: int) -> None:
    """Nobody who sends one file is turned away for those who send many."""
    with Line(port, LONG, sender="firm") as mine, ExitStack() as lines:
        mine.send(SHORT + 1)
        for number in range(4 * THREADS):
            sender = "rival" if number % 2 else ""
            line = lines.enter_context(Line(port, 100 * LONG, sender=sender))
            line.send(SHORT + 1)
        assert page(port) < 2

        time.sleep(PATIENCE / 4)
        mine.send(LONG - SHORT - 1)
        status, told = mine.answer()
    assert status == 200
    assert json.loads(told)["came"] == LONG


def test_who_is_one_too_many_learns_it_at_once(port: int) -> None:
    with ExitStack() as lines:
        many = [lines.enter_context(Line(port, LONG, sender="firm")) for _ in range(ROOM + 1)]
        for line in many:
            line.send(SHORT + 1)
        started = time.monotonic()
        while not any(line.is_over for line in many):
            assert time.monotonic() - started < PATIENCE / 2
            time.sleep(0.02)

        ended = [line for line in many if line.is_over]
        assert len(ended) == 1
        status, told = ended[0].answer()
        assert status == 503
        assert json.loads(told)["remedy"] == TOO_MANY.remedy


def test_a_line_that_broke_leaves_its_thread_to_others(port: int) -> None:
    for _ in range(3 * THREADS):
        with Line(port, LONG) as line:
            line.send(SHORT + 1)

    with ThreadPoolExecutor(THREADS) as pool:
        assert max(pool.map(lambda _: page(port), range(THREADS))) < 2


def test_a_file_comes_whole(port: int, kept: Path) -> None:
    answer = httpx.get(f"http://127.0.0.1:{port}/file", timeout=60)

    assert answer.headers["content-length"] == str(FILE)
    assert hashlib.sha256(answer.content).digest() == hashlib.sha256(kept.read_bytes()).digest()


def reader(port: int) -> socket.socket:
    """Return a connection on which a large file is asked for, and not read."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(20)
    line.connect(("127.0.0.1", port))
    line.sendall(b"GET /file HTTP/1.1\r\nHost: x\r\n\r\n")
    assert line.recv(12) == b"HTTP/1.1 200"
    return line


def test_slow_readers_of_a_large_file_cost_neither_threads_nor_memory(
    node: tuple[int, int],
) -> None:
    """Two hundred and fifty-six of them: a node that took the file in for each held 32 GB."""
    port, process = node
    before = memory_of(process)
    with ExitStack() as lines:
        for _ in range(256):
            lines.enter_context(reader(port))

        assert max(page(port) for _ in range(5)) < PATIENCE
        assert memory_of(process) - before < 2 * FILE


def _body(of: Reception, sender: str, address: str, came: int) -> Body:
    body = Body(None, length=0, address=address, desk=of)
    body.length, body.sender, body.came = 10**9, sender, came
    return body


def test_the_slowest_of_who_sends_the_most_is_ended_and_no_person_before_nobody() -> None:
    of = Reception(application, threads=4, address_of=lambda _: "")  # room for three
    alone = _body(of, "firm", "192.0.2.1", 1)
    slow, quick = (_body(of, "", "192.0.2.2", came) for came in (2, 3_000))
    other = _body(of, "", "192.0.2.3", 1)
    for body in (alone, quick, slow):
        of.admit(body)
    assert not any(body.is_ended for body in (alone, quick, slow))

    of.admit(other)
    assert slow.is_ended
    assert not any(body.is_ended for body in (alone, quick, other))

    others = [_body(of, "many", "192.0.2.1", came) for came in (5_000, 4_000)]
    for body in others:
        of.admit(body)
    assert quick.is_ended
    assert other.is_ended
    one_more = _body(of, "third", "192.0.2.1", 1)
    of.admit(one_more)
    assert others[1].is_ended
    assert not any(body.is_ended for body in (alone, one_more, others[0]))
