"""Counts what may be tried only so often in a window: passwords, one-time codes, codes sent out.

A try is counted before it is judged, so that tries at the same moment cannot exceed the limit.
"""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from gongheng.kernel.reasons import Reason
from gongheng.trust.identity import rules
from gongheng.trust.identity.models import SignInCount


def key(*parts: str) -> str:
    """Return a digest: what people type by mistake, passwords too, is not to be read here."""
    return salted_hmac(
        "gongheng.identity.sign-in", "\n".join(parts), algorithm="sha256"
    ).hexdigest()


@transaction.atomic
def count(key: str, *, limit: int, now: datetime, reason: Reason = rules.TOO_OFTEN) -> None:
    """Count a try; ``now`` is machine time. Raises ``Refusal`` (``reason``)."""
    SignInCount.objects.bulk_create([SignInCount(key=key, since=now)], ignore_conflicts=True)
    count = SignInCount.objects.select_for_update(of=("self",)).get(key=key)
    if rules.is_expired(since=count.since, now=now):
        count.failures, count.since = 0, now
    rules.require_may_try(failures=count.failures, limit=limit, reason=reason)
    count.failures += 1
    count.save(update_fields=["failures", "since"])


def forget(key: str) -> None:
    """Forget the tries under a key: the right one was among them."""
    SignInCount.objects.filter(key=key).delete()


@transaction.atomic
def take_back(key: str) -> None:
    """Take one try back: it was right, and others share the key."""
    count = SignInCount.objects.select_for_update(of=("self",)).filter(key=key).first()
    if count is not None and count.failures > 0:
        count.failures -= 1
        count.save(update_fields=["failures"])


@transaction.atomic
def forget_expired(now: datetime) -> None:
    """Forget some of the counts whose window is over."""
    expired = SignInCount.objects.filter(since__lte=now - rules.WINDOW)
    some = expired.select_for_update(skip_locked=True, of=("self",)).order_by("since")[:100]
    SignInCount.objects.filter(key__in=[count.key for count in some]).delete()
