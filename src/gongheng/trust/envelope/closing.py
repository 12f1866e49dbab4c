"""The closing statement: which envelopes existed when bids closed, and that none can be added.

It names the root of the Merkle tree (SM3, RFC 9162) over the digests of the final envelopes in
rising order, so that positions tell nothing, and the key made for this opening, to which the
bidders release their halves. The centre signs it; cosigners sign the same content.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.crypto.statements import ForgedStatement, read, sign
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.fields import Fields, instant_text, whole
from gongheng.trust.envelope.policy import Policy
from gongheng.trust.tlog.exact import from_hex
from gongheng.trust.tlog.tree import Frontier

LABEL = "gongheng.bid-closing.v1"
COSIGNATURE_LABEL = "gongheng.bid-closing.cosignature.v1"


def root_of(envelopes: Collection[bytes]) -> bytes:
    """Return the root over the digests of envelopes, in rising order."""
    tree = Frontier("sm3")
    for digest in sorted(envelopes):
        tree.append(digest)
    return tree.root()


@dataclass(frozen=True, slots=True)
class Closing:
    """The statement with the digests that it covers."""

    lot: str
    policy: bytes
    closed_at: datetime
    opening_key: str
    envelopes: tuple[bytes, ...]
    signature: bytes
    cosignatures: Mapping[str, bytes]

    @classmethod
    def make(
        cls,
        policy: Policy,
        envelopes: Collection[bytes],
        *,
        key: PrivateKey,
        opening_key: PublicKey,
        now: datetime,
    ) -> "Closing":
        """Close a lot as the centre. Raises ``Refusal`` (``NOT_YET``) before the deadline."""
        if now < policy.deadline:
            raise Refusal(reasons.NOT_YET, deadline=instant_text(policy.deadline))
        bare = cls(
            lot=policy.lot,
            policy=policy.digest,
            closed_at=now,
            opening_key=opening_key.to_hex(),
            envelopes=tuple(sorted(set(envelopes))),
            signature=b"",
            cosignatures={},
        )
        return replace(bare, signature=sign(LABEL, bare.statement(), key).signature)

    def cosigned(self, key: PrivateKey) -> "Closing":
        """Return the closing with one more cosignature."""
        signature = sign(COSIGNATURE_LABEL, self.statement(), key).signature
        return replace(self, cosignatures={**self.cosignatures, key.public.to_hex(): signature})

    def statement(self) -> dict[str, object]:
        """Return what is signed."""
        return {
            "v": 1,
            "lot": self.lot,
            "policy": self.policy.hex(),
            "closed_at": instant_text(self.closed_at),
            "opening_key": self.opening_key,
            "count": len(self.envelopes),
            "root": root_of(self.envelopes).hex(),
        }

    @property
    def digest(self) -> bytes:
        """The digest of the statement: what releases and lists refer to."""
        return sm3(canonical(self.statement()))

    @classmethod
    def of_json(cls, value: object) -> "Closing":
        """Read the JSON form. Raises ``Refusal`` (``CLOSING_INVALID``)."""
        try:
            return whole(Fields(value), cls._read)
        except ValueError as error:
            raise Refusal(reasons.CLOSING_INVALID) from error

    @classmethod
    def _read(cls, fields: Fields) -> "Closing":
        claimed = fields.mapping("statement")
        inner = Fields(claimed)
        closing = cls(
            lot=inner.text("lot", 100),
            policy=inner.digest("policy"),
            closed_at=inner.instant("closed_at"),
            opening_key=inner.text("opening_key"),
            envelopes=fields.digests("envelopes"),
            signature=fields.hex("signature"),
            cosignatures={
                key: from_hex(str(text)) for key, text in fields.mapping("cosignatures").items()
            },
        )
        # Count and root are those of the list, or the list is not the one that was signed.
        if closing.statement() != claimed:
            raise ValueError("statement")
        return closing

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "statement": self.statement(),
            "envelopes": [digest.hex() for digest in self.envelopes],
            "signature": self.signature.hex(),
            "cosignatures": {key: each.hex() for key, each in self.cosignatures.items()},
        }

    def require_valid(self, policy: Policy, *, now: datetime) -> None:
        """Refuse a closing that no share may be released for; ``now`` is the reader's own clock.

        Raises ``Refusal`` (``CLOSING_INVALID``, ``NOT_YET``).
        """
        if self.lot != policy.lot or self.policy != policy.digest:
            raise Refusal(reasons.CLOSING_INVALID)
        if not _is_signed(LABEL, self, policy.centre_key, self.signature):
            raise Refusal(reasons.CLOSING_INVALID)
        standing = [
            key
            for key in set(policy.cosigner_keys)
            if _is_signed(COSIGNATURE_LABEL, self, key, self.cosignatures.get(key, b""))
        ]
        if len(standing) < policy.quorum:
            raise Refusal(reasons.CLOSING_INVALID, cosigners=f"{len(standing)}/{policy.quorum}")
        if self.closed_at < policy.deadline or now < policy.deadline or now < self.closed_at:
            raise Refusal(reasons.NOT_YET, deadline=instant_text(policy.deadline))


def _is_signed(label: str, closing: Closing, key: str, signature: bytes) -> bool:
    try:
        read(label, canonical(closing.statement()), signature, PublicKey.from_hex(key))
    except (ForgedStatement, Refusal):
        return False
    return True
