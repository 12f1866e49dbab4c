"""The room's part of the worker: sends what waits, and reads what gateways report.

A delivery is claimed before it goes and settled after: a crash between the two lets it go again
later, with the same message id, rather than never.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from gongheng.kernel.clock import machine_now
from gongheng.registers.messages import channels, contacts, rules
from gongheng.registers.messages.kinds import Channel, State
from gongheng.registers.messages.models import Delivery
from gongheng.web.clock import legal_now

BATCH = 20
LEASE = timedelta(minutes=5)
REPORTED_WITHIN = timedelta(days=3)
MOST_REPORTS = 200


def send() -> bool:
    """Send one batch; tell whether there was any."""
    claimed = _claim()
    for delivery in claimed:
        _try(delivery)
    return bool(claimed)


def _claim() -> list[Delivery]:
    now = machine_now()
    with transaction.atomic():
        waiting = Delivery.objects.select_for_update(of=("self",), skip_locked=True)
        due = waiting.filter(state=State.WAITING, next_attempt_at__lte=now)
        rows = due.select_related("message", "contact").order_by("next_attempt_at")
        claimed = list(rows[:BATCH])
        for delivery in claimed:
            delivery.attempts += 1
            delivery.next_attempt_at = now + LEASE
        Delivery.objects.bulk_update(claimed, ["attempts", "next_attempt_at"])
    return claimed


def _try(delivery: Delivery) -> None:
    try:
        address = contacts.address_of(delivery)
        delivery.receipt = channels.send(delivery, address=address, now=legal_now())
    except channels.NotSent as error:
        if error.is_refused:
            contacts.refused(delivery, said=str(error), now=legal_now())
        pause = None if error.is_final else rules.pause_after(delivery.attempts)
        delivery.failure = str(error)[:80]
        delivery.state = State.WAITING if pause else State.FAILED
        delivery.next_attempt_at = machine_now() + pause if pause else None
    else:
        delivery.state, delivery.failure = State.SENT, ""
        delivery.sent_at, delivery.next_attempt_at = machine_now(), None
    delivery.save(update_fields=["state", "failure", "receipt", "sent_at", "next_attempt_at"])


def read_reports() -> None:
    """Ask the gateway what became of the short messages of the last days."""
    gateway = channels.gateway()
    since = machine_now() - REPORTED_WITHIN
    sent = Delivery.objects.filter(channel=Channel.SMS, state=State.SENT, sent_at__gte=since)
    for delivery in sent.select_related("contact").order_by("sent_at")[:MOST_REPORTS]:
        report = gateway.report(delivery.receipt)
        if report is not None:
            delivery.state = State.DELIVERED if report.is_delivered else State.FAILED
            delivery.failure = "" if report.is_delivered else report.reason
            delivery.save(update_fields=["state", "failure"])
            if not report.is_delivered:
                contacts.refused(delivery, said=report.reason or "短信没有送达", now=legal_now())


LOOPS: list[tuple[str, float, Callable[[], object]]] = [
    ("messages", 2, send),
    ("sms-reports", 15, read_reports),
]
"""Name, seconds between two looks unless the step found work, step."""
