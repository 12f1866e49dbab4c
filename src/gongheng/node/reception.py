"""Takes requests in: a thread is given to what has come, not to what is still on its way.

An RSGI application in front of the WSGI one. The head of a request, a short body and the beginning
of a long one come without a thread; the rest of a long one is passed on as the application reads
it. A body that comes too slowly is ended. So many long bodies as leave a quarter of the threads to
pages may come at a time; one more ends the slowest of whoever sends the most, nobody's before a
person's. So who sends one file on a line that works is never turned away.

An answer needs no thread once it is made. A file is read by the server as its reader takes it, in
small pieces; any other answer is handed over whole, and lies in memory until it is taken.
"""

import asyncio
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Any, BinaryIO

from gongheng.kernel.reasons import Reason
from gongheng.web.arriving import KEY, LEAST, TOO_MANY, TOO_SLOW, WITHIN, Ended

SHORT = 32 * 1024
"""Bytes of a body that are taken in before a thread is given."""
_STATUS = {TOO_SLOW.code: 408, TOO_MANY.code: 503}
_FAULTY = 400

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Body(io.RawIOBase):
    """The body of one request; only ``read`` and ``belongs_to`` are called by other threads."""

    def __init__(self, protocol: Any, *, length: int, address: str, desk: "Reception") -> None:  # noqa: ANN401  granian's own shape
        super().__init__()
        self.length = length
        self.came = 0
        self.began = time.monotonic()
        self.sender = ""
        self.address = address
        self.is_ended = False
        self.why: Reason | None = None
        self._pieces = aiter(protocol) if length else None
        self._left = b""
        self._given = 0
        self._desk = desk
        self._waited = 0.0
        self._mark = 0
        self._waiting: asyncio.Future[bytes] | None = None

    @property
    def pace(self) -> float:
        """Return how many bytes a second have come so far."""
        return self.came / max(time.monotonic() - self.began, 0.001)

    @property
    def is_whole(self) -> bool:
        """Tell whether the last byte has come."""
        return self.came >= self.length

    async def take(self, most: int) -> bytes:
        """Return so many bytes, fewer only at the end. Raises ``Ended``."""
        most = min(most, self.length - self._given)
        parts, size = [self._left], len(self._left)
        while size < most:
            piece = await self._next()
            parts.append(piece)
            size += len(piece)
        whole = b"".join(parts)
        self._left = whole[most:]
        self._given += most
        return whole[:most]

    def put_back(self, taken: bytes) -> None:
        """Give back what was taken, to be read again."""
        self._left = taken + self._left
        self._given -= len(taken)

    async def _next(self) -> bytes:
        if self.is_ended:
            raise Ended(self.why)
        if self.came >= self._mark + LEAST:
            self._mark, self._waited = self.came, 0.0
        since = time.monotonic()
        self._waiting = waiting = asyncio.ensure_future(self._piece())
        await asyncio.wait({waiting}, timeout=max(WITHIN - self._waited, 0))
        self._waited += time.monotonic() - since
        if not waiting.done():
            self.end(TOO_SLOW)
            # An answer that goes out while the body is still waited for leaves the line open.
            await asyncio.wait({waiting})
            raise Ended(self.why)
        if waiting.cancelled() or waiting.exception() or not waiting.result():
            self.end(None)
            raise Ended(self.why)
        self.came += len(waiting.result())
        return waiting.result()

    async def _piece(self) -> bytes:
        try:
            return bytes(await anext(self._pieces)) if self._pieces else b""
        except StopAsyncIteration:
            return b""

    def end(self, why: Reason | None) -> None:
        """Take no more of it, what is waited for now included; nothing says why if the line broke."""
        if not self.is_ended:
            self.is_ended, self.why = True, why
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self._pieces = None  # the line closes once nobody refers to it any more

    def readable(self) -> bool:
        """Tell that it is read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, fewer only at the end (``wsgi.input``). Raises ``Ended``."""
        most = self.length if size < 0 else size
        taken = asyncio.run_coroutine_threadsafe(self.take(most), self._desk.loop)
        try:
            return taken.result()
        except CancelledError as error:  # the server stops
            raise Ended from error

    def belongs_to(self, sender: str) -> None:
        """Say who sends it; from now on it counts among the bodies that are on their way."""
        self.sender = sender
        self._desk.loop.call_soon_threadsafe(self._desk.admit, self)


class KeptFile:
    """A file that is the answer (``wsgi.file_wrapper``): only its place is needed."""

    def __init__(self, file: BinaryIO, _size: int = 0) -> None:
        self.path = file.name
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        """Yield nothing: what is read of it goes past the application."""
        return iter(())


class Reception:
    """The RSGI application of a node's web process."""

    def __init__(
        self,
        application: Application,
        *,
        threads: int,
        address_of: Callable[[Mapping[str, Any]], str],
    ) -> None:
        self.loop: asyncio.AbstractEventLoop
        self._application = application
        self._address_of = address_of
        self._threads = ThreadPoolExecutor(threads, "request")
        self._room = max(1, threads - max(1, threads // 4))
        self._coming: set[Body] = set()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Learn the loop of the worker."""
        self.loop = loop

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let nobody wait any more for what will not come."""
        for body in self._coming:
            body.end(None)
        self._threads.shutdown(wait=False, cancel_futures=True)
        loop.run_until_complete(asyncio.sleep(0.1))

    def admit(self, body: Body) -> None:
        """Count a long body; when there are more than leave threads to pages, end one."""
        self._coming = {each for each in self._coming if not each.is_whole and not each.is_ended}
        self._coming.add(body)
        if len(self._coming) > self._room:
            self._to_end().end(TOO_MANY)

    def _to_end(self) -> Body:
        """Return the slowest of who sends the most; a person's only when there are no others."""
        some = [body for body in self._coming if not body.sender] or list(self._coming)
        counts = Counter(body.sender or body.address for body in some)
        most = max(counts.values())
        return min(
            (body for body in some if counts[body.sender or body.address] == most),
            key=lambda body: body.pace,
        )

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:  # noqa: ANN401  granian's own shapes
        """Take a request in, let a thread answer it, and see the answer off."""
        environ = _environ(scope)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = Body(protocol, length=length, address=self._address_of(environ), desk=self)
        try:
            body.put_back(await body.take(SHORT))
        except Ended as ended:
            _say(protocol, environ, ended.reason)
            return
        if body.is_whole:
            environ["wsgi.input"] = io.BytesIO(await body.take(length))
        else:
            environ["wsgi.input"] = environ[KEY] = body
        environ["wsgi.file_wrapper"] = KeptFile
        try:
            await self.loop.run_in_executor(self._threads, self._answer, environ, protocol, body)
        finally:
            self._coming.discard(body)

    def _answer(self, environ: dict[str, Any], protocol: Any, body: Body) -> None:  # noqa: ANN401
        """Let the application answer, in a thread."""
        head: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            head[:] = [int(status.split(" ", 1)[0]), headers]

        answer = self._application(environ, start)
        try:
            whole = b"".join(answer)
            if not body.is_whole:  # what may still come belongs to no next request
                head[1].append(("connection", "close"))
            if body.why is not None and head[0] >= _FAULTY:
                _say(protocol, environ, body.why)
            elif isinstance(answer, KeptFile):
                protocol.response_file(*head, answer.path)
            else:
                protocol.response_bytes(*head, whole)
        finally:
            if hasattr(answer, "close"):
                answer.close()


def _say(protocol: Any, environ: Mapping[str, Any], reason: Reason | None) -> None:  # noqa: ANN401
    """Answer that a body was ended, and what to do; nothing when nobody listens any more."""
    if reason is None:
        protocol.response_empty(400, [])
        return
    headers = [("connection", "close"), ("retry-after", "1"), ("cache-control", "no-store")]
    if "text/html" in environ.get("HTTP_ACCEPT", ""):
        sort, text = "text/plain", str(reason)
    else:
        sort, text = "application/json", json.dumps(reason.as_json(), ensure_ascii=False)
    headers.append(("content-type", f"{sort}; charset=utf-8"))
    protocol.response_bytes(_STATUS[reason.code], headers, text.encode())


def _environ(scope: Any) -> dict[str, Any]:  # noqa: ANN401  granian's own shape
    """Return the environment of a request as WSGI names it."""
    server, _, port = scope.server.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:  # would pass for the header with hyphens that a proxy has set
            continue
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    return environ
