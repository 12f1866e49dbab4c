"""One-time codes by time (RFC 6238): six digits every thirty seconds from any authenticator.

The secret is sealed under the node's own key: who copies the database has no codes.
"""

import base64
import secrets
from datetime import datetime

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import rules
from gongheng.trust.identity.models import Account, CodeSecret

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
SLACK = (0, -1, 1)
"""Steps of time that a code may be off: the clocks of telephones are."""


def secret_of(account: Account) -> CodeSecret | None:
    """Return the account's confirmed secret."""
    return CodeSecret.objects.filter(account=account, confirmed_at__isnull=False).first()


@transaction.atomic
def enrol(account: Account) -> str:
    """Make a new secret that waits for its first code; return it in base 32.

    A confirmed secret stays in force until the new one is confirmed: nothing is made then. Asking
    again before the first code returns the same secret.
    """
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    waiting = CodeSecret.objects.filter(account=account).first()
    if waiting is None:
        sealed = _box().encrypt(secrets.token_bytes(SECRET_BYTES))
        waiting = CodeSecret.objects.create(
            account=account, region_code=account.region_code, sealed=sealed
        )
    return base64.b32encode(_opened(waiting)).decode()


def provisioning_uri(account: Account, secret: str) -> str:
    """Return what an authenticator reads."""
    issuer = settings.NODE.name
    return _totp(base64.b32decode(secret)).get_provisioning_uri(account.username, issuer)


@transaction.atomic
def confirm(*, account: Account, code: str, now: datetime) -> None:
    """Put a waiting secret in force by its first code. Raises ``Refusal`` (rules.WRONG_CODE)."""
    _use(CodeSecret.objects.filter(account=account), code=code, now=now, confirms=True)


@transaction.atomic
def use(*, account: Account, code: str, now: datetime) -> None:
    """Use a code, which then never works again. Raises ``Refusal`` (rules.WRONG_CODE)."""
    found = CodeSecret.objects.filter(account=account, confirmed_at__isnull=False)
    _use(found, code=code, now=now, confirms=False)


def forget(account: Account) -> None:
    """Forget the secret: the person enrols anew."""
    CodeSecret.objects.filter(account=account).delete()


def code_at(secret: str, now: datetime) -> str:
    """Return the code of a moment: what the authenticator of the holder of the secret shows."""
    return _totp(base64.b32decode(secret)).generate(int(now.timestamp())).decode()


def _use(found: object, *, code: str, now: datetime, confirms: bool) -> None:
    secret = found.select_for_update(of=("self",)).first()  # type: ignore[attr-defined]  # a queryset
    step = _step_of(_opened(secret), code, now) if secret else None
    if step is None or step <= secret.last_step:
        raise Refusal(rules.WRONG_CODE)
    secret.last_step = step
    if confirms:
        secret.confirmed_at = now
    secret.save(update_fields=["last_step", "confirmed_at"])


def _step_of(secret: bytes, code: str, now: datetime) -> int | None:
    """Return the time step whose code this is."""
    totp, at = _totp(secret), int(now.timestamp())
    for slack in SLACK:
        moment = at + slack * STEP_SECONDS
        try:
            totp.verify(code.encode("utf-8"), moment)
        except InvalidToken:
            continue
        return moment // STEP_SECONDS
    return None


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what every authenticator speaks; the construction does not rest on its collisions.
    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303  as above


def _opened(secret: CodeSecret) -> bytes:
    return _box().decrypt(bytes(secret.sealed))


def _box() -> Fernet:
    key = salted_hmac("gongheng.identity.codes", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
