"""What lies inside a sealed part: a manifest, the files one after the other, and padding.

Four bytes of length, the manifest (canonical JSON: the files with their sizes, and the bid
fingerprint), the bytes of the files in the manifest's order, and zeros up to the last chunk.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.gcm import Buffer
from gongheng.trust.envelope import padding, reasons
from gongheng.trust.envelope.blocks import BlockFile, BlockReader
from gongheng.trust.envelope.fields import Fields, whole
from gongheng.trust.envelope.suites import CHUNK

COUNT_LENGTH = 4
LONGEST_MANIFEST = 1 << 22
LARGEST_CONTENT = padding.MOST_CHUNKS * CHUNK
_LONGEST_NAME = 255
_RESERVED = set('<>:"\\|?*')


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: its path inside the part, with forward slashes, and its size in bytes."""

    path: str
    size: int

    @classmethod
    def read(cls, fields: Fields) -> "Entry":
        """Read the JSON form. Raises ``ValueError``."""
        return cls(path=fields.text("path", 4096), size=fields.whole("size", 0, LARGEST_CONTENT))


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a part in rising order of path, and the fingerprint (empty when none is taken)."""

    entries: tuple[Entry, ...]
    fingerprint: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def read(cls, fields: Fields) -> "Manifest":
        """Read the JSON form. Raises ``ValueError``."""
        fields.version()
        manifest = cls(
            entries=fields.each("files", Entry.read), fingerprint=fields.mapping("fingerprint")
        )
        paths = [entry.path for entry in manifest.entries]
        if not paths or paths != sorted(paths) or unfit_paths(paths):
            raise ValueError("files")
        return manifest

    def encode(self) -> bytes:
        """Return length and manifest."""
        files = [{"path": entry.path, "size": entry.size} for entry in self.entries]
        body = canonical({"v": 1, "files": files, "fingerprint": self.fingerprint})
        if len(body) > LONGEST_MANIFEST:
            raise Refusal(reasons.TOO_LARGE)
        return len(body).to_bytes(COUNT_LENGTH) + body


def unfit_paths(paths: Sequence[str]) -> list[str]:
    """Return the paths that some system could not store, or that would lead out of the folder."""
    seen: set[str] = set()
    unfit = []
    for path in paths:
        # What differs only in case is one file on some systems, and so is a file and a folder.
        folded = path.casefold()
        if not _is_fit(path) or folded in seen:
            unfit.append(path)
        seen.add(folded)
    folders = {str(folder) for folded in seen for folder in PurePosixPath(folded).parents}
    return unfit + [path for path in paths if path.casefold() in folders]


def _is_fit(path: str) -> bool:
    names = path.split("/")
    return unicodedata.is_normalized("NFC", path) and all(_is_fit_name(name) for name in names)


def _is_fit_name(name: str) -> bool:
    return (
        0 < len(name.encode(errors="replace")) <= _LONGEST_NAME
        and name not in {".", ".."}
        and not name.endswith((" ", "."))
        and not _RESERVED & set(name)
        and all(unicodedata.category(letter) not in {"Cc", "Cs", "Zl", "Zp"} for letter in name)
    )


class Packer:
    """Gives the content of a part chunk by chunk, never holding more than a few."""

    def __init__(self, files: Mapping[str, Path], fingerprint: Mapping[str, object]) -> None:
        """Look at the files, by their path inside the part. Raises ``Refusal``, ``OSError``."""
        unfit = unfit_paths(list(files))
        if unfit:
            raise Refusal(reasons.NAME_UNFIT, files="、".join(unfit))
        if not files:
            raise Refusal(reasons.NOTHING_TO_SEAL)
        self._files = [files[path] for path in sorted(files)]
        entries = [Entry(path, files[path].stat().st_size) for path in sorted(files)]
        self._sizes = [entry.size for entry in entries]
        self._head = Manifest(tuple(entries), fingerprint).encode()
        self.size = len(self._head) + sum(self._sizes)
        try:
            self.chunks = padding.chunks_for(self.size)
        except ValueError as error:
            raise Refusal(reasons.TOO_LARGE, size=self.size) from error

    def pieces(self) -> Iterator[memoryview]:
        """Yield each chunk, good until the next is asked for. Raises ``Refusal``."""
        buffer = memoryview(bytearray(CHUNK))
        filled = chunks = 0
        for take, size in self._sources():
            left = size
            while left:
                piece = take(min(left, CHUNK - filled))
                if not piece:
                    raise Refusal(reasons.FILE_CHANGED)
                left -= len(piece)
                if len(piece) < CHUNK:
                    buffer[filled : filled + len(piece)] = piece
                    filled += len(piece)
                if filled in {0, CHUNK}:
                    yield buffer if filled else memoryview(piece)
                    filled, chunks = 0, chunks + 1
            if take(1):
                raise Refusal(reasons.FILE_CHANGED)
        while chunks < self.chunks:
            buffer[filled:] = bytes(CHUNK - filled)
            yield buffer
            filled, chunks = 0, chunks + 1

    def _sources(self) -> Iterator[tuple[Callable[[int], Buffer], int]]:
        yield BytesIO(self._head).read, len(self._head)
        for path, size in zip(self._files, self._sizes, strict=True):
            if size < CHUNK:
                with path.open("rb") as file:
                    yield file.read, size
            else:
                with closing(BlockReader(path)) as reader:
                    yield reader.take, size


class Unpacker:
    """Writes the files of a part into a folder, fed with decrypted bytes of any length."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._head = bytearray()
        self._waiting: list[Entry] = []
        self._left = 0
        self._file: BlockFile | None = None
        self._is_lent = False
        self.manifest: Manifest | None = None

    def room(self) -> memoryview | None:
        """Return where the next chunk belongs, when it is one file's alone, so that nobody copies it."""
        self._is_lent = self._file is not None and self._left >= CHUNK
        return self._file.room() if self._file and self._is_lent else None

    def feed(self, data: Buffer) -> None:
        """Take the next bytes, a chunk where room was lent. Raises ``Refusal`` (``CONTENT_BROKEN``)."""
        view = memoryview(data)
        if self._file and self._is_lent:
            self._is_lent = False
            self._file.took(len(view))
            self._took(len(view))
            return
        if self.manifest is None:
            view = self._take_head(view)
        while view and self.manifest and (self._file or self._waiting):
            view = self._take_file(view)
        # As bytes: of views each byte would be made a number and compared.
        if self.manifest and bytes(view) != bytes(len(view)):
            raise Refusal(reasons.CONTENT_BROKEN)

    def finish(self) -> Manifest:
        """Require that nothing is missing and return the manifest. Raises ``Refusal``."""
        if self.manifest is None or self._file or self._waiting:
            raise Refusal(reasons.CONTENT_BROKEN)
        return self.manifest

    def close(self) -> None:
        """Close what is open, whatever happened."""
        if self._file:
            self._file.close()

    def _take_head(self, view: memoryview) -> memoryview:
        wanted = COUNT_LENGTH
        if len(self._head) >= COUNT_LENGTH:
            wanted += self._manifest_length()
        before = len(self._head)
        self._head += view[: wanted - before]
        rest = view[len(self._head) - before :]
        if len(self._head) < wanted:
            return rest
        if wanted == COUNT_LENGTH:
            return self._take_head(rest)
        self._begin(bytes(self._head[COUNT_LENGTH:]))
        return rest

    def _manifest_length(self) -> int:
        length = int.from_bytes(self._head[:COUNT_LENGTH])
        if not 0 < length <= LONGEST_MANIFEST:
            raise Refusal(reasons.CONTENT_BROKEN)
        return length

    def _begin(self, data: bytes) -> None:
        try:
            self.manifest = whole(Fields.of_bytes(data), Manifest.read)
        except ValueError as error:
            raise Refusal(reasons.CONTENT_BROKEN) from error
        self._waiting = list(self.manifest.entries)[::-1]
        self._next_file()

    def _next_file(self) -> None:
        """Open the next file that has bytes; those without are made at once."""
        self._file = None
        while self._waiting and self._file is None:
            entry = self._waiting.pop()
            path = self._folder / entry.path
            path.parent.mkdir(parents=True, exist_ok=True)
            file = BlockFile(path, size=entry.size)
            if entry.size:
                self._file, self._left = file, entry.size
            else:
                file.close()

    def _take_file(self, view: memoryview) -> memoryview:
        if self._file is None:
            raise Refusal(reasons.CONTENT_BROKEN)
        piece = view[: self._left]
        self._file.write(piece)
        self._took(len(piece))
        return view[len(piece) :]

    def _took(self, count: int) -> None:
        self._left -= count
        if self._file and not self._left:
            self._file.end()
            self._next_file()
