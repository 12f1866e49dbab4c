"""Where a job's file and its list of errors lie."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from django.conf import settings

from gongheng.data.validations.reasons import TOO_LARGE
from gongheng.kernel.reasons import Refusal

LARGEST = 512 * 1024 * 1024
LARGE = 16 * 1024 * 1024
"""A file beyond this is judged by jobs that share it, so many bytes each."""
AT_ONCE = 1024 * 1024
ERRORS = "errors.csv"
RUN = "run"
"""Where the program keeps what the shares of a large file leave."""
_UNSAFE = re.compile(r"[^\w.\-]+")


def folder_of(job_id: UUID) -> Path:
    """Return the folder of a job."""
    return Path(settings.NODE.state_dir) / "validations" / str(job_id)


def safe(name: str) -> str:
    """Return a file's name without a folder and without what a system may not like."""
    return _UNSAFE.sub("_", Path(name.replace("\\", "/")).name).strip("._")[-150:] or "file"


def keep(job_id: UUID, name: str, chunks: Iterable[bytes]) -> tuple[int, str]:
    """Write a file into the job's folder; return its size and digest. Raises ``Refusal`` (TOO_LARGE)."""
    folder = folder_of(job_id)
    folder.mkdir(parents=True)
    size, digest = 0, hashes.Hash(hashes.SM3())
    with (folder / name).open("wb") as target:
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                break
            digest.update(chunk)
            target.write(chunk)
    if size > LARGEST:
        remove(job_id)
        raise Refusal(TOO_LARGE)
    return size, digest.finalize().hex()


def digest_of(path: Path) -> str:
    """Return the SM3 of a file, empty when it is not there."""
    if not path.exists():
        return ""
    digest = hashes.Hash(hashes.SM3())
    with path.open("rb") as source:
        while chunk := source.read(AT_ONCE):
            digest.update(chunk)
    return digest.finalize().hex()


def remove(job_id: UUID) -> None:
    """Remove everything of a job."""
    shutil.rmtree(folder_of(job_id), ignore_errors=True)
