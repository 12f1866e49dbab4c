"""Asks a time server once, as RFC 4330 says: one datagram there, one back."""

import secrets
import socket
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gongheng.kernel.clock import machine_now

PORT = 123
WAIT_SECONDS = 2.0
_FORM = struct.Struct("!BBbb3I4Q")
_VERSION_4_CLIENT = 4 << 3 | 3
_SERVER = 4
_UNSYNCHRONISED = 3
_STRATA = range(1, 16)
_EPOCH = datetime(1900, 1, 1, tzinfo=UTC)
_ERA = timedelta(seconds=1 << 32)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one server said: how far its time is ahead of ours, and how long the question took.

    ``fault`` tells in Chinese why there is no ``ahead``.
    """

    server: str
    ahead: timedelta | None = None
    delay: timedelta = timedelta(0)
    fault: str = ""


def ask(server: str) -> Answer:
    """Ask a server, ``host`` or ``host:port``. It never raises: who does not answer has a fault."""
    host, _, port = server.partition(":")
    question = secrets.randbits(64)
    try:
        family, kind, number, _, place = socket.getaddrinfo(
            host, int(port or PORT), type=socket.SOCK_DGRAM
        )[0]
        with socket.socket(family, kind, number) as line:
            line.settimeout(WAIT_SECONDS)
            # Connected, it hears nobody else.
            line.connect(place)
            sent = machine_now()
            line.send(_FORM.pack(_VERSION_4_CLIENT, *[0] * 9, question))
            said = line.recv(1024)
            came = machine_now()
    except OSError:
        return Answer(server, fault="没有应答")
    return _read(server, said, question, sent, came)


def _read(server: str, said: bytes, question: int, sent: datetime, came: datetime) -> Answer:
    if len(said) < _FORM.size:
        return Answer(server, fault="应答不完整")
    first, stratum, *_, echoed, received, answered = _FORM.unpack_from(said)
    # The random number comes back: who has not seen our question cannot answer it.
    if first & 7 != _SERVER or echoed != question or not answered:
        return Answer(server, fault="应答与提问不符")
    if first >> 6 == _UNSYNCHRONISED or stratum not in _STRATA:
        return Answer(server, fault="对方时钟未同步")
    there, back = _instant(received, sent), _instant(answered, sent)
    return Answer(server, ((there - sent) + (back - came)) / 2, (came - sent) - (back - there))


def _instant(stamp: int, near: datetime) -> datetime:
    """Read 32 bits of seconds since 1900 and 32 of their fraction, in the era that is nearest."""
    instant = _EPOCH + timedelta(
        seconds=stamp >> 32, microseconds=(stamp & 0xFFFFFFFF) * 1e6 / 2**32
    )
    return instant + round((near - instant) / _ERA) * _ERA
