"""A real SMTP server for tests: it takes, refuses or breaks off as a test tells it."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


@dataclass
class Taken:
    """One message as it came over the line."""

    sender: str
    recipients: list[str]
    data: bytes

    @property
    def mail(self) -> EmailMessage:
        return cast("EmailMessage", message_from_bytes(self.data, policy=policy.default))


@dataclass
class Server:
    """What came in; ``refused`` maps an address to the reply it gets; ``is_dead``: hang up at once."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    is_dead: bool = False


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Server = self.server.told  # type: ignore[attr-defined]  # set below
        if server.is_dead:
            return
        self._say("220 test")
        sender, recipients = "", []
        for line in iter(self._line, ""):
            verb = line[:4].upper()
            if verb == "MAIL":
                sender, recipients = line[10:].split(">")[0].lstrip("<"), []
                self._say("250 ok")
            elif verb == "RCPT":
                address = line[8:].split(">")[0].lstrip("<")
                reply = server.refused.get(address, "250 ok")
                if reply.startswith("250"):
                    recipients.append(address)
                self._say(reply)
            elif verb == "DATA":
                self._say("354 go on")
                server.taken.append(Taken(sender, recipients, self._data()))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _line(self) -> str:
        return self.rfile.readline().decode("ascii", "replace").strip()

    def _data(self) -> bytes:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line[1:] if line.startswith(b"..") else line for line in lines)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def running() -> Iterator[Server]:
    """Give a server on a free port of this machine."""
    told = Server()
    with _Listener(("127.0.0.1", 0), _Handler) as listener:
        listener.told = told  # type: ignore[attr-defined]  # read by the handler
        told.port = listener.server_address[1]
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield told
        finally:
            listener.shutdown()
            thread.join()
