"""What an operator may do to a line: send again, try at once, lift an alarm."""

from datetime import datetime

from django.db import transaction

from gongheng.data.exchange import stations
from gongheng.data.exchange.models import Channel, Delivery, Progress
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.identity import audit
from gongheng.trust.identity.actors import Actor

NOTHING_TO_RESEND = Reason(
    code="exchange.nothing_to_resend",
    message="没有可以重新报送的记录：它已被接收，或正在等待发送。",
    remedy="如内容需要修改，请发布更正，系统会自动报送新版本。",
)
NO_ALARM = Reason(
    code="exchange.no_alarm",
    message="该通道没有警报。",
    remedy="无需处理。",
)
NO_LINE = Reason(
    code="exchange.no_line",
    message="本节点没有这条上报通道。",
    remedy="请在数据交换页选择已登记的上级平台。",
)


@transaction.atomic
def resend(*, delivery_id: int, actor: Actor, now: datetime, machine_now: datetime) -> Delivery:
    """Queue a refused or waiting version again. Raises ``Refusal`` (``NOTHING_TO_RESEND``)."""
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .filter(pk=delivery_id, progress__in=[Progress.REFUSED, Progress.WAITING])
        .first()
    )
    if delivery is None:
        raise Refusal(NOTHING_TO_RESEND, delivery=delivery_id)
    delivery.progress = Progress.QUEUED
    delivery.queued_at = machine_now
    delivery.findings = []
    delivery.save(update_fields=["progress", "queued_at", "findings"])
    audit.record(actor=actor, deed="exchange.resent", object_id=delivery.version_id, now=now)
    return delivery


@transaction.atomic
def try_at_once(*, peer: str, actor: Actor, now: datetime) -> None:
    """Forget the back-off of a line upwards. Raises ``Refusal`` (``NO_LINE``)."""
    if peer not in {parent.code for parent in stations.parents()}:
        raise Refusal(NO_LINE, peer=peer)
    Channel.objects.filter(peer=peer).update(next_try_at=None, attempts=0)
    audit.record(actor=actor, deed="exchange.tried_at_once", object_id=peer, now=now)


@transaction.atomic
def lift_alarm(*, peer: str, actor: Actor, now: datetime) -> None:
    """Lift the alarm of a child's log after people have looked; its next checkpoint is the new start.

    Raises ``Refusal`` (``NO_ALARM``).
    """
    channel = Channel.objects.select_for_update().filter(peer=peer).exclude(alarm="").first()
    if channel is None:
        raise Refusal(NO_ALARM, peer=peer)
    lifted, channel.alarm = channel.alarm, ""
    channel.checkpoint_size = 0
    channel.checkpoint_note = ""
    channel.checkpoint_shown_at = None
    channel.save(
        update_fields=["alarm", "checkpoint_size", "checkpoint_note", "checkpoint_shown_at"]
    )
    audit.record(actor=actor, deed="exchange.alarm_lifted", object_id=peer, now=now, reason=lifted)
