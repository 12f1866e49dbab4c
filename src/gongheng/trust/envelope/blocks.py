"""Files read and written in whole blocks, past the system's cache where there is a way past it.

Through the cache a cold byte costs more processor time than AES and SHA-256 together, and ten
gigabytes of opened bids would push the database out of the machine's memory.
"""

import errno
import mmap
import os
from io import FileIO
from pathlib import Path

from gongheng.trust.crypto.gcm import Buffer
from gongheng.trust.envelope.suites import CHUNK, SEALED_CHUNK

BLOCK = 4096
"""What every disk takes: shorter or crooked pieces only behind the last block."""
_PIECE = 8 << 20
"""What goes to the disk at once: each trip costs."""
_STRAIGHT = getattr(os, "O_DIRECT", 0)


_FRONT = CHUNK + BLOCK
"""Room before the bytes just read, for what of a chunk was read before them."""


class BlockReader:
    """Gives the bytes of a long file; what it gave is good until the next are asked for."""

    def __init__(self, path: Path, *, start: int = 0) -> None:
        """Begin ``start`` bytes into the file. Raises ``OSError``."""
        self._path = path
        self._is_straight = bool(_STRAIGHT)
        self._file = self._opened()
        self._file.seek(start - start % BLOCK)
        self._memory = _memory(_FRONT + _PIECE + BLOCK)
        self._from = self._to = _FRONT
        self.take(start % BLOCK)

    def take(self, count: int) -> memoryview:
        """Return the next bytes, at most a sealed chunk; fewer only where the file ends."""
        while self._to - self._from < count and self._read(count):
            pass
        taken = self._memory[self._from : min(self._from + count, self._to)]
        self._from += len(taken)
        return taken

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _opened(self) -> FileIO:
        if self._is_straight:
            try:
                return FileIO(self._path, opener=_open_straight)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                self._is_straight = False
        return FileIO(self._path)

    def _read(self, count: int) -> int:
        """Read behind what is left, and return how many bytes there were.

        As many as some takes of ``count`` need, to the block: little is left to be carried along.
        """
        left = self._to - self._from
        wanted = max(_PIECE // count, 1) * count - left
        room = self._memory[_FRONT : _FRONT + min(wanted + -wanted % BLOCK, _PIECE + BLOCK)]
        self._memory[_FRONT - left : _FRONT] = self._memory[self._from : self._to]
        if self._is_straight and self._file.tell() % BLOCK:
            self._go_round()
        try:
            got = self._file.readinto(room)
        except OSError as error:
            if error.errno != errno.EINVAL or not self._is_straight:
                raise
            self._go_round()
            got = self._file.readinto(room)
        self._from, self._to = _FRONT - left, _FRONT + got
        return got

    def _go_round(self) -> None:
        """Go on through the cache."""
        place, self._is_straight = self._file.tell(), False
        self._file.close()
        self._file = self._opened()
        self._file.seek(place)


class BlockFile:
    """A new file. What is long is made in place: ask for ``room``, fill it, say what was ``took``."""

    def __init__(self, path: Path, *, size: int) -> None:
        """Make the file, which will have about ``size`` bytes. Raises ``OSError``."""
        self._path = path
        self._is_straight = bool(_STRAIGHT) and size >= CHUNK
        self._file = self._made()
        self._memory = _memory(_PIECE + SEALED_CHUNK) if size >= CHUNK else memoryview(b"")
        self._filled = 0

    def room(self) -> memoryview:
        """Return the place of the next bytes, as long as a sealed chunk: only in a long file."""
        return self._memory[self._filled : self._filled + SEALED_CHUNK]

    def took(self, count: int) -> None:
        """Take the first ``count`` bytes of the room."""
        self._filled += count
        if self._filled >= _PIECE:
            whole = self._filled - self._filled % BLOCK
            self._write(self._memory[:whole])
            self._memory[: self._filled - whole] = self._memory[whole : self._filled]
            self._filled -= whole

    def write(self, data: Buffer) -> None:
        """Take bytes that were made elsewhere."""
        rest = memoryview(data)
        if not self._memory:
            self._write(rest)
            return
        while rest:
            free = self._memory[self._filled :]
            piece = rest[: len(free)]
            free[: len(piece)] = piece
            self.took(len(piece))
            rest = rest[len(piece) :]

    def end(self, *, is_durable: bool = False) -> None:
        """Write what is left, and wait for the disk if it must be durable. Raises ``OSError``."""
        whole = self._filled - self._filled % BLOCK
        self._write(self._memory[:whole])
        if whole < self._filled:
            self._go_round()
            self._write(self._memory[whole : self._filled])
        if is_durable:
            os.fsync(self._file.fileno())
        self.close()

    def close(self) -> None:
        """Let go of the file, whole or not."""
        self._file.close()

    def _made(self) -> FileIO:
        if self._is_straight:
            try:
                return FileIO(self._path, "xb", opener=_open_straight)
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                # The file may have been made although the way was refused.
                self._path.unlink(missing_ok=True)
                self._is_straight = False
        return FileIO(self._path, "xb")

    def _go_round(self) -> None:
        """Go on through the cache."""
        if self._is_straight:
            self._file.close()
            self._file = FileIO(self._path, "ab")
            self._is_straight = False

    def _write(self, data: memoryview) -> None:
        while data:
            try:
                data = data[self._file.write(data) :]
            except OSError as error:
                if error.errno != errno.EINVAL or not self._is_straight:
                    raise
                self._go_round()


def _memory(size: int) -> memoryview:
    """Return memory that begins at a page, as the way past the cache demands.

    It is this process's alone: what could be shared would cost a file's page for each of its own.
    """
    if not hasattr(mmap, "MAP_PRIVATE"):
        return memoryview(mmap.mmap(-1, size))
    made = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        made.madvise(mmap.MADV_HUGEPAGE)
    return memoryview(made)


def _open_straight(path: str, flags: int) -> int:
    return os.open(path, flags | _STRAIGHT, 0o666)
