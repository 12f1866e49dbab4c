"""The second phase of an opening (招标人解密): each holder releases its shares of one part.

A holder judges closing and list by itself, by its own clock, before it opens a single wrap. It
answers for every listed envelope: with the share, or with the word that the wrap was unusable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.digests import LENGTH
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.crypto.statements import ForgedStatement, read, sign
from gongheng.trust.envelope import derivation, reasons
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.derivation import Share
from gongheng.trust.envelope.fields import Fields, instant_text, whole
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.holders import Holder
from gongheng.trust.envelope.policy import Policy

LABEL = "gongheng.holder-shares.v1"


@dataclass(frozen=True, slots=True)
class ShareStatement:
    """One holder's shares of one part, by envelope, and the envelopes whose wrap was unusable."""

    lot: str
    part: str
    frozen_list: bytes
    holder: str
    shares: Mapping[bytes, Share]
    unusable: tuple[bytes, ...]
    released_at: datetime
    signature: bytes

    def statement(self) -> dict[str, object]:
        """Return what is signed."""
        return {
            "v": 1,
            "lot": self.lot,
            "part": self.part,
            "list": self.frozen_list.hex(),
            "holder": self.holder,
            "shares": [
                {"envelope": envelope.hex(), "salt": each.salt.hex(), "value": each.value.hex()}
                for envelope, each in sorted(self.shares.items())
            ],
            "unusable": [envelope.hex() for envelope in self.unusable],
            "released_at": instant_text(self.released_at),
        }

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {"statement": self.statement(), "signature": self.signature.hex()}

    @classmethod
    def of_json(cls, value: object) -> "ShareStatement":
        """Read the JSON form. Raises ``Refusal`` (``STATEMENT_INVALID``)."""
        try:
            return whole(Fields(value), cls._read)
        except ValueError as error:
            raise Refusal(reasons.STATEMENT_INVALID) from error

    @classmethod
    def _read(cls, fields: Fields) -> "ShareStatement":
        claimed = fields.mapping("statement")
        inner = Fields(claimed)
        found = cls(
            lot=inner.text("lot", 100),
            part=inner.text("part", 32),
            frozen_list=inner.digest("list"),
            holder=inner.text("holder", 32),
            shares=dict(inner.each("shares", _one_share)),
            unusable=inner.digests("unusable"),
            released_at=inner.instant("released_at"),
            signature=fields.hex("signature"),
        )
        if found.statement() != claimed:
            raise ValueError("statement")
        return found

    def require_valid(self, policy: Policy, frozen: FrozenList) -> Holder:
        """Return the holder who made the statement for this list. Raises ``Refusal``."""
        if (self.lot, self.part, self.frozen_list) != (policy.lot, frozen.part, frozen.digest):
            raise Refusal(reasons.STATEMENT_INVALID)
        if self.holder not in policy.part(self.part).holders:
            raise Refusal(reasons.STATEMENT_INVALID)
        holder = policy.holder(self.holder)
        try:
            read(LABEL, canonical(self.statement()), self.signature, holder.key)
        except ForgedStatement as error:
            raise Refusal(reasons.STATEMENT_INVALID, holder=holder.name) from error
        return holder


def _one_share(fields: Fields) -> tuple[bytes, Share]:
    share = Share(salt=fields.digest("salt"), value=fields.digest("value"))
    return fields.digest("envelope"), share


def release(
    covers: Iterable[Cover],
    *,
    key: PrivateKey,
    policy: Policy,
    closing: Closing,
    frozen: FrozenList,
    now: datetime,
) -> ShareStatement:
    """Release a holder's shares for the listed envelopes only; ``now`` is the holder's own clock.

    ``policy`` is the holder's own copy. Raises ``Refusal``: closing or list cannot be relied on,
    the cover of a listed envelope is missing, or ``key`` is no holder's.
    """
    closing.require_valid(policy, now=now)
    frozen.require_valid(policy, closing, now=now)
    holder = _holder_of(policy, frozen.part, key)
    listed = {cover.digest: cover for cover in covers if cover.digest in frozen.envelopes}
    missing = set(frozen.envelopes) - set(listed)
    if missing:
        raise Refusal(reasons.COVER_MISSING, missing=len(missing))
    shares: dict[bytes, Share] = {}
    for envelope, cover in listed.items():
        share = _unwrap(cover, policy, frozen.part, holder, key)
        if share is not None:
            shares[envelope] = share
    bare = ShareStatement(
        lot=policy.lot,
        part=frozen.part,
        frozen_list=frozen.digest,
        holder=holder.code,
        shares=shares,
        unusable=tuple(sorted(set(listed) - set(shares))),
        released_at=now,
        signature=b"",
    )
    return replace(bare, signature=sign(LABEL, bare.statement(), key).signature)


def _holder_of(policy: Policy, part: str, key: PrivateKey) -> Holder:
    for code in policy.part(part).holders:
        if policy.holder(code).key == key.public:
            return policy.holder(code)
    raise Refusal(reasons.NOT_A_HOLDER)


def _unwrap(
    cover: Cover, policy: Policy, part: str, holder: Holder, key: PrivateKey
) -> Share | None:
    """Return the share, or ``None`` for a wrap that does not hold what the header says.

    A share that does not match is not shown: it could be another bidder's, copied in here.
    """
    header = cover.header
    names = {each.name for each in header.parts}
    if header.policy.digest != policy.digest or part not in names:
        return None
    index = policy.part(part).index_of(holder.code)
    sealed = header.part(part).shares[index - 1]
    try:
        plain = key.decrypt(sealed.wrap)
    except Refusal:
        return None
    share = Share(salt=plain[:LENGTH], value=plain[LENGTH:])
    if len(plain) != LENGTH + derivation.SECRET_LENGTH:
        return None
    is_right = derivation.share_digest(header.context(part), index, share) == sealed.digest
    return share if is_right else None
