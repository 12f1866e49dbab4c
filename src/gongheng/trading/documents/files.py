"""Attachments on disk: each file once, under its SM3 digest, written wholly or not at all."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from gongheng.kernel.reasons import Reason, Refusal

MOST_BYTES = 100 * 1024 * 1024
_CHUNK = 64 * 1024

TOO_LARGE = Reason(
    code="documents.file_too_large",
    message="附件超过100MB。",
    remedy="请压缩或拆分后再上传。",
)
EMPTY = Reason(
    code="documents.file_empty",
    message="附件是空文件。",
    remedy="请核对文件后重新上传。",
)
UNKNOWN_TYPE = Reason(
    code="documents.file_type",
    message="附件的内容不是允许的文件类型。",
    remedy="请上传 PDF、ZIP（含 docx、xlsx）、DWG、PNG 或 JPEG 文件；只改扩展名不能改变文件类型。",
)

_SIGNATURES = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"PK\x03\x04", "application/zip", (".zip", ".docx", ".xlsx")),
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


def path_of(digest: str) -> Path:
    """Return where the file of a digest is kept."""
    return _folder() / digest[:2] / digest


def keep(chunks: Iterable[bytes], *, name: str) -> Kept:
    """Keep a file and return what it is. Raises ``Refusal`` (EMPTY, TOO_LARGE, UNKNOWN_TYPE)."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    total, size, head = hashes.Hash(hashes.SM3()), 0, b""
    handle, temporary = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in _within_limit(chunks):
                head = head or chunk[:16]
                size += len(chunk)
                total.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        media_type = type_of(head, name=name, size=size)
        digest = total.finalize().hex()
        place = path_of(digest)
        place.parent.mkdir(exist_ok=True)
        Path(temporary).replace(place)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Kept(digest=digest, size=size, media_type=media_type)


def _within_limit(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise Refusal(TOO_LARGE)
        yield chunk


def type_of(head: bytes, *, name: str, size: int) -> str:
    """Return the type that the first bytes tell, if the name agrees. Raises ``Refusal``."""
    if not size:
        raise Refusal(EMPTY)
    for signature, media_type, endings in _SIGNATURES:
        if head.startswith(signature) and name.lower().endswith(endings):
            return media_type
    raise Refusal(UNKNOWN_TYPE, name=name)


def read(digest: str) -> Iterator[bytes]:
    """Yield the bytes of a kept file."""
    with path_of(digest).open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _folder() -> Path:
    return Path(settings.NODE.state_dir) / "files" / "documents"
