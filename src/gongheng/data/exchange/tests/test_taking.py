import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.test import Client

from gongheng.data.exchange import accepting, actions, protocol, queries, reasons, stations
from gongheng.data.exchange.models import Batch, Channel
from gongheng.data.records.envelopes import digest_of
from gongheng.data.records.models import Version
from gongheng.data.standard import samples
from gongheng.kernel.clock import BEIJING, machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.node.config import Peer
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity.actors import NOBODY
from gongheng.trust.identity.models import AuditEntry
from gongheng.trust.ledger import actions as ledger
from gongheng.trust.tlog import checkpoint as notes, tree

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=BEIJING)
CHILD_KEY = PrivateKey.generate()
CHILD = Peer(
    code="530300",
    name="曲靖市公共资源交易平台（测试）",
    tier="city",
    url="http://127.0.0.1:9",
    public_key=CHILD_KEY.public.to_hex(),
    direction="child",
)


@pytest.fixture(autouse=True)
def _parent(settings: Any) -> None:
    settings.NODE = replace(django_settings.NODE, peers=(CHILD,))


def _lines(*names: str) -> bytes:
    bodies = [samples.valid("PROJECT", PROJECT_NAME=name) for name in names or ("一号工程",)]
    return protocol.lines_of(
        {
            "dataset": "PROJECT",
            "number": number,
            "operation": "insert",
            "body": body,
            "digest": digest_of(body),
            "published_at": NOW.isoformat(),
        }
        for number, body in enumerate(bodies, start=1)
    )


def _batch(lines: bytes | None = None, key: PrivateKey = CHILD_KEY, **changes: Any) -> bytes:
    lines = _lines() if lines is None else lines
    facts: dict[str, Any] = {
        "sender": CHILD.code,
        "receiver": stations.own_code(),
        "batch_id": uuid4(),
        "made_at": machine_now(),
        "count": lines.count(b"\n"),
        "digest": sm3(lines).hex(),
    }
    head = protocol.Head(**(facts | changes))
    return protocol.compose(head, lines, key)[1]


def _refused(body: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        accepting.take(body, now=NOW)
    return refusal.value.reason.code


def test_a_batch_is_kept_receipted_and_judged() -> None:
    receipt = accepting.take(_batch(), now=NOW)

    said = receipt.read(protocol.RECEIPT, stations.own_key().public)
    assert (said["count"], said["sm3"]) == (1, sm3(_lines()).hex())
    assert accepting.judge(CHILD, now=NOW)
    assert not accepting.judge(CHILD, now=NOW)
    assert Version.objects.get().sender == CHILD.code


def test_the_same_batch_gets_the_same_receipt_and_counts_once() -> None:
    batch = _batch()

    first, again = accepting.take(batch, now=NOW), accepting.take(batch, now=NOW + timedelta(1))

    assert first == again
    assert Batch.objects.count() == 1


def test_a_batch_number_is_not_used_for_other_content() -> None:
    batch_id = uuid4()
    accepting.take(_batch(batch_id=batch_id), now=NOW)

    assert _refused(_batch(_lines("另一工程"), batch_id=batch_id)) == reasons.REPLAYED.code


def test_a_forged_truncated_stale_or_misdirected_batch_is_refused() -> None:
    right = _batch()
    stale = machine_now() - timedelta(minutes=15, seconds=1)

    assert _refused(_batch(key=PrivateKey.generate())) == reasons.FORGED.code
    assert _refused(right[:-20]) == reasons.UNREADABLE.code
    assert _refused(right + _lines()) == reasons.UNREADABLE.code
    assert _refused(_batch(count=2)) == reasons.UNREADABLE.code
    assert _refused(_batch(made_at=stale)) == reasons.STALE.code
    assert _refused(_batch(receiver="110000")) == reasons.NOT_FOR_US.code
    assert _refused(_batch(sender="999999")) == reasons.UNKNOWN_PEER.code
    assert _refused(b"") == _refused(b"{}\n") == _refused(b"\xff\n\xff") == reasons.UNREADABLE.code
    assert not Batch.objects.exists()


def test_a_record_that_cannot_be_read_does_not_stop_its_neighbours() -> None:
    lines = b"{half a line\n" + _lines() + b"[]\n" + b'{"dataset":"NO_SUCH"}\n'
    accepting.take(_batch(lines), now=NOW)

    accepting.judge(CHILD, now=NOW)

    states = sorted(Version.objects.values_list("judgements__state", flat=True))
    assert states == ["accepted", "refused", "refused", "refused"]


def test_verdicts_are_told_to_their_sender_alone_and_from_where_it_left_off() -> None:
    accepting.take(_batch(), now=NOW)
    accepting.judge(CHILD, now=NOW)
    ledger.number()

    page = queries.verdicts_for(CHILD.code, after=0)

    assert [verdict["state"] for verdict in page["verdicts"]] == ["accepted"]  # type: ignore[attr-defined]
    assert queries.verdicts_for(CHILD.code, after=int(str(page["next"])))["verdicts"] == []
    assert queries.verdicts_for("530400", after=0)["verdicts"] == []


def _note(leaves: list[bytes], key: PrivateKey = CHILD_KEY) -> str:
    trees = {algorithm: tree.Frontier(algorithm) for algorithm in tree.ALGORITHMS}
    for leaf in leaves:
        for frontier in trees.values():
            frontier.append(leaf)
    checkpoint = notes.Checkpoint(
        origin="530300",
        size=len(leaves),
        sha256=trees["sha256"].root(),
        sm3=trees["sm3"].root(),
        made_at=NOW,
    )
    return notes.sign(checkpoint, key)


def test_a_log_that_was_rolled_back_or_rewritten_raises_the_alarm_until_it_is_lifted() -> None:
    accepting.take(_batch(checkpoint=_note([b"a", b"b"])), now=NOW)

    assert _refused(_batch(checkpoint=_note([b"a"]))) == reasons.ROLLED_BACK.code
    assert _refused(_batch(checkpoint=_note([b"a", b"b"]))) == reasons.ROLLED_BACK.code
    actions.lift_alarm(peer=CHILD.code, actor=NOBODY, now=NOW)
    accepting.take(_batch(checkpoint=_note([b"a"])), now=NOW)
    assert _refused(_batch(checkpoint=_note([b"x"]))) == reasons.ROLLED_BACK.code
    assert "不一致" in Channel.objects.get().alarm


def test_a_longer_log_needs_its_proof() -> None:
    accepting.take(_batch(checkpoint=_note([b"a"])), now=NOW)

    longer = _note([b"a", b"b"])

    assert _refused(_batch(checkpoint=longer)) == reasons.PROOF_NEEDED.code
    assert (
        _refused(_batch(checkpoint=longer, grown_from=1, consistency={}))
        == reasons.ROLLED_BACK.code
    )


def test_a_batch_that_came_late_by_a_slow_line_is_no_rolled_back_log() -> None:
    slow = _batch(checkpoint=_note([b"a"]))
    accepting.take(_batch(_lines("二号工程"), checkpoint=_note([b"a", b"b"])), now=NOW)

    accepting.take(slow, now=NOW)

    assert Batch.objects.count() == 2
    assert Channel.objects.get().alarm == ""


def test_the_door_answers_in_words(client: Client) -> None:
    right = client.post("/exchange/v1/batches", _batch(), content_type="application/x-ndjson")
    forged = client.post(
        "/exchange/v1/batches",
        _batch(key=PrivateKey.generate()),
        content_type="application/x-ndjson",
    )
    asked = protocol.Signed.of(
        protocol.QUESTION,
        {
            "sender": CHILD.code,
            "receiver": stations.own_code(),
            "made_at": machine_now().isoformat(),
            "after": 0,
        },
        CHILD_KEY,
    )
    verdicts = client.get(
        "/exchange/v1/verdicts", headers={"Authorization": protocol.authorization(asked)}
    )
    nobody = client.get("/exchange/v1/verdicts")

    assert right.status_code == 202
    assert (forged.status_code, forged.json()["code"]) == (403, "exchange.forged")
    assert verdicts.status_code == 200
    assert json.loads(verdicts.content).keys() == {"statement", "signature"}
    assert nobody.status_code == 400


def test_a_batch_that_is_too_large_is_refused_before_it_fills_the_memory(client: Client) -> None:
    answer = client.post(
        "/exchange/v1/batches",
        b"x" * (protocol.LARGEST_BATCH + 1),
        content_type="application/x-ndjson",
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "exchange.too_large")


def test_what_an_operator_does_to_a_line_is_written_down() -> None:
    accepting.take(_batch(checkpoint=_note([b"a", b"b"])), now=NOW)
    _refused(_batch(checkpoint=_note([b"a"])))

    actions.lift_alarm(peer=CHILD.code, actor=NOBODY, now=NOW)

    entry = AuditEntry.objects.get()
    assert (entry.deed, entry.object_id) == ("exchange.alarm_lifted", CHILD.code)
    assert "退回" in entry.reason
    with pytest.raises(Refusal) as refusal:
        actions.try_at_once(peer=CHILD.code, actor=NOBODY, now=NOW)
    assert refusal.value.reason is actions.NO_LINE
