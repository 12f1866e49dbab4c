"""Papers that people upload: each file once, under its SM3 digest, written wholly or not at all.

A room keeps its papers in a folder of its own, of its name, in the node's ``files``.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath
from threading import Lock
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404

from gongheng.kernel.reasons import Reason, Refusal

MOST_BYTES = 100 * 1024 * 1024
_CHUNK = 64 * 1024
_HEAD = 16

TOO_LARGE = Reason(
    code="files.too_large",
    message="附件超过100MB。",
    remedy="请压缩或拆分后再上传。",
)
EMPTY = Reason(
    code="files.empty",
    message="附件是空文件。",
    remedy="请核对文件后重新上传。",
)
UNKNOWN_TYPE = Reason(
    code="files.type",
    message="附件的内容不是允许的文件类型。",
    remedy="请上传 PDF、OFD、ZIP（含 docx、xlsx）、DWG、PNG 或 JPEG 文件；只改扩展名不能改变文件类型。",
)

_SIGNATURES = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"PK\x03\x04", "application/zip", (".zip", ".ofd", ".docx", ".xlsx")),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
    (b"AC10", "image/vnd.dwg", (".dwg",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file that is kept: digest in hex, size in bytes, type by its content."""

    digest: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file as it is handed in: its name, which tells the type, and its bytes piece by piece."""

    name: str
    pieces: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Store:
    """The papers of one room."""

    room: str

    @property
    def folder(self) -> Path:
        """Return the folder of the room."""
        return Path(settings.NODE.state_dir) / "files" / self.room

    def path_of(self, digest: str) -> Path:
        """Return where the file of a digest is kept."""
        return self.folder / digest[:2] / digest

    def keep(self, chunks: Iterable[bytes], *, name: str) -> Kept:
        """Keep a file and say what it is. Raises ``Refusal`` (EMPTY, TOO_LARGE, UNKNOWN_TYPE)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                kept = _written(file, chunks, name=name)
            place = self.path_of(kept.digest)
            place.parent.mkdir(exist_ok=True)
            Path(temporary).replace(place)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return kept

    def enter(self, paper: Paper | None, *, title: str) -> tuple[str, str]:
        """Keep a paper under a title of ours, not the name that somebody gave it.

        Returns its digest and its name, empty without a paper. Raises ``Refusal`` as ``keep``.
        """
        if paper is None:
            return "", ""
        kept = self.keep(paper.pieces, name=paper.name)
        return kept.digest, f"{title}{PurePath(paper.name).suffix.lower()}"

    def answer(self, digest: str, *, name: str, media_type: str = "") -> FileResponse:
        """Return the answer that gives a kept file to be saved.

        Raises ``Http404``; ``ValueError`` for a file that was changed on the disk, of which nothing goes
        out. It is digested here, once for as long as the disk says that nobody wrote it, and read as its
        reader takes it: so neither many readers nor slow ones cost more than the bytes they take.
        """
        path = self.path_of(digest)
        if not path.exists():
            raise Http404
        stat = path.stat()
        with _ONE_AT_A_TIME:
            _require_whole(
                self, digest, (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
            )
        kind = media_type or "application/octet-stream"
        return FileResponse(Unopened(path), as_attachment=True, filename=name, content_type=kind)

    def read(self, digest: str) -> Iterator[bytes]:
        """Yield the bytes of a kept file; of one that was changed on the disk never the last.

        Raises ``ValueError`` for such a one, so that nobody takes it for whole.
        """
        total, held = hashes.Hash(hashes.SM3()), b""
        with self.path_of(digest).open("rb") as file:
            while chunk := file.read(_CHUNK):
                if held:
                    yield held
                total.update(chunk)
                held = chunk
        if total.finalize().hex() != digest:
            msg = f"the file {digest} was changed on the disk"
            raise ValueError(msg)
        yield held


class Unopened:
    """A file of an answer, opened when its first byte is asked for: an answer that nobody takes holds none."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._file: BinaryIO | None = None

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._file.tell() if self._file else 0

    def read(self, size: int = -1) -> bytes:
        """Return so many bytes, fewer only at the end."""
        if self._file is None:
            self._file = Path(self.name).open("rb")  # noqa: SIM115  closed with the answer
        return self._file.read(size)

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._file is not None:
            self._file.close()


_ONE_AT_A_TIME = Lock()
"""Many who ask for one file at once wait for one digest of it, and do not each make their own."""


@lru_cache(maxsize=4096)
def _require_whole(store: Store, digest: str, _written: tuple[int, ...]) -> None:
    for _ in store.read(digest):
        pass


def _written(file: BinaryIO, chunks: Iterable[bytes], *, name: str) -> Kept:
    total, size, head = hashes.Hash(hashes.SM3()), 0, b""
    for chunk in _within_limit(chunks):
        head = head or chunk[:_HEAD]
        size += len(chunk)
        total.update(chunk)
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())
    media_type = type_of(head, name=name, size=size)
    return Kept(digest=total.finalize().hex(), size=size, media_type=media_type)


def _within_limit(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise Refusal(TOO_LARGE)
        yield chunk


def require_taken(file: UploadedFile) -> None:
    """Refuse an uploaded file that no room keeps. Raises ``Refusal`` as ``Store.keep`` does."""
    if (file.size or 0) > MOST_BYTES:
        raise Refusal(TOO_LARGE)
    head = file.read(_HEAD)
    file.seek(0)
    type_of(head, name=file.name or "", size=file.size or 0)


def type_by_head(head: bytes) -> str:
    """Return the type that the first bytes tell, whatever the name; empty for no type of ours."""
    found = (kind for signature, kind, _ in _SIGNATURES if head.startswith(signature))
    return next(found, "")


def type_of(head: bytes, *, name: str, size: int) -> str:
    """Return the type that the first bytes tell, if the name agrees. Raises ``Refusal``."""
    if not size:
        raise Refusal(EMPTY)
    for signature, media_type, endings in _SIGNATURES:
        if head.startswith(signature) and name.lower().endswith(endings):
            return media_type
    raise Refusal(UNKNOWN_TYPE, name=name)
