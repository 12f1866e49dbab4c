"""A bad line between two nodes: it cuts, delays, doubles, loses answers and delivers late.

It works request by request: one HTTP request in, the same bytes to the node behind it, the answer
back. A connection carries one request, so that every request meets the line as it is at that moment.
"""

import asyncio
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_LENGTH = re.compile(rb"(?im)^content-length:\s*(\d+)")
_CONNECTION = re.compile(rb"(?im)^connection:[^\r]*\r\n")
_PATIENCE = 30.0


@dataclass
class Line:
    """How the line behaves now; a test sets these while requests pass."""

    target: int = 0
    """The port of the node behind it."""
    port: int = 0
    is_cut: bool = False
    loses_answers: bool = False
    doubles: bool = False
    delivers_late: bool = False
    delay: float = 0.0
    passed: list[bytes] = field(default_factory=list)
    """The batches that passed, oldest first: what an old request is taken from."""
    held: list[bytes] = field(default_factory=list)
    """Requests whose sender was cut off and which reach the node only after a later one."""
    counts: dict[str, int] = field(default_factory=dict)
    """How often each fault really happened."""

    def mend(self) -> None:
        """Let everything pass again; what is still held is delivered after the next request."""
        self.is_cut = self.loses_answers = self.doubles = self.delivers_late = False
        self.delay = 0.0

    def deliver(self, request: bytes) -> bytes:
        """Deliver a request again, whenever it was made, and return the node's whole answer."""
        # In a thread of its own: a browser's event loop may stand in the caller's.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._forward(request)).result()

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one request, as the line is now."""
        with suppress(OSError, EOFError, TimeoutError):
            writer.write(await asyncio.wait_for(self._carried(reader), _PATIENCE))
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def _carried(self, reader: asyncio.StreamReader) -> bytes:
        """Return the answer, or nothing: then the sender sees its connection close."""
        if self.is_cut:
            return self._count("cut")
        request = await _read_request(reader)
        is_batch = request.startswith(b"POST ")
        if self.delay:
            self._count("delayed")
            await asyncio.sleep(self.delay)
        if self.is_cut:
            return self._count("cut")
        if is_batch and self.delivers_late:
            self.held.append(request)
            return self._count("held")
        answer = await self._forward(request)
        if not is_batch:
            return answer
        self.passed.append(request)
        answer = await self._again(request) if self.doubles else answer
        late, self.held = self.held, []
        for old in reversed(late):
            self._count("late")
            await self._forward(old)
        return self._count("answers lost") if self.loses_answers else answer

    async def _again(self, request: bytes) -> bytes:
        self._count("doubled")
        return await self._forward(request)

    async def _forward(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _count(self, what: str) -> bytes:
        self.counts[what] = self.counts.get(what, 0) + 1
        return b""


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    """Return the next request, asking the node behind to close after its answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    found = _LENGTH.search(head)
    body = await reader.readexactly(int(found[1])) if found else b""
    first, _, others = head.partition(b"\r\n")
    return first + b"\r\nConnection: close\r\n" + _CONNECTION.sub(b"", others) + body


@contextmanager
def bad_line() -> Iterator[Line]:
    """A line that listens on ``port`` of its own until the end; cut until its ``target`` is known."""
    line, loop = Line(is_cut=True), asyncio.new_event_loop()
    # In a thread of its own from the first: a browser's driver may have a loop in ours.
    thread = threading.Thread(target=loop.run_forever, name="bad line")
    thread.start()
    listening = asyncio.start_server(line.meet, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result(_PATIENCE)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result(_PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
