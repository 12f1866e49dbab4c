"""A time server is asked over a real socket, and what it says is read as the standard means it."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from gongheng.kernel.clock import machine_now
from gongheng.registers.timekeeping import sntp
from gongheng.registers.timekeeping.sntp import ask

FROM_1900 = 2_208_988_800
"""Seconds from 1900 to 1970, as RFC 868 gives them."""


def stamp(instant: datetime) -> bytes:
    """Write an instant as the wire has it, by another way than the reader's."""
    whole, part = divmod(instant.timestamp(), 1)
    return struct.pack("!II", (int(whole) + FROM_1900) % 2**32, int(part * 2**32))


def right(question: bytes, *, ahead: timedelta = timedelta(0), first: int = 0x24) -> bytes:
    """Answer as a server does whose clock is that far ahead of ours."""
    now = stamp(machine_now() + ahead)
    return bytes([first, 2, 6, 236]) + bytes(12) + now + question[40:48] + now + now


@contextmanager
def server(answer: Callable[[bytes], bytes]) -> Iterator[str]:
    """Answer each question on a port of this machine; yield ``host:port``."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(5)

        def serve() -> None:
            while True:
                question, whence = line.recvfrom(512)
                if not question:
                    return
                assert len(question) == 48
                assert question[0] == 0x23  # version 4, a client
                if said := answer(question):
                    line.sendto(said, whence)

        thread = threading.Thread(target=serve)
        thread.start()
        host, port = line.getsockname()
        try:
            yield f"{host}:{port}"
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
                end.sendto(b"", (host, port))
            thread.join()


@pytest.mark.parametrize("seconds", [0, 0.25, -1.5, 86_400, -3_600])
def test_how_far_a_server_is_ahead_is_found(seconds: float) -> None:
    ahead = timedelta(seconds=seconds)
    with server(lambda question: right(question, ahead=ahead)) as place:
        found = ask(place)

    assert not found.fault
    assert found.ahead is not None
    assert abs(found.ahead - ahead) <= found.delay + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("seconds", "instant"),
    [
        (2_208_988_800, datetime(1970, 1, 1, tzinfo=UTC)),
        (2_398_291_200, datetime(1976, 1, 1, tzinfo=UTC)),
        (2_524_521_600, datetime(1980, 1, 1, tzinfo=UTC)),
        (2_629_584_000, datetime(1983, 5, 1, tzinfo=UTC)),
    ],
)
def test_the_instants_of_the_standard_are_read(seconds: int, instant: datetime) -> None:
    """RFC 868 prints these pairs."""
    assert sntp._instant(seconds << 32, machine_now()) == instant


def test_the_seconds_begin_anew_in_2036() -> None:
    near = datetime(2036, 2, 7, 6, 28, 10, tzinfo=UTC)

    assert sntp._instant(0, near) == datetime(2036, 2, 7, 6, 28, 16, tzinfo=UTC)
    assert sntp._instant((2**32 - 1) << 32, near) == datetime(2036, 2, 7, 6, 28, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (lambda question: right(question)[:47], "应答不完整"),
        (lambda _: right(bytes(48)), "应答与提问不符"),
        (lambda question: right(question, first=0x23), "应答与提问不符"),
        (lambda question: right(question)[:40] + bytes(8), "应答与提问不符"),
        (lambda question: right(question, first=0xE4), "对方时钟未同步"),
        (lambda question: bytes([0x24, 0]) + right(question)[2:], "对方时钟未同步"),
        (lambda question: bytes([0x24, 16]) + right(question)[2:], "对方时钟未同步"),
    ],
    ids=["short", "unasked", "a client", "no time", "leap unknown", "kiss of death", "stratum 16"],
)
def test_what_no_right_server_says_is_no_time(answer: Callable[[bytes], bytes], fault: str) -> None:
    with server(answer) as place:
        found = ask(place)

    assert (found.ahead, found.fault) == (None, fault)


def test_silence_and_an_unknown_name_are_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sntp, "WAIT_SECONDS", 0.1)
    with server(lambda _: b"") as place:
        assert ask(place).fault == "没有应答"
    assert ask("nobody.invalid").fault == "没有应答"
    assert ask("127.0.0.1:9").fault == "没有应答"
    assert ask("127.0.0.1:99999").fault == "没有应答"
