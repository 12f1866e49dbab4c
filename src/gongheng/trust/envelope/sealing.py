"""Sealing a bid on the bidder's own machine: nothing but the envelope leaves it."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import running
from gongheng.trust.crypto.gcm import TAG_LENGTH
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope import derivation, reasons, rules
from gongheng.trust.envelope.blocks import BlockFile
from gongheng.trust.envelope.content import Packer
from gongheng.trust.envelope.cover import LABEL, Cover, PartDigests, Trailer, statement
from gongheng.trust.envelope.header import (
    Header,
    SealedPart,
    SealedShare,
    context_of,
    header_digest,
)
from gongheng.trust.envelope.policy import Part, Policy, SignedPolicy
from gongheng.trust.envelope.suites import Suite, nonce


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into one part: files by their path inside it, and the bid fingerprint."""

    files: Mapping[str, Path]
    fingerprint: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chance:
    """Where what must be unpredictable comes from; fixed only to repeat a published example."""

    secret: Callable[[int], bytes] = secrets.token_bytes
    wrap: Callable[[PublicKey, bytes], bytes] = PublicKey.encrypt


@dataclass(frozen=True, slots=True)
class Sealed:
    """The envelope that was made, and the bidder's seed (empty where no part needs it)."""

    cover: Cover
    seed: bytes


@dataclass(frozen=True, slots=True)
class _Plan:
    packer: Packer
    sealed: SealedPart
    key: bytes


def seal(
    contents: Mapping[str, Content],
    target: Path,
    *,
    signed: SignedPolicy,
    key: PrivateKey,
    seed_key: PublicKey | None = None,
    certificates: Sequence[bytes] = (),
    chance: Chance | None = None,
) -> Sealed:
    """Seal the parts of a bid, by name, into the new file ``target`` and return what was made.

    ``key`` signs; the bidder's seed is sealed to ``seed_key``, or to the public half of ``key``.
    Raises ``Refusal`` (an unfit or unsigned policy, unfit content), ``OSError``.
    """
    chance = chance or Chance()
    policy = signed.policy
    signed.require_signatures()
    rules.require_fit(policy)
    _require_parts(policy, contents)
    seed = chance.secret(derivation.SECRET_LENGTH)
    bidder = key.public.to_hex()
    parts = [part for part in policy.parts if part.name in contents]
    plans = [
        _plan(policy, part, contents[part.name], seed=seed, bidder=bidder, chance=chance)
        for part in parts
    ]
    holder = seed_key or key.public
    takes_half = any(part.bidder for part in parts)
    header = Header(
        policy=policy,
        bidder_key=bidder,
        certificates=tuple(certificates),
        seed_key=holder.to_hex() if takes_half else "",
        seed_wrap=chance.wrap(holder, seed) if takes_half else b"",
        parts=tuple(plan.sealed for plan in plans),
    )
    cover = _write(header, plans, target, key)
    return Sealed(cover=cover, seed=seed if takes_half else b"")


def _require_parts(policy: Policy, contents: Mapping[str, Content]) -> None:
    known = {part.name for part in policy.parts}
    missing = [part.title for part in policy.parts if part.required and part.name not in contents]
    if missing or not contents or not set(contents) <= known:
        raise Refusal(reasons.NOTHING_TO_SEAL, missing="、".join(missing))
    for part in policy.parts:
        content = contents.get(part.name)
        if content and policy.takes_fingerprint and not content.fingerprint:
            raise Refusal(reasons.FINGERPRINT_MISSING)


def _plan(
    policy: Policy, part: Part, content: Content, *, seed: bytes, bidder: str, chance: Chance
) -> _Plan:
    """Return the keys of one part and what the header says about it."""
    packer = Packer(content.files, content.fingerprint)
    context = context_of(policy, part, bidder)
    half = derivation.half(seed, context) if part.bidder else b""
    holders_secret = chance.secret(derivation.SECRET_LENGTH)
    master = derivation.master(context, half, holders_secret)
    shares = derivation.shares(master, holders_secret, part.threshold, len(part.holders))
    sealed = SealedPart(
        name=part.name,
        chunks=packer.chunks,
        commitment=derivation.commitment(context, master),
        half_digest=derivation.half_digest(context, half),
        shares=tuple(
            SealedShare(
                digest=derivation.share_digest(context, index, share),
                wrap=chance.wrap(policy.holder(code).key, share.salt + share.value),
            )
            for index, (code, share) in enumerate(zip(part.holders, shares, strict=True), 1)
        ),
    )
    return _Plan(packer, sealed, derivation.content_key(master, policy.suite.key_length))


def _write(header: Header, plans: Sequence[_Plan], target: Path, key: PrivateKey) -> Cover:
    head = header.encode()
    digest = header_digest(head)
    with new_file(target, size=header.body_size) as file:
        file.write(head)
        parts = tuple(_write_part(header.policy.suite, plan, digest, file) for plan in plans)
        signature = sign(LABEL, statement(digest, parts), key).signature
        trailer = Trailer(parts, signature)
        file.write(trailer.encode())
    return Cover(head=head, header=header, trailer=trailer)


def _write_part(suite: Suite, plan: _Plan, associated: bytes, file: BlockFile) -> PartDigests:
    cipher, content, tags = suite.cipher(plan.key), suite.digest(), running.sm3()
    last = plan.packer.chunks - 1
    for number, piece in enumerate(plan.packer.pieces()):
        own = nonce(number, is_last=number == last)
        sealed = cipher.encrypt_into(own, piece, associated, file.room())
        content.update(sealed)
        tags.update(sealed[-TAG_LENGTH:])
        file.took(len(sealed))
    return PartDigests(plan.sealed.name, content=content.digest(), tags=tags.digest())


@contextmanager
def new_file(target: Path, *, size: int) -> Iterator[BlockFile]:
    """Yield a file that appears under its name only when it is whole. Raises ``Refusal``."""
    if target.exists():
        raise Refusal(reasons.PLACE_TAKEN, path=target)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        with closing(BlockFile(draft, size=size)) as file:
            yield file
            file.end(is_durable=True)
        if target.exists():
            raise Refusal(reasons.PLACE_TAKEN, path=target)
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
