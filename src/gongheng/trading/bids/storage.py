"""The files of sealed bids: arriving bytes, stored envelopes, and what was left behind.

An arriving file lies in ``arriving``; once it is whole and on the disk it moves, under a name made
of its digest, to its place, and only then is a receipt written. So a receipt never lacks its file;
a file without a receipt is an orphan, and swept.
"""

import fcntl
import os
import shutil
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Self
from uuid import UUID

from django.conf import settings

from gongheng.kernel.faults import reached
from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import rules
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.intake import Intake

_SYNC_EVERY = 16 * rules.ONE_MEBIBYTE
_SPARE = 64 * rules.ONE_MEBIBYTE
ORPHANED_AFTER = 24 * 3600.0
"""Seconds of machine time after which an unfinished upload is nobody's any more."""


def home() -> Path:
    """Return the folder of all bids of this node."""
    return Path(settings.NODE.state_dir) / "files" / "bids"


def _folder(*names: str) -> Path:
    folder = home().joinpath(*names)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class Arriving:
    """A file on its way in: written as it comes, judged while it comes, never whole in memory."""

    def __init__(self, path: Path, *, policy_digest: bytes) -> None:
        self.path = path
        self.size = 0
        self._intake = Intake(policy_digest=policy_digest)
        self._unsynced = 0
        self._file: BinaryIO = path.open("xb")

    @classmethod
    def begin(cls, *, policy_digest: bytes, size: int = 0) -> Self:
        """Begin a file of about ``size`` bytes. Raises ``Refusal`` (NO_SPACE)."""
        require_space(size)
        return cls(_folder("arriving") / str(uuid7()), policy_digest=policy_digest)

    def feed(self, data: bytes) -> None:
        """Take the next piece. Raises ``Refusal`` as soon as the bid cannot be right."""
        self.size += len(data)
        if self.size > rules.LARGEST:
            raise Refusal(rules.TOO_LARGE)
        self._intake.feed(data)
        self._file.write(data)
        self._unsynced += len(data)
        reached("bids.arriving")
        if self._unsynced >= _SYNC_EVERY:
            self._sync()

    def finish(self) -> Cover:
        """Judge the whole file. Raises ``Refusal``."""
        rules.require_size(self.size)
        return self._intake.finish()

    def settle(self) -> None:
        """Bring the last byte to the disk."""
        self._sync()
        self._file.close()

    def drop(self) -> None:
        """Forget the file."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())
        self._unsynced = 0


class Parted:
    """A file that comes in parts of an upload, judged while they come.

    Parts may come to several processes; each reads what the others have taken in.
    """

    def __init__(self, path: Path, *, policy_digest: bytes) -> None:
        self.path = path
        self.policy_digest = policy_digest
        self._begin()

    def _begin(self) -> None:
        self._judged = 0
        self._refusal: Refusal | None = None
        self._intake = Intake(policy_digest=self.policy_digest)

    @contextmanager
    def appending(self, offset: int) -> Iterator[Callable[[bytes], None]]:
        """Yield what takes the pieces of the next part; of two parts at once, one waits.

        Raises ``Refusal`` (OUT_OF_PLACE; NO_UPLOAD when the file went to its place meanwhile).
        """
        with self.path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not self.path.exists():
                raise Refusal(rules.NO_UPLOAD)
            if (size := file.seek(0, os.SEEK_END)) != offset:
                raise Refusal(rules.OUT_OF_PLACE, size=size)
            self._catch_up(size)
            unsynced = 0

            def take(data: bytes) -> None:
                nonlocal unsynced
                file.write(data)
                self._judge(data)
                unsynced += len(data)
                if unsynced >= _SYNC_EVERY:
                    file.flush()
                    os.fsync(file.fileno())
                    unsynced = 0

            yield take
            file.flush()
            os.fsync(file.fileno())

    def _catch_up(self, size: int) -> None:
        """Judge what the file has up to ``size``; what was judged and is not there never came to the disk."""
        if self._judged > size:
            self._begin()
        if self._judged == size:
            return
        with self.path.open("rb") as file:
            file.seek(self._judged)
            while piece := file.read(min(rules.ONE_MEBIBYTE, size - self._judged)):
                self._judge(piece)

    def _judge(self, data: bytes) -> None:
        self._judged += len(data)
        if self._refusal is not None:
            return
        try:
            self._intake.feed(data)
        except Refusal as refusal:
            self._refusal = (
                refusal  # told when the file is whole, as of one that nobody judged before
            )

    def finish(self) -> Cover:
        """Judge the whole file. Raises ``Refusal``."""
        size = self.path.stat().st_size
        rules.require_size(size)
        self._catch_up(size)
        if self._refusal is not None:
            raise self._refusal
        return self._intake.finish()

    def settle(self) -> None:
        """Bring the last byte to the disk."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())

    def drop(self) -> None:
        """Forget the file."""
        self.path.unlink(missing_ok=True)


Whole = Arriving | Parted
"""A file that can be judged and settled."""


def require_space(size: int) -> None:
    """Refuse what the disk could not hold. Raises ``Refusal`` (NO_SPACE)."""
    if shutil.disk_usage(_folder()).free < size + _SPARE:
        raise Refusal(rules.NO_SPACE)


def keep(path: Path, *, digest: bytes, bid_id: UUID) -> str:
    """Move a settled file to its place for good; return the place, relative to ``home()``."""
    name = f"{digest.hex()}-{bid_id.hex}.gbe"
    folder = _folder(name[:2])
    path.rename(folder / name)
    for each in (folder, path.parent):
        _sync_folder(each)
    return f"{name[:2]}/{name}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def part_path(upload_id: UUID) -> Path:
    """Return where the parts of an upload gather."""
    return _folder("parts") / str(upload_id)


def forget_parts(upload_id: UUID) -> None:
    """Remove what has come of an upload that nobody is writing to at this moment."""
    with suppress(FileNotFoundError), part_path(upload_id).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        part_path(upload_id).unlink()


def parted(upload_id: UUID, *, policy_digest: Callable[[], bytes]) -> Parted:
    """Return the file of an upload, with what this process has judged of it already."""
    with _LOCK:
        found = _KNOWN.pop(upload_id, None)
    found = found or Parted(part_path(upload_id), policy_digest=policy_digest())
    with _LOCK:
        _KNOWN[upload_id] = found
        while len(_KNOWN) > _MOST_KNOWN:
            _KNOWN.popitem(last=False)
    return found


def whole(upload_id: UUID, *, policy_digest: bytes) -> Parted:
    """Return the file of an upload whose last part has come; nobody else gets what was judged of it."""
    with _LOCK:
        found = _KNOWN.pop(upload_id, None)
    if found is None or found.policy_digest != policy_digest:
        return Parted(part_path(upload_id), policy_digest=policy_digest)
    return found


_LOCK = Lock()
_KNOWN: OrderedDict[UUID, Parted] = OrderedDict()
_MOST_KNOWN = 256
"""Uploads under way of which a process remembers what it judged; others are read again."""


def orphans(known: frozenset[str], *, older_than: float = ORPHANED_AFTER) -> Iterator[Path]:
    """Yield the files that no bid knows, untouched for so many seconds of machine time."""
    limit = time.time() - older_than
    for path in sorted(home().glob("*/*")):
        if path.relative_to(home()).as_posix() in known:
            continue
        with suppress(FileNotFoundError):  # an upload that is just being done moves its file
            if path.stat().st_mtime <= limit:
                yield path
