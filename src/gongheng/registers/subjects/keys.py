"""Signing keys of subjects: whoever registers one proves that they hold it."""

import json
from datetime import datetime

from django.db import IntegrityError, transaction

from gongheng.data.exchange.stations import keeper
from gongheng.kernel.reasons import Refusal
from gongheng.registers.subjects import queries, reasons
from gongheng.registers.subjects.models import Subject, SubjectKey
from gongheng.trust.crypto import key_proof
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

LONGEST_PROOF = 4096


def prove(code: str, key: PrivateKey) -> str:
    """Return the proof that somebody holds a key for a subject: JSON to hand in."""
    return json.dumps(key_proof.prove(code, key), sort_keys=True)


def require_proof(code: str, public_key_hex: str, proof: str) -> None:
    """Refuse a key without a proof by that very key for that very subject. Raises ``Refusal``."""
    try:
        given = json.loads(proof[:LONGEST_PROOF])
    except (ValueError, RecursionError):
        raise Refusal(reasons.BAD_PROOF) from None
    if not isinstance(given, dict) or not key_proof.is_proven(
        given, code=code, public_key_hex=public_key_hex
    ):
        raise Refusal(reasons.BAD_PROOF)


@transaction.atomic
def register_key(
    *, code: str, public_key_hex: str, proof: str, actor: Actor, now: datetime
) -> SubjectKey:
    """Register the key that a subject signs with from now on; the one before ends.

    Where the register is kept elsewhere the key waits for its keeper. Raises ``Refusal``
    (NOT_YOURS, UNKNOWN, NOT_VERIFIED, BAD_PROOF, KEY_TAKEN).
    """
    queries.require_acting(actor)
    if actor.organisation_code != code:
        raise Refusal(reasons.NOT_YOURS)
    queries.require_verified(code)
    key = enter_key(code=code, public_key_hex=public_key_hex, proof=proof, by=actor.name, now=now)
    audit.record(
        actor=actor,
        deed="subject.key_registered",
        object_id=key.pk,
        public_key=public_key_hex,
        now=now,
    )
    return key


@transaction.atomic
def enter_key(*, code: str, public_key_hex: str, proof: str, by: str, now: datetime) -> SubjectKey:
    """Take a proven key into the register. Raises ``Refusal`` (BAD_PROOF, KEY_TAKEN)."""
    require_proof(code, public_key_hex, proof)
    subject = Subject.objects.select_for_update(of=("self",)).get(code=code)
    known = SubjectKey.objects.filter(public_key=public_key_hex).first()
    if known is not None:
        if known.subject_id == subject.pk and known.ends_at is None:
            return known
        raise Refusal(reasons.KEY_TAKEN)
    here = keeper() is None
    if here:
        subject.keys.filter(ends_at=None).update(ends_at=now)
        subject.changed_at = now
        subject.save(update_fields=["changed_at"])
    try:
        with transaction.atomic():
            return SubjectKey.objects.create(
                region_code=subject.region_code,
                subject=subject,
                public_key=public_key_hex,
                proof=proof,
                registered_by=by,
                starts_at=now,
                confirmed_at=now if here else None,
            )
    except IntegrityError:
        raise Refusal(reasons.KEY_TAKEN) from None
