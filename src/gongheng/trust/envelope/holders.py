"""Who holds a share: a body, its place in a chain of command, and its key for one tender.

The key pair is made on the body's own machine for one lot; the announcement proves possession (a
signature by the new key) and origin (a signature by the body's standing key).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.crypto.statements import Statement, holds, sign
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.fields import Fields, instant_text, whole

LABEL = "gongheng.holder-key.v1"
ENDORSEMENT_LABEL = "gongheng.holder-key.endorsement.v1"


class Side(StrEnum):
    """On which side of the trade a holder stands; the supervisor is listed to be refused."""

    TENDERER = "tenderer"
    AGENCY = "agency"
    CENTRE = "centre"
    NODE = "node"
    NOTARY = "notary"
    RESERVE = "reserve"
    SUPERVISOR = "supervisor"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _LABELS[self]


_LABELS = {
    Side.TENDERER: "招标人",
    Side.AGENCY: "招标代理机构",
    Side.CENTRE: "交易中心",
    Side.NODE: "中立平台",
    Side.NOTARY: "公证机构",
    Side.RESERVE: "候补",
    Side.SUPERVISOR: "行政监督部门",
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """A body's key for one lot, with proof of possession and the body's endorsement."""

    lot: str
    code: str
    name: str
    key: str
    signer: str
    made_at: datetime
    proof: bytes
    endorsement: bytes

    @classmethod
    def read(cls, fields: Fields) -> "Announcement":
        """Read the JSON form. Raises ``ValueError``."""
        fields.version()
        return cls(
            lot=fields.text("lot", 100),
            code=fields.text("code", 32),
            name=fields.text("name", 200),
            key=fields.text("key"),
            signer=fields.text("signer"),
            made_at=fields.instant("made_at"),
            proof=fields.hex("proof"),
            endorsement=fields.hex("endorsement"),
        )

    @classmethod
    def of_json(cls, value: object) -> "Announcement":
        """Read the JSON form. Raises ``Refusal`` (``HOLDER_UNPROVEN``)."""
        try:
            return whole(Fields(value), cls.read)
        except ValueError as error:
            raise Refusal(reasons.HOLDER_UNPROVEN) from error

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        signatures = {"proof": self.proof.hex(), "endorsement": self.endorsement.hex()}
        return {**_facts(self), **signatures}

    def require_proven(self) -> None:
        """Refuse a key without both signatures. Raises ``Refusal`` (``HOLDER_UNPROVEN``)."""
        payload = canonical(_facts(self))
        are_signed = holds(LABEL, Statement(payload, self.proof), by=self.key) and holds(
            ENDORSEMENT_LABEL, Statement(payload, self.endorsement), by=self.signer
        )
        # The standing key may be escrowed by its certificate authority; the share's must not.
        if self.key == self.signer or not are_signed:
            raise Refusal(reasons.HOLDER_UNPROVEN, holder=self.name)


def _facts(announcement: Announcement) -> dict[str, object]:
    return {
        "v": 1,
        "lot": announcement.lot,
        "code": announcement.code,
        "name": announcement.name,
        "key": announcement.key,
        "signer": announcement.signer,
        "made_at": instant_text(announcement.made_at),
    }


def announce(
    *, lot: str, code: str, name: str, key: PrivateKey, standing: PrivateKey, now: datetime
) -> Announcement:
    """Return the announcement of a tender key, signed by it and by the body's standing key."""
    bare = Announcement(
        lot=lot,
        code=code,
        name=name,
        key=key.public.to_hex(),
        signer=standing.public.to_hex(),
        made_at=now,
        proof=b"",
        endorsement=b"",
    )
    facts = _facts(bare)
    return Announcement(
        lot=lot,
        code=code,
        name=name,
        key=bare.key,
        signer=bare.signer,
        made_at=now,
        proof=sign(LABEL, facts, key).signature,
        endorsement=sign(ENDORSEMENT_LABEL, facts, standing).signature,
    )


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder as the policy names it.

    ``command`` is the code of the body at the top of its chain of command (its own, when it stands
    alone); ``deputy_of`` the code of the body that it stands in for, or empty.
    """

    announcement: Announcement
    side: Side
    command: str
    deputy_of: str = ""

    @classmethod
    def read(cls, fields: Fields) -> "Holder":
        """Read the JSON form. Raises ``ValueError``."""
        return cls(
            announcement=whole(fields.inner("announcement"), Announcement.read),
            side=Side(fields.text("side")),
            command=fields.text("command", 32),
            deputy_of=fields.text("deputy_of", 32),
        )

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "announcement": self.announcement.as_json(),
            "side": self.side.value,
            "command": self.command,
            "deputy_of": self.deputy_of,
        }

    @property
    def code(self) -> str:
        """The code of the body."""
        return self.announcement.code

    @property
    def name(self) -> str:
        """The name of the body."""
        return self.announcement.name

    @property
    def key(self) -> PublicKey:
        """The key to which the holder's shares are sealed."""
        return PublicKey.from_hex(self.announcement.key)
