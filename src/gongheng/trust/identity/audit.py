"""The one way into the audit trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from uuid import UUID

from django.conf import settings

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import hkdf
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Outcome
from gongheng.trust.identity.models import AuditEntry
from gongheng.web import changes

Changes = list[list[str]]
"""Model, key, digest before and digest after of each row that a deed changed."""


def record(
    *,
    actor: Actor,
    deed: str,
    now: datetime,
    object_id: UUID | str = "",
    outcome: Outcome = Outcome.DONE,
    reason: str = "",
    address: str | None = None,
    public_key: str = "",
    changed: Changes | None = None,
) -> AuditEntry:
    """Write who did what to which object, when, from where, and how it ended (E-15, E-16).

    A deed that is done is recorded inside its own transaction, after what it writes: the rows changed
    so far are entered with it. A refusal is recorded after it was rolled back. ``public_key`` (hex) is
    the registered key that signed; ``changed`` is given by who kept the entry back.
    """
    return AuditEntry.objects.create(
        region_code=actor.region_code or NOWHERE,
        account_id=actor.account_id,
        deed=deed,
        object_id=str(object_id),
        outcome=outcome,
        reason=reason,
        address=address or actor.address,
        roles=" ".join(sorted(actor.roles)),
        device=actor.device,
        key=sm3(bytes.fromhex(public_key)).hex() if public_key else "",
        changes=changes_of(object_id) if changed is None else changed,
        happened_at=now,
    )


def changes_of(object_id: UUID | str) -> Changes:
    """Return what the transaction changed and no entry has told yet, and the object's own part."""
    return [
        [change.what, change.row, digest_of(change.before), digest_of(change.after)]
        for change in changes.take(str(object_id))
    ]


def digest_of(state: bytes | None) -> str:
    """Return the digest (hex) of a row's state, empty for none: HMAC with SM3 under the node's key.

    Whoever reads the trail must not find out by trying what a sealed list says (A-01, A-04).
    """
    return "" if state is None else hkdf.extract(_key(settings.SECRET_KEY), state).hex()


@cache
def _key(secret: str) -> bytes:
    return hkdf.expand(hkdf.extract(b"", secret.encode()), b"gongheng.identity.trail", 32)


@contextmanager
def refusals(
    *, actor: Actor, deed: str, now: datetime, object_id: UUID | str = ""
) -> Iterator[None]:
    """Write down a refusal of the deed inside, and let it go on to whoever tells the person.

    It stands outside the deed's transaction, which the refusal has rolled back.
    """
    try:
        yield
    except Refusal as refusal:
        record(
            actor=actor,
            deed=deed,
            object_id=object_id,
            now=now,
            outcome=Outcome.REFUSED,
            reason=refusal.reason.code,
        )
        raise


NOWHERE = "000000"
"""The region of an entry about somebody who is not signed in."""
