"""The node's signing key, and the keys made for openings: files of the node, never in a table."""

import os
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from gongheng.trust.crypto.sm2 import PrivateKey


def own() -> PrivateKey:
    """Return the node's key: the centre signs policies, receipts and closings with it."""
    return _read(settings.NODE.key_path)


@cache
def _read(path: Path) -> PrivateKey:
    return PrivateKey.from_pem(path.read_bytes())


def _place(case_id: UUID) -> Path:
    return Path(settings.NODE.state_dir) / "keys" / "openings" / f"{case_id}.pem"


def make_opening_key(case_id: UUID) -> PrivateKey:
    """Make the key to which the bidders of a round release their halves, safe on the disk."""
    key, place = PrivateKey.generate(), _place(case_id)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.to_pem())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(place)
    folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return key


def opening_key(case_id: UUID) -> PrivateKey:
    """Return the key of a round's opening. Raises ``FileNotFoundError`` before the closing."""
    return PrivateKey.from_pem(_place(case_id).read_bytes())


def destroy_opening_key(case_id: UUID) -> None:
    """Destroy the key of a round's opening: what was not opened stays closed for good."""
    _place(case_id).unlink(missing_ok=True)
