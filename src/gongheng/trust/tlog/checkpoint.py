"""Checkpoints: what the log's owner signs about its size and roots (C2SP tlog-checkpoint).

A note reads::

    origin
    size
    base64 of the SHA-256 root
    sm3 base64 of the SM3 root
    time 2026-10-12T09:00:00+08:00

    — origin base64(key id, DER signature by SM2 with SM3)

Signature type 0xff is the format's escape for types without a number; foreign signature lines
(cosigners) are allowed beside ours and ignored here.
"""

from dataclasses import dataclass
from datetime import datetime

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.digests import LENGTH, sha256
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.tlog.exact import from_base64, to_base64

SIGNATURE_TYPE = b"\xffsm2-with-sm3"
_ID_LENGTH = 4
_LINES = 5

FORGED = Reason(
    code="tlog.checkpoint_forged",
    message="检查点的签名与内容不符，或不是该平台所签，不能采信。",
    remedy="请从该平台门户重新取得检查点，并核对其公布的公钥。",
)


class ForgedCheckpoint(Refusal):
    """A checkpoint that is not what its owner signed, or is not one at all."""

    def __init__(self) -> None:
        super().__init__(FORGED)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The size of a log, the roots of both its trees, and when that was said (legal time)."""

    origin: str
    size: int
    sha256: bytes
    sm3: bytes
    made_at: datetime

    def root(self, algorithm: str) -> bytes:
        """Return the root of the tree with this algorithm."""
        return {"sha256": self.sha256, "sm3": self.sm3}[algorithm]

    def text(self) -> str:
        """Return what is signed."""
        return (
            f"{self.origin}\n{self.size}\n{to_base64(self.sha256)}\n"
            f"sm3 {to_base64(self.sm3)}\ntime {self.made_at.isoformat()}\n"
        )


def sign(checkpoint: Checkpoint, key: PrivateKey) -> str:
    """Return the note: the checkpoint's text and its owner's signature."""
    name, text = checkpoint.origin, checkpoint.text()
    if not name or "+" in name or any(letter.isspace() for letter in name):
        msg = f"not a name for a log: {name!r}"
        raise ValueError(msg)
    signature = key_id(name, key.public) + key.sign(text.encode())
    return f"{text}\n— {name} {to_base64(signature)}\n"


def open_note(note: str, public: PublicKey) -> Checkpoint:
    """Return the checkpoint in a note signed by ``public``. Raises ``ForgedCheckpoint``."""
    checkpoint = read(note)
    text, _, signatures = note.partition("\n\n")
    ours = key_id(checkpoint.origin, public)
    for line in signatures.removesuffix("\n").split("\n"):
        name, signature = _signature(line)
        if name != checkpoint.origin or not signature.startswith(ours):
            continue
        if public.verify(signature.removeprefix(ours), f"{text}\n".encode()):
            return checkpoint
    raise ForgedCheckpoint


def read(note: str) -> Checkpoint:
    """Return what a note says, whoever signed it. Raises ``ForgedCheckpoint`` for another form."""
    text, gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) != _LINES or not signatures.endswith("\n"):
        raise ForgedCheckpoint
    try:
        note.encode()
        checkpoint = Checkpoint(
            origin=lines[0],
            size=int(lines[1]),
            sha256=from_base64(lines[2]),
            sm3=from_base64(lines[3].removeprefix("sm3 ")),
            made_at=datetime.fromisoformat(lines[4].removeprefix("time ")),
        )
    except ValueError as error:
        raise ForgedCheckpoint from error
    lengths = {len(checkpoint.sha256), len(checkpoint.sm3)}
    # Said in one way only: whatever another spelling could hide is refused with it.
    if checkpoint.text() != f"{text}\n" or checkpoint.size < 0 or lengths != {LENGTH}:
        raise ForgedCheckpoint
    if checkpoint.made_at.tzinfo is None:
        raise ForgedCheckpoint
    return checkpoint


def key_id(name: str, public: PublicKey) -> bytes:
    """Return the four bytes by which a note tells its signers' keys apart."""
    return sha256(name.encode() + b"\n" + SIGNATURE_TYPE + public.point)[:_ID_LENGTH]


def _signature(line: str) -> tuple[str, bytes]:
    mark, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if mark != "—" or not name:
        raise ForgedCheckpoint
    try:
        return name, from_base64(encoded)
    except ValueError as error:
        raise ForgedCheckpoint from error
