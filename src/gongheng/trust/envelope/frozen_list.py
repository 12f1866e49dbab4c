"""The list between the phases: whose parts the holders may release shares for.

It is frozen when the bidders' window ends, so that nobody can look at rivals' prices first and then
fail to decrypt. Where a part waits for a decision, the tenderer signs that decision with the list.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.crypto.statements import ForgedStatement, read, sign
from gongheng.trust.envelope import reasons
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.fields import Fields, instant_text, whole
from gongheng.trust.envelope.policy import Policy

LABEL = "gongheng.opening-list.v1"
DECISION_LABEL = "gongheng.opening-list.decision.v1"


@dataclass(frozen=True, slots=True)
class FrozenList:
    """The envelopes of which one part is to be opened."""

    lot: str
    part: str
    closing: bytes
    event: str
    envelopes: tuple[bytes, ...]
    frozen_at: datetime
    signature: bytes
    decision_signature: bytes = b""

    @classmethod
    def make(
        cls,
        closing: Closing,
        part: str,
        envelopes: Collection[bytes],
        *,
        key: PrivateKey,
        now: datetime,
        event: str = "",
    ) -> "FrozenList":
        """Freeze a list as the centre."""
        bare = cls(
            lot=closing.lot,
            part=part,
            closing=closing.digest,
            event=event,
            envelopes=tuple(sorted(set(envelopes))),
            frozen_at=now,
            signature=b"",
        )
        return replace(bare, signature=sign(LABEL, bare.statement(), key).signature)

    def decided(self, key: PrivateKey) -> "FrozenList":
        """Return the list with the tenderer's signature under the decision that it names."""
        signature = sign(DECISION_LABEL, self.statement(), key).signature
        return replace(self, decision_signature=signature)

    def statement(self) -> dict[str, object]:
        """Return what is signed."""
        return {
            "v": 1,
            "lot": self.lot,
            "part": self.part,
            "closing": self.closing.hex(),
            "event": self.event,
            "envelopes": [digest.hex() for digest in self.envelopes],
            "frozen_at": instant_text(self.frozen_at),
        }

    @property
    def digest(self) -> bytes:
        """The digest of the statement: what shares refer to."""
        return sm3(canonical(self.statement()))

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "statement": self.statement(),
            "signature": self.signature.hex(),
            "decision_signature": self.decision_signature.hex(),
        }

    @classmethod
    def of_json(cls, value: object) -> "FrozenList":
        """Read the JSON form. Raises ``Refusal`` (``LIST_INVALID``)."""
        try:
            return whole(Fields(value), cls._read)
        except ValueError as error:
            raise Refusal(reasons.LIST_INVALID) from error

    @classmethod
    def _read(cls, fields: Fields) -> "FrozenList":
        inner = fields.inner("statement")
        inner.version()
        found = cls(
            lot=inner.text("lot", 100),
            part=inner.text("part", 32),
            closing=inner.digest("closing"),
            event=inner.text("event", 100),
            envelopes=inner.digests("envelopes"),
            frozen_at=inner.instant("frozen_at"),
            signature=fields.hex("signature"),
            decision_signature=fields.hex("decision_signature"),
        )
        inner.end()
        return found

    def require_valid(self, policy: Policy, closing: Closing, *, now: datetime) -> None:
        """Refuse a list that no share may be released for; ``now`` is the reader's own clock.

        Raises ``Refusal`` (``LIST_INVALID``, ``NOT_YET``).
        """
        if self.lot != policy.lot or self.closing != closing.digest:
            raise Refusal(reasons.LIST_INVALID)
        try:
            part = policy.part(self.part)
        except KeyError as error:
            raise Refusal(reasons.LIST_INVALID) from error
        if self.event != part.condition.event or not set(self.envelopes) <= set(closing.envelopes):
            raise Refusal(reasons.LIST_INVALID)
        self._require_signed(LABEL, policy.centre_key, self.signature)
        if part.condition.event:
            self._require_signed(DECISION_LABEL, policy.tenderer_key, self.decision_signature)
        earliest = max(part.condition.not_before, closing.closed_at)
        if self.frozen_at < earliest or now < self.frozen_at:
            raise Refusal(reasons.NOT_YET, not_before=instant_text(earliest))

    def _require_signed(self, label: str, key: str, signature: bytes) -> None:
        try:
            read(label, canonical(self.statement()), signature, PublicKey.from_hex(key))
        except (ForgedStatement, Refusal) as error:
            raise Refusal(reasons.LIST_INVALID) from error
