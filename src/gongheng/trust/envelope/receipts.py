"""The receipt of a bid handed in or withdrawn (E-02): signed by the platform, checked off line.

The platform's log gets only ``leaf``: the digest of the receipt's facts under a salt that stands in
the receipt. Leaves go into the log in slots of equal size at equal times, so that the log tells
nobody how many bids there are; ``Inclusion`` is the way from the leaf to its slot.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.crypto.statements import ForgedStatement, read, sign
from gongheng.trust.envelope.fields import Fields, instant_text, whole
from gongheng.trust.tlog.exact import from_hex
from gongheng.trust.tlog.judge import is_included
from gongheng.trust.tlog.tree import Frontier, leaf_hash

LABEL = "gongheng.bid-receipt.v1"
FORMAT = "gongheng-bid-receipt/1"
SALT_LENGTH = 32
MOST_BYTES = 1 << 40

RECEIPT_INVALID = Reason(
    code="envelope.receipt_invalid",
    message="回执不完整，或与平台的签名不符。",
    remedy="请从平台重新下载回执；仍不相符的，请保留文件并向行政监督部门反映。",
)


class Deed(StrEnum):
    """What a receipt confirms."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return {"submitted": "递交", "withdrawn": "撤回"}[self.value]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the platform confirms: ``number`` counts the deeds of this one bidder, not the bids."""

    deed: Deed
    node: str
    lot: str
    round_number: int
    bidder: str
    number: int
    envelope: bytes
    size: int
    policy: bytes
    completed_at: datetime

    @classmethod
    def read(cls, fields: Fields) -> "Facts":
        """Read the JSON form. Raises ``ValueError``."""
        fields.version()
        return cls(
            deed=Deed(fields.text("deed")),
            node=fields.text("node", 32),
            lot=fields.text("lot", 100),
            round_number=fields.whole("round", 1, 1000),
            bidder=fields.text("bidder", 32),
            number=fields.whole("number", 1, 1_000_000),
            envelope=fields.digest("envelope"),
            size=fields.whole("size", 0, MOST_BYTES),
            policy=fields.digest("policy"),
            completed_at=fields.instant("completed_at"),
        )

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "v": 1,
            "deed": self.deed.value,
            "node": self.node,
            "lot": self.lot,
            "round": self.round_number,
            "bidder": self.bidder,
            "number": self.number,
            "envelope": self.envelope.hex(),
            "size": self.size,
            "policy": self.policy.hex(),
            "completed_at": instant_text(self.completed_at),
        }


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The way from a receipt's leaf to the root of its slot."""

    position: int
    size: int
    path: tuple[bytes, ...]

    @classmethod
    def read(cls, fields: Fields) -> "Inclusion":
        """Read the JSON form. Raises ``ValueError``."""
        return cls(
            position=fields.whole("position", 0, 1 << 20),
            size=fields.whole("size", 1, 1 << 20),
            path=tuple(from_hex(text) for text in fields.texts("path")),
        )

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "position": self.position,
            "size": self.size,
            "path": [step.hex() for step in self.path],
        }

    def holds(self, leaf: bytes, root: bytes) -> bool:
        """Say whether the leaf stands in the slot with this root."""
        return is_included(
            "sm3",
            leaf=leaf_hash("sm3", leaf),
            position=self.position,
            size=self.size,
            proof=self.path,
            root=root,
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """The facts with their salt and the platform's signature over facts and leaf."""

    facts: Facts
    salt: bytes
    signature: bytes

    @classmethod
    def make(cls, facts: Facts, key: PrivateKey, *, salt: bytes = b"") -> "Receipt":
        """Sign a receipt under a fresh salt."""
        bare = cls(facts=facts, salt=salt or os.urandom(SALT_LENGTH), signature=b"")
        return replace(bare, signature=sign(LABEL, bare.statement(), key).signature)

    @property
    def leaf(self) -> bytes:
        """The blinded digest that stands for this receipt in the log."""
        return sm3(self.salt + canonical(self.facts.as_json()))

    def statement(self) -> dict[str, object]:
        """Return what the platform signs."""
        return {"facts": self.facts.as_json(), "leaf": self.leaf.hex()}

    @classmethod
    def of_json(cls, value: object) -> "Receipt":
        """Read the JSON form. Raises ``Refusal`` (``RECEIPT_INVALID``)."""
        try:
            return whole(Fields(value), cls._read)
        except ValueError as error:
            raise Refusal(RECEIPT_INVALID) from error

    @classmethod
    def _read(cls, fields: Fields) -> "Receipt":
        if fields.text("format") != FORMAT:
            raise ValueError("format")
        receipt = cls(
            facts=whole(fields.inner("facts"), Facts.read),
            salt=fields.hex("salt"),
            signature=fields.hex("signature"),
        )
        if fields.digest("leaf") != receipt.leaf or len(receipt.salt) != SALT_LENGTH:
            raise ValueError("leaf")
        return receipt

    def as_json(self) -> dict[str, object]:
        """Return the JSON form: what the bidder keeps."""
        return {
            "format": FORMAT,
            **self.statement(),
            "salt": self.salt.hex(),
            "signature": self.signature.hex(),
        }

    def require_signed(self, platform: PublicKey) -> None:
        """Refuse a receipt that this platform did not give. Raises ``Refusal``."""
        try:
            read(LABEL, canonical(self.statement()), self.signature, platform)
        except ForgedStatement as error:
            raise Refusal(RECEIPT_INVALID) from error


def slot_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the leaves of one slot."""
    tree = Frontier("sm3")
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()
