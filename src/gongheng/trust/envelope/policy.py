"""The policy of a tender: which parts a bid has, and who must act together to open each.

Made before the tender documents are issued, signed by tenderer and centre; its digest stands in
the documents. Every envelope carries the policy that it was sealed under.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.crypto.statements import Statement, holds, sign
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.fields import Fields, instant_text, whole
from gongheng.trust.envelope.holders import Holder
from gongheng.trust.envelope.shamir import MOST_SHARES
from gongheng.trust.envelope.suites import SUITES, Suite

LABEL = "gongheng.bid-policy.v1"
DEFAULT_THRESHOLD = 3
DEFAULT_HOLDERS = 5
_PART_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Condition:
    """When a part may be opened: an instant, and where ``event`` is not empty, a signed decision."""

    not_before: datetime
    event: str = ""

    @classmethod
    def read(cls, fields: Fields) -> "Condition":
        """Read the JSON form. Raises ``ValueError``."""
        return cls(not_before=fields.instant("not_before"), event=fields.text("event", 100))

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {"not_before": instant_text(self.not_before), "event": self.event}


@dataclass(frozen=True, slots=True)
class Part:
    """One sealed part of a bid: any ``threshold`` of these holders, and the bidder, open it."""

    name: str
    title: str
    threshold: int
    holders: tuple[str, ...]
    bidder: bool
    required: bool
    condition: Condition

    @classmethod
    def read(cls, fields: Fields) -> "Part":
        """Read the JSON form. Raises ``ValueError``."""
        part = cls(
            name=fields.text("name", 32),
            title=fields.text("title", 100),
            threshold=fields.whole("threshold", 1, 255),
            holders=fields.texts("holders"),
            bidder=fields.flag("bidder"),
            required=fields.flag("required"),
            condition=whole(fields.inner("condition"), Condition.read),
        )
        if not _PART_NAME.fullmatch(part.name) or len(part.holders) > MOST_SHARES:
            raise ValueError(part.name)
        return part

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "name": self.name,
            "title": self.title,
            "threshold": self.threshold,
            "holders": list(self.holders),
            "bidder": self.bidder,
            "required": self.required,
            "condition": self.condition.as_json(),
        }

    def index_of(self, code: str) -> int:
        """Return the number of a holder's share, from 1. Raises ``ValueError`` for a stranger."""
        return self.holders.index(code) + 1


@dataclass(frozen=True)
class Policy:
    """The rules of opening of one lot; equal to another when its canonical bytes are."""

    lot: str
    deadline: datetime
    suite: Suite
    is_compulsory_works: bool
    takes_fingerprint: bool
    tenderer_key: str
    centre_key: str
    cosigner_keys: tuple[str, ...]
    quorum: int
    holders: tuple[Holder, ...]
    parts: tuple[Part, ...]

    @classmethod
    def read(cls, fields: Fields) -> "Policy":
        """Read the JSON form. Raises ``ValueError``."""
        fields.version()
        policy = cls(
            lot=fields.text("lot", 100),
            deadline=fields.instant("deadline"),
            suite=_suite(fields.text("suite")),
            is_compulsory_works=fields.flag("compulsory_works"),
            takes_fingerprint=fields.flag("fingerprint"),
            tenderer_key=fields.text("tenderer_key"),
            centre_key=fields.text("centre_key"),
            cosigner_keys=fields.texts("cosigner_keys"),
            quorum=fields.whole("quorum", 0, 255),
            holders=fields.each("holders", Holder.read),
            parts=fields.each("parts", Part.read),
        )
        names = [part.name for part in policy.parts]
        if not names or len(set(names)) < len(names):
            raise ValueError("parts")
        return policy

    @classmethod
    def of_json(cls, value: object) -> "Policy":
        """Read the JSON form. Raises ``ValueError``."""
        return whole(Fields(value), cls.read)

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "v": 1,
            "lot": self.lot,
            "deadline": instant_text(self.deadline),
            "suite": self.suite.name,
            "compulsory_works": self.is_compulsory_works,
            "fingerprint": self.takes_fingerprint,
            "tenderer_key": self.tenderer_key,
            "centre_key": self.centre_key,
            "cosigner_keys": list(self.cosigner_keys),
            "quorum": self.quorum,
            "holders": [holder.as_json() for holder in self.holders],
            "parts": [part.as_json() for part in self.parts],
        }

    @cached_property
    def digest(self) -> bytes:
        """The SM3 digest of the canonical policy: what the tender documents print."""
        return sm3(canonical(self.as_json()))

    def part(self, name: str) -> Part:
        """Return a part by its name. Raises ``KeyError``."""
        return {part.name: part for part in self.parts}[name]

    def holder(self, code: str) -> Holder:
        """Return a holder by the code of its body. Raises ``KeyError``."""
        return {holder.code: holder for holder in self.holders}[code]


@dataclass(frozen=True, slots=True)
class SignedPolicy:
    """A policy with the signatures of tenderer and centre."""

    policy: Policy
    tenderer_signature: bytes
    centre_signature: bytes

    @classmethod
    def make(cls, policy: Policy, *, tenderer: PrivateKey, centre: PrivateKey) -> "SignedPolicy":
        """Sign a policy for both sides."""
        statement = policy.as_json()
        return cls(
            policy=policy,
            tenderer_signature=sign(LABEL, statement, tenderer).signature,
            centre_signature=sign(LABEL, statement, centre).signature,
        )

    @classmethod
    def of_json(cls, value: object) -> "SignedPolicy":
        """Read the JSON form and require both signatures. Raises ``Refusal``."""
        try:
            signed = whole(Fields(value), cls._read)
        except ValueError as error:
            raise Refusal(reasons.POLICY_UNREADABLE) from error
        signed.require_signatures()
        return signed

    @classmethod
    def _read(cls, fields: Fields) -> "SignedPolicy":
        return cls(
            policy=Policy.of_json(fields.mapping("policy")),
            tenderer_signature=fields.hex("tenderer_signature"),
            centre_signature=fields.hex("centre_signature"),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "policy": self.policy.as_json(),
            "tenderer_signature": self.tenderer_signature.hex(),
            "centre_signature": self.centre_signature.hex(),
        }

    def require_signatures(self) -> None:
        """Refuse a policy that not both sides signed. Raises ``Refusal`` (``POLICY_FORGED``)."""
        payload = canonical(self.policy.as_json())
        signatures = {
            self.policy.tenderer_key: self.tenderer_signature,
            self.policy.centre_key: self.centre_signature,
        }
        are_signed = [
            holds(LABEL, Statement(payload, signature), by=key)
            for key, signature in signatures.items()
        ]
        if len(signatures) == 1 or not all(are_signed):
            raise Refusal(reasons.POLICY_FORGED)


def _suite(name: str) -> Suite:
    if name not in SUITES:
        raise ValueError(name)
    return SUITES[name]
