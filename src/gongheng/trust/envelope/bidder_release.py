"""The first phase of an opening (投标人解密): each bidder releases its half of a part.

The half is sealed to the key of this opening and signed by the bidder; nothing can be read yet,
because no holder has released a share.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.sm2 import NOT_FOR_THIS_KEY, PrivateKey, PublicKey
from gongheng.trust.crypto.statements import ForgedStatement, read, sign
from gongheng.trust.envelope import derivation, reasons
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.fields import Fields, instant_text, whole
from gongheng.trust.tlog.exact import to_base64

LABEL = "gongheng.bidder-release.v1"


@dataclass(frozen=True, slots=True)
class BidderRelease:
    """One bidder's half of one part, for one closing."""

    lot: str
    part: str
    envelope: bytes
    closing: bytes
    half: bytes
    released_at: datetime
    signature: bytes

    def statement(self) -> dict[str, object]:
        """Return what is signed."""
        return {
            "v": 1,
            "lot": self.lot,
            "part": self.part,
            "envelope": self.envelope.hex(),
            "closing": self.closing.hex(),
            "half": to_base64(self.half),
            "released_at": instant_text(self.released_at),
        }

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {"statement": self.statement(), "signature": self.signature.hex()}

    @classmethod
    def of_json(cls, value: object) -> "BidderRelease":
        """Read the JSON form. Raises ``Refusal`` (``RELEASE_INVALID``)."""
        try:
            return whole(Fields(value), cls._read)
        except ValueError as error:
            raise Refusal(reasons.RELEASE_INVALID) from error

    @classmethod
    def _read(cls, fields: Fields) -> "BidderRelease":
        inner = fields.inner("statement")
        inner.version()
        release = cls(
            lot=inner.text("lot", 100),
            part=inner.text("part", 32),
            envelope=inner.digest("envelope"),
            closing=inner.digest("closing"),
            half=inner.base64("half", 1000),
            released_at=inner.instant("released_at"),
            signature=fields.hex("signature"),
        )
        inner.end()
        return release


def seed_of(cover: Cover, seed_key: PrivateKey) -> bytes:
    """Return the seed that the bidder sealed to itself. Raises ``Refusal`` (``NOT_THE_BIDDER``)."""
    try:
        return seed_key.decrypt(cover.header.seed_wrap)
    except Refusal as refusal:
        raise Refusal(reasons.NOT_THE_BIDDER) from refusal


def release(
    cover: Cover,
    part: str,
    *,
    seed: bytes,
    key: PrivateKey | None,
    closing: Closing,
    now: datetime,
    wrap: Callable[[PublicKey, bytes], bytes] = PublicKey.encrypt,
) -> BidderRelease:
    """Release the bidder's half of a part, as the bidder; ``now`` is its own clock.

    Without ``key`` (lost, while the recovery code gave the seed) the release bears no signature:
    the half proves by itself that it comes from the one who sealed.
    Raises ``Refusal``: the closing cannot be relied on, lacks this envelope, or key or seed are
    not those of this envelope.
    """
    header = cover.header
    closing.require_valid(header.policy, now=now)
    if cover.digest not in closing.envelopes:
        raise Refusal(reasons.NOT_IN_CLOSING)
    if key and key.public.to_hex() != header.bidder_key:
        raise Refusal(reasons.NOT_THE_BIDDER)
    context = header.context(part)
    half = derivation.half(seed, context)
    if derivation.half_digest(context, half) != header.part(part).half_digest:
        raise Refusal(reasons.NOT_THE_BIDDER)
    bare = BidderRelease(
        lot=header.policy.lot,
        part=part,
        envelope=cover.digest,
        closing=closing.digest,
        half=wrap(PublicKey.from_hex(closing.opening_key), half),
        released_at=now,
        signature=b"",
    )
    return replace(bare, signature=sign(LABEL, bare.statement(), key).signature) if key else bare


def take_half(
    given: BidderRelease, cover: Cover, *, closing: Closing, opening_key: PrivateKey
) -> bytes:
    """Return the released half, as the opening process. Raises ``Refusal`` (``RELEASE_INVALID``).

    A release that passes here opens the part, as far as the bidder is concerned: so the list of
    those who released can be frozen before anything is decrypted.
    """
    header = cover.header
    facts = (given.lot, given.envelope, given.closing)
    if facts != (header.policy.lot, cover.digest, closing.digest):
        raise Refusal(reasons.RELEASE_INVALID)
    try:
        part = header.part(given.part)
        if given.signature:
            read(LABEL, canonical(given.statement()), given.signature, header.bidder())
        half = opening_key.decrypt(given.half)
    except (KeyError, ForgedStatement) as error:
        raise Refusal(reasons.RELEASE_INVALID) from error
    except Refusal as refusal:
        if refusal.reason is not NOT_FOR_THIS_KEY:
            raise
        raise Refusal(reasons.RELEASE_INVALID) from refusal
    if derivation.half_digest(header.context(given.part), half) != part.half_digest:
        raise Refusal(reasons.RELEASE_INVALID)
    return half
