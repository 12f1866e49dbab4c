"""The head of an envelope: everything but the content, the signature and what is computed last."""

from dataclasses import dataclass

from gongheng.kernel.canonical import canonical
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.envelope import derivation
from gongheng.trust.envelope.fields import Fields, whole
from gongheng.trust.envelope.padding import LENGTHS, MOST_CHUNKS
from gongheng.trust.envelope.policy import Part, Policy
from gongheng.trust.envelope.suites import SEALED_CHUNK
from gongheng.trust.tlog.exact import from_base64, to_base64

MAGIC = b"GHBID\x01\r\n"
"""Five letters, the format's version, and an end of line that a careless transfer would change."""
COUNT_LENGTH = 4
PREFIX_LENGTH = len(MAGIC) + COUNT_LENGTH
FORMAT = "gongheng bid envelope"
LONGEST_HEADER = 1 << 20


@dataclass(frozen=True, slots=True)
class SealedShare:
    """One holder's share: its digest, and the share sealed to the holder's key."""

    digest: bytes
    wrap: bytes

    @classmethod
    def read(cls, fields: Fields) -> "SealedShare":
        """Read the JSON form. Raises ``ValueError``."""
        return cls(digest=fields.digest("digest"), wrap=fields.base64("wrap", 1000))

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {"digest": self.digest.hex(), "wrap": to_base64(self.wrap)}


@dataclass(frozen=True, slots=True)
class SealedPart:
    """One sealed part: its length in chunks, what proves its keys, and the shares in order."""

    name: str
    chunks: int
    commitment: bytes
    half_digest: bytes
    shares: tuple[SealedShare, ...]

    @classmethod
    def read(cls, fields: Fields) -> "SealedPart":
        """Read the JSON form. Raises ``ValueError``."""
        part = cls(
            name=fields.text("name", 32),
            chunks=fields.whole("chunks", 1, MOST_CHUNKS),
            commitment=fields.digest("commitment"),
            half_digest=fields.digest("half_digest"),
            shares=fields.each("shares", SealedShare.read),
        )
        if part.chunks not in LENGTHS:
            raise ValueError("chunks")
        return part

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "name": self.name,
            "chunks": self.chunks,
            "commitment": self.commitment.hex(),
            "half_digest": self.half_digest.hex(),
            "shares": [share.as_json() for share in self.shares],
        }

    @property
    def size(self) -> int:
        """How many bytes the part takes in the file."""
        return self.chunks * SEALED_CHUNK


@dataclass(frozen=True, slots=True)
class Header:
    """The head of an envelope.

    ``bidder_key`` signs the envelope; ``certificates`` (DER, the signer's first) may prove whose it
    is. ``seed_wrap`` is the bidder's seed, from which its half of each part follows, sealed to
    ``seed_key``, a key of the bidder.
    """

    policy: Policy
    bidder_key: str
    certificates: tuple[bytes, ...]
    seed_key: str
    seed_wrap: bytes
    parts: tuple[SealedPart, ...]

    @classmethod
    def read(cls, fields: Fields) -> "Header":
        """Read the JSON form. Raises ``ValueError``."""
        fields.version()
        if fields.text("format") != FORMAT:
            raise ValueError("format")
        header = cls(
            policy=Policy.of_json(fields.mapping("policy")),
            bidder_key=fields.text("bidder_key"),
            certificates=tuple(from_base64(text) for text in fields.texts("certificates")),
            seed_key=fields.text("seed_key"),
            seed_wrap=fields.base64("seed_wrap", 1000),
            parts=fields.each("parts", SealedPart.read),
        )
        header._require_consistent()
        return header

    @classmethod
    def decode(cls, data: bytes) -> "Header":
        """Read the bytes in the file. Raises ``ValueError``."""
        return whole(Fields.of_bytes(data), cls.read)

    def encode(self) -> bytes:
        """Return the bytes in the file, from the magic to the first chunk."""
        body = canonical(
            {
                "v": 1,
                "format": FORMAT,
                "policy": self.policy.as_json(),
                "bidder_key": self.bidder_key,
                "certificates": [to_base64(each) for each in self.certificates],
                "seed_key": self.seed_key,
                "seed_wrap": to_base64(self.seed_wrap),
                "parts": [part.as_json() for part in self.parts],
            }
        )
        return MAGIC + len(body).to_bytes(COUNT_LENGTH) + body

    def _require_consistent(self) -> None:
        names = [part.name for part in self.parts]
        wanted = [part.name for part in self.policy.parts if part.required or part.name in names]
        if not names or names != wanted:
            raise ValueError("parts")
        for part in self.parts:
            if len(part.shares) != len(self.policy.part(part.name).holders):
                raise ValueError("shares")

    @property
    def body_size(self) -> int:
        """How many bytes all chunks take in the file."""
        return sum(part.size for part in self.parts)

    def part(self, name: str) -> SealedPart:
        """Return a sealed part by its name. Raises ``KeyError``."""
        return {part.name: part for part in self.parts}[name]

    def offset(self, name: str) -> int:
        """Return where a part begins, counted from the first chunk. Raises ``KeyError``."""
        place = self.parts.index(self.part(name))
        return sum(part.size for part in self.parts[:place])

    def context(self, name: str) -> bytes:
        """Return the digest that binds the derivations of a part. Raises ``KeyError``."""
        return context_of(self.policy, self.policy.part(name), self.bidder_key)

    def bidder(self) -> PublicKey:
        """Return the key that signs. Raises ``Refusal`` when it is no key."""
        return PublicKey.from_hex(self.bidder_key)


def context_of(policy: Policy, part: Part, bidder_key: str) -> bytes:
    """Return the digest that binds the derivations of a part to tender, policy and bidder."""
    return derivation.context(
        lot=policy.lot,
        policy=policy.digest,
        part=part.name,
        suite=policy.suite.name,
        bidder=bidder_key,
    )


def header_digest(encoded: bytes) -> bytes:
    """Return the digest of the head as it stands in the file: it goes with every chunk."""
    return sm3(encoded)
