"""Verdicts on what was sent: asked from each parent by the position of its log."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx
from django.db import transaction

from gongheng.data.exchange import protocol, stations
from gongheng.data.exchange.models import Channel, Delivery, Progress
from gongheng.data.exchange.reasons import BAD_RECEIPT
from gongheng.data.exchange.stations import Peer
from gongheng.data.records.kinds import State
from gongheng.kernel import faults
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal

_PROGRESS = {
    State.ACCEPTED: Progress.ACCEPTED,
    State.WAITING: Progress.WAITING,
    State.REFUSED: Progress.REFUSED,
}
PATIENCE = timedelta(minutes=10)
"""Machine time after which a verdict that has not come may be one that we have read and lost."""
_OPEN = (Progress.QUEUED, Progress.DELIVERED, Progress.WAITING, Progress.REFUSED)


def follow(peer: Peer, client: httpx.Client) -> bool:
    """Ask a parent for verdicts that are new and write them down; tell whether there were any."""
    if not Delivery.objects.filter(peer=peer.code, progress__in=_OPEN[:3]).exists():
        return False
    channel, _ = Channel.objects.get_or_create(peer=peer.code)
    try:
        page = _ask(peer, channel, client)
    except (httpx.HTTPError, Refusal):
        return False
    verdicts = page.get("verdicts")
    following = page.get("next")
    if not isinstance(verdicts, list) or not isinstance(following, int):
        return False
    with transaction.atomic():
        # No lock: two followers would write the same verdicts, and the place only moves on.
        _write_down(peer, [verdict for verdict in verdicts if isinstance(verdict, dict)])
        faults.reached("exchange.before_verdicts_are_kept")
        Channel.objects.filter(peer=peer.code, verdict_position__lte=following).update(
            verdict_position=following, last_contact_at=machine_now()
        )
        if following == channel.verdict_position:
            _look_back(peer)
    return bool(verdicts)


def _look_back(peer: Peer) -> None:
    """Read the verdicts from the beginning once more when one is missing at their end.

    A database that was restored to an earlier state sends again what the parent had judged before:
    the parent judges it only once, so the verdict stands where we have already been.
    """
    long_ago = machine_now() - PATIENCE
    missing = Delivery.objects.filter(
        peer=peer.code, progress=Progress.DELIVERED, delivered_at__lt=long_ago
    )
    if missing.update(delivered_at=machine_now()):
        Channel.objects.filter(peer=peer.code).update(verdict_position=0)


def _ask(peer: Peer, channel: Channel, client: httpx.Client) -> dict[str, object]:
    question = {
        "sender": stations.own_code(),
        "receiver": peer.code,
        "made_at": machine_now().isoformat(),
        "after": channel.verdict_position,
    }
    signed = protocol.Signed.of(protocol.QUESTION, question, stations.own_key())
    answer = client.get(
        f"{peer.url.rstrip('/')}/exchange/v1/verdicts",
        headers={"Authorization": protocol.authorization(signed)},
    )
    if answer.status_code != httpx.codes.OK:
        raise Refusal(BAD_RECEIPT, status=answer.status_code)
    try:
        raw = answer.json()
    except ValueError:
        raise Refusal(BAD_RECEIPT) from None
    return protocol.Signed.from_json(raw).read(protocol.VERDICTS, stations.key_of(peer))


def _write_down(peer: Peer, verdicts: Sequence[Mapping[str, object]]) -> None:
    digests = {str(verdict.get("digest")) for verdict in verdicts}
    sent: dict[tuple[str, object, str], Delivery] = {}
    # Only what is open is looked through: all that was ever sent would be looked through in vain.
    for delivery in (
        Delivery.objects.filter(peer=peer.code, progress__in=_OPEN, version__digest__in=digests)
        .select_related("version")
        .defer("version__body")
    ):
        version = delivery.version
        sent[version.dataset, version.number, version.digest] = delivery
    changed: dict[int, Delivery] = {}
    for verdict in verdicts:
        name = (str(verdict.get("dataset")), verdict.get("number"), str(verdict.get("digest")))
        found = sent.get(name)
        if found is not None and found.progress != Progress.ACCEPTED:
            _settle(found, verdict)
            changed[found.pk] = found
    Delivery.objects.bulk_update(changed.values(), ["progress", "findings", "settled_at"])
    _repair(peer, list(changed.values()))


def _settle(delivery: Delivery, verdict: Mapping[str, object]) -> None:
    delivery.progress = _PROGRESS[State(str(verdict.get("state")))]
    findings = verdict.get("findings")
    delivery.findings = findings if isinstance(findings, list) else []
    delivery.settled_at = machine_now()


def _repair(peer: Peer, changed: Sequence[Delivery]) -> None:
    """Close the refused versions of a key once a newer one is accepted."""
    newest = {
        (delivery.version.dataset, delivery.version.key): delivery.version.number
        for delivery in changed
        if delivery.progress == Progress.ACCEPTED and delivery.version.number > 1
    }
    for (dataset, key), number in newest.items():
        Delivery.objects.filter(
            peer=peer.code,
            progress=Progress.REFUSED,
            version__dataset=dataset,
            version__key=key,
            version__number__lt=number,
        ).update(progress=Progress.REPAIRED)
