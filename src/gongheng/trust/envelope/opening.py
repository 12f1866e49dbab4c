"""Opening one part: decrypted and digested in one pass, shown only when the last byte was right."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import running
from gongheng.trust.crypto.gcm import TAG_LENGTH, ForgedCiphertext
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.blocks import BlockReader
from gongheng.trust.envelope.content import Manifest, Unpacker
from gongheng.trust.envelope.cover import Cover, PartDigests
from gongheng.trust.envelope.suites import SEALED_CHUNK, nonce


def open_part(source: Path, cover: Cover, name: str, key: bytes, target: Path) -> Manifest:
    """Write the files of a part into the new folder ``target`` and return its manifest.

    ``key`` comes from ``recombination.recombine``. Raises ``Refusal``: ``DAMAGED`` (the file is not
    what the bidder signed), ``CONTENT_BROKEN``, ``PLACE_TAKEN``; then nothing is left behind.
    """
    if target.exists():
        raise Refusal(reasons.PLACE_TAKEN, path=target)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    draft.mkdir(mode=0o700)
    unpacker = Unpacker(draft)
    try:
        for data in decrypted(source, cover, name, key, room=unpacker.room):
            unpacker.feed(data)
        manifest = unpacker.finish()
        draft.rename(target)
    except OSError as error:
        if target.exists():
            raise Refusal(reasons.PLACE_TAKEN, path=target) from error
        raise
    finally:
        unpacker.close()
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def _no_room() -> None:
    return None


def decrypted(
    source: Path,
    cover: Cover,
    name: str,
    key: bytes,
    *,
    room: Callable[[], memoryview | None] = _no_room,
) -> Iterator[memoryview]:
    """Yield the plaintext chunks of a part, each valid until the next is asked for.

    A chunk is decrypted into the ``room`` there is for it, as long as a sealed one. None may be
    shown before the iterator has ended. Raises ``Refusal`` (``DAMAGED``) for any byte that is not
    the one that was sealed and signed.
    """
    suite = cover.header.policy.suite
    cipher, content, tags = suite.cipher(key), suite.digest(), running.sm3()
    last = cover.header.part(name).chunks - 1
    associated = cover.head_digest
    plain = bytearray(SEALED_CHUNK)
    with source.open("rb") as file:
        if (
            os.fstat(file.fileno()).st_size != cover.size
            or file.read(len(cover.head)) != cover.head
        ):
            raise Refusal(reasons.DAMAGED)
    start = len(cover.head) + cover.header.offset(name)
    with closing(BlockReader(source, start=start)) as reader:
        for number in range(last + 1):
            sealed = reader.take(SEALED_CHUNK)
            if len(sealed) != SEALED_CHUNK:
                raise Refusal(reasons.DAMAGED)
            content.update(sealed)
            tags.update(sealed[-TAG_LENGTH:])
            own = nonce(number, is_last=number == last)
            try:
                yield cipher.decrypt_into(own, sealed, associated, room() or plain)
            except ForgedCiphertext as error:
                raise Refusal(reasons.DAMAGED) from error
    if PartDigests(name, content.digest(), tags.digest()) != cover.digests(name):
        raise Refusal(reasons.DAMAGED)
