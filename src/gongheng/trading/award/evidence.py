"""Papers that prove a cause: kept under their digest in the node's folder, read back only whole."""

import os
from pathlib import Path

from django.conf import settings

from gongheng.kernel.reasons import Refusal
from gongheng.trading.award import rules
from gongheng.trading.award.kinds import Evidence
from gongheng.trust.crypto.digests import sm3

LARGEST = 20 * 1024 * 1024
_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"PK\x03\x04": "application/ofd",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
"""How a file of each sort begins: the name that somebody gave it proves nothing."""


def kept(evidence: Evidence | None) -> str:
    """Keep a paper and return its SM3 in hex. Raises ``Refusal`` (NO_PROOF, UNREADABLE_PROOF)."""
    if evidence is None or not evidence.content:
        raise Refusal(rules.NO_PROOF)
    if len(evidence.content) > LARGEST or not media_type(evidence.content):
        raise Refusal(rules.UNREADABLE_PROOF, name=evidence.name)
    digest = sm3(evidence.content).hex()
    place = _place(digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = place.with_suffix(f".{os.getpid()}")
        with draft.open("wb") as file:
            file.write(evidence.content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
    return digest


def read(digest: str) -> bytes:
    """Return a paper, unchanged. Raises ``FileNotFoundError``, ``ValueError`` when it was changed."""
    content = _place(digest).read_bytes()
    if sm3(content).hex() != digest:
        msg = f"the paper {digest} was changed on the disk"
        raise ValueError(msg)
    return content


def media_type(content: bytes) -> str:
    """Return what sort of file it is by its first bytes, empty for one that we do not take."""
    return next((kind for begin, kind in _BEGINNINGS.items() if content.startswith(begin)), "")


def _place(digest: str) -> Path:
    return Path(settings.NODE.state_dir) / "files" / "award" / digest[:2] / digest
