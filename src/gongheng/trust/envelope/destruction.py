"""The end of a holder's key: the centre asks for it in writing, the body states that it is done.

A body destroys on a signed order only, so that a stranger cannot make an opening impossible. Its
statement is signed by the key itself, for the last time, and by the body's standing key.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.crypto.statements import ForgedStatement, read, sign
from gongheng.trust.envelope.fields import Fields, instant_text, whole
from gongheng.trust.envelope.holders import Holder
from gongheng.trust.envelope.policy import Policy

ORDER_LABEL = "gongheng.holder-key.destruction-order.v1"
LABEL = "gongheng.holder-key.destroyed.v1"
ENDORSEMENT_LABEL = "gongheng.holder-key.destroyed.endorsement.v1"

ORDER_INVALID = Reason(
    code="envelope.destruction_order_invalid",
    message="销毁密钥的要求不能采信：签名不符、不是本标段的，或还不到投标截止时间。",
    remedy="请不要销毁密钥，联系交易中心和监督部门核实。",
)
DESTRUCTION_INVALID = Reason(
    code="envelope.destruction_invalid",
    message="密钥销毁声明不能采信：签名不符，或不属于本标段的保管密钥。",
    remedy="请该保管方核对后重新提交。",
)


class Cause(StrEnum):
    """Why keys are destroyed: nothing is left for them to open, or nothing ever may be opened."""

    ALL_OPENED = "all-opened"
    NEVER_OPENED = "never-opened"
    CONCLUDED = "concluded"


@dataclass(frozen=True, slots=True)
class Order:
    """The centre's order to destroy the keys of one policy."""

    lot: str
    policy: bytes
    cause: Cause
    ordered_at: datetime
    signature: bytes

    @classmethod
    def make(cls, policy: Policy, cause: Cause, *, key: PrivateKey, now: datetime) -> "Order":
        """Order as the centre."""
        bare = cls(policy.lot, policy.digest, cause, now, b"")
        return replace(bare, signature=sign(ORDER_LABEL, bare.statement(), key).signature)

    def statement(self) -> dict[str, object]:
        """Return what is signed."""
        return {
            "v": 1,
            "lot": self.lot,
            "policy": self.policy.hex(),
            "cause": self.cause.value,
            "ordered_at": instant_text(self.ordered_at),
        }

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {"statement": self.statement(), "signature": self.signature.hex()}

    @classmethod
    def of_json(cls, value: object) -> "Order":
        """Read the JSON form. Raises ``Refusal`` (``ORDER_INVALID``)."""
        try:
            return whole(Fields(value), cls._read)
        except ValueError as error:
            raise Refusal(ORDER_INVALID) from error

    @classmethod
    def _read(cls, fields: Fields) -> "Order":
        inner = fields.inner("statement")
        inner.version()
        order = cls(
            lot=inner.text("lot", 100),
            policy=inner.digest("policy"),
            cause=Cause(inner.text("cause")),
            ordered_at=inner.instant("ordered_at"),
            signature=fields.hex("signature"),
        )
        inner.end()
        return order

    def require_valid(self, policy: Policy, *, now: datetime) -> None:
        """Refuse an order that no key may be destroyed for; ``now`` is the body's own clock.

        Raises ``Refusal`` (``ORDER_INVALID``).
        """
        is_ours = (self.lot, self.policy) == (policy.lot, policy.digest)
        if not is_ours or now < policy.deadline or self.ordered_at < policy.deadline:
            raise Refusal(ORDER_INVALID)
        try:
            payload = canonical(self.statement())
            read(ORDER_LABEL, payload, self.signature, PublicKey.from_hex(policy.centre_key))
        except (ForgedStatement, Refusal) as error:
            raise Refusal(ORDER_INVALID) from error


@dataclass(frozen=True, slots=True)
class Destruction:
    """A body's statement that its key for one lot is destroyed."""

    lot: str
    policy: bytes
    holder: str
    key: str
    cause: Cause
    destroyed_at: datetime
    signature: bytes
    endorsement: bytes

    @classmethod
    def make(
        cls, order: Order, *, code: str, key: PrivateKey, standing: PrivateKey, now: datetime
    ) -> "Destruction":
        """State it as the body; ``key`` is destroyed right after this signature."""
        bare = cls(
            lot=order.lot,
            policy=order.policy,
            holder=code,
            key=key.public.to_hex(),
            cause=order.cause,
            destroyed_at=now,
            signature=b"",
            endorsement=b"",
        )
        statement = bare.statement()
        return replace(
            bare,
            signature=sign(LABEL, statement, key).signature,
            endorsement=sign(ENDORSEMENT_LABEL, statement, standing).signature,
        )

    def statement(self) -> dict[str, object]:
        """Return what is signed."""
        return {
            "v": 1,
            "lot": self.lot,
            "policy": self.policy.hex(),
            "holder": self.holder,
            "key": self.key,
            "cause": self.cause.value,
            "destroyed_at": instant_text(self.destroyed_at),
        }

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "statement": self.statement(),
            "signature": self.signature.hex(),
            "endorsement": self.endorsement.hex(),
        }

    @classmethod
    def of_json(cls, value: object) -> "Destruction":
        """Read the JSON form. Raises ``Refusal`` (``DESTRUCTION_INVALID``)."""
        try:
            return whole(Fields(value), cls._read)
        except ValueError as error:
            raise Refusal(DESTRUCTION_INVALID) from error

    @classmethod
    def _read(cls, fields: Fields) -> "Destruction":
        inner = fields.inner("statement")
        inner.version()
        found = cls(
            lot=inner.text("lot", 100),
            policy=inner.digest("policy"),
            holder=inner.text("holder", 32),
            key=inner.text("key"),
            cause=Cause(inner.text("cause")),
            destroyed_at=inner.instant("destroyed_at"),
            signature=fields.hex("signature"),
            endorsement=fields.hex("endorsement"),
        )
        inner.end()
        return found

    def require_valid(self, policy: Policy) -> Holder:
        """Return the holder whose key it was. Raises ``Refusal`` (``DESTRUCTION_INVALID``)."""
        known = {holder.code: holder for holder in policy.holders}
        holder = known.get(self.holder)
        if holder is None or (self.lot, self.policy) != (policy.lot, policy.digest):
            raise Refusal(DESTRUCTION_INVALID)
        if self.key != holder.announcement.key:
            raise Refusal(DESTRUCTION_INVALID)
        payload = canonical(self.statement())
        try:
            read(LABEL, payload, self.signature, holder.key)
            signer = PublicKey.from_hex(holder.announcement.signer)
            read(ENDORSEMENT_LABEL, payload, self.endorsement, signer)
        except (ForgedStatement, Refusal) as error:
            raise Refusal(DESTRUCTION_INVALID, holder=holder.name) from error
        return holder
