import json
from datetime import datetime, timedelta

import pytest
from django.conf import settings

from gongheng.data.records import actions, queries, reasons
from gongheng.data.records.kinds import Audience, Operation, State
from gongheng.data.records.models import Current, Version
from gongheng.data.standard import samples
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.ledger import actions as ledger
from gongheng.trust.ledger.models import Leaf
from gongheng.trust.tlog.leaves import claim_of
from gongheng.trust.tlog.proof import verify_proof

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=BEIJING)
NOTICE = "TENDER_ANN_QUA_INQUERY_ANN"
WORKS = ("PROJECT", "TENDER_PROJECT", "SECTION", NOTICE)


def _publish(dataset: str, **changes: object) -> Version:
    facts: dict[str, object] = {
        "body": samples.valid(dataset),
        "audience": Audience.PUBLIC,
        "now": NOW,
    }
    return actions.publish(dataset=dataset, **(facts | changes))  # type: ignore[arg-type]


def _publish_notice() -> Version:
    for dataset in WORKS[:-1]:
        _publish(dataset)
    return _publish(NOTICE)


def test_a_right_record_is_published_accepted_and_entered_into_the_log() -> None:
    notice = _publish_notice()

    assert (notice.number, notice.operation, notice.origin) == (1, "insert", settings.NODE.code)
    assert notice.judgements.get().state == State.ACCEPTED
    current = Current.objects.get(dataset=NOTICE)
    assert current.version == notice
    assert current.is_notice
    assert current.trade_type == "works"
    assert current.title == notice.body["NOTICE_NAME"]
    assert json.loads(bytes(Leaf.objects.get(subject_id=notice.pk).data))["id"] == str(notice.pk)
    assert [row.version for row in queries.notices(now=NOW)] == [notice]


def test_a_wrong_record_is_refused_with_findings_and_leaves_nothing() -> None:
    body = samples.valid("PROJECT", PROJECT_NAME="")

    with pytest.raises(Refusal) as refusal:
        _publish("PROJECT", body=body)

    assert refusal.value.reason is reasons.INVALID
    assert [finding.field for finding in refusal.value.facts["findings"]] == ["PROJECT_NAME"]  # type: ignore[attr-defined]
    assert not Version.objects.exists()
    assert not Leaf.objects.exists()


def test_nothing_of_a_lot_is_published_without_its_transaction_code() -> None:
    """E-28."""
    for dataset in WORKS[:-2]:
        _publish(dataset)

    for code in ("", "A01"):
        with pytest.raises(Refusal) as refusal:
            _publish("SECTION", body=samples.valid("SECTION", UNIFIED_DEAL_CODE=code))
        assert refusal.value.reason is reasons.INVALID

    assert not Version.objects.filter(dataset="SECTION").exists()
    assert _publish("SECTION").number == 1


def test_a_child_is_not_published_before_its_parent() -> None:
    with pytest.raises(Refusal) as refusal:
        _publish("SECTION")

    assert refusal.value.reason is reasons.EARLIER_PARENT


def test_a_key_is_inserted_once_and_corrected_by_versions() -> None:
    first = _publish("PROJECT")
    with pytest.raises(Refusal) as refusal:
        _publish("PROJECT")

    second = _publish(
        "PROJECT",
        operation=Operation.UPDATE,
        body=samples.valid("PROJECT", PROJECT_SCALE="建筑面积一万三千平方米"),
        now=NOW + timedelta(hours=1),
    )

    assert refusal.value.reason is reasons.ALREADY_THERE
    assert second.number == 2
    assert Current.objects.get(dataset="PROJECT").version == second
    assert list(queries.versions_of(second)) == [first, second]


def test_what_was_never_published_cannot_be_corrected() -> None:
    with pytest.raises(Refusal) as refusal:
        _publish("PROJECT", operation=Operation.UPDATE)

    assert refusal.value.reason is reasons.NOT_THERE


def test_a_tombstone_hides_a_record_but_keeps_its_history() -> None:
    notice = _publish_notice()

    tombstone = actions.withdraw(dataset=NOTICE, key=notice.key, now=NOW)

    assert tombstone.operation == Operation.DELETE
    assert not queries.notices(now=NOW).exists()
    assert queries.public_record(notice.pk, now=NOW) == notice
    with pytest.raises(Refusal) as refusal:
        actions.withdraw(dataset=NOTICE, key=notice.key, now=NOW)
    assert refusal.value.reason is reasons.NOT_THERE


def test_a_parent_with_living_children_is_not_withdrawn() -> None:
    _publish_notice()

    with pytest.raises(Refusal) as refusal:
        actions.withdraw(dataset="PROJECT", key=samples.PROJECT_CODE, now=NOW)

    assert refusal.value.reason is reasons.HAS_CHILDREN


def test_the_leaf_of_what_is_not_public_tells_nothing_but_a_digest() -> None:
    version = _publish("PROJECT", audience=Audience.PARTIES)

    leaf = json.loads(bytes(Leaf.objects.get(subject_id=version.pk).data))

    assert leaf.keys() == {"v", "type", "full"}
    assert leaf["type"] == "sealed"


def test_a_record_is_not_shown_before_its_time() -> None:
    later = NOW + timedelta(days=1)
    version = _publish("PROJECT", not_before=later)

    assert queries.public_record(version.pk, now=NOW) is None
    assert queries.public_record(version.pk, now=later) == version


def test_the_proof_of_publication_holds_once_a_checkpoint_covers_it() -> None:
    notice = _publish_notice()
    assert queries.proof_of(notice) is None

    ledger.number()
    key = PrivateKey.from_pem(settings.NODE.key_path.read_bytes())
    ledger.sign_checkpoint(key=key, origin="gongheng.test", now=NOW)
    proof = queries.proof_of(notice)

    assert proof is not None
    steps = verify_proof(json.loads(json.dumps(proof)), key.public)
    assert [step.words for step in steps if not step.ok] == []
    forged = json.loads(json.dumps(proof))
    forged["record"]["public"]["NOTICE_NAME"] = "另一个标题"
    assert not all(step.ok for step in verify_proof(forged, key.public))


def test_what_was_sealed_is_opened_in_the_log_once_its_hour_has_come() -> None:
    hour = NOW + timedelta(days=1)
    sealed = _publish("PROJECT", not_before=hour)
    other = samples.valid("PROJECT", PROJECT_CODE="E5301110001000099")
    _publish("PROJECT", body=other, not_before=hour, audience=Audience.PARTIES)

    too_early = actions.open_due(now=hour - timedelta(microseconds=1))
    in_time = actions.open_due(now=hour)
    again = actions.open_due(now=hour)

    assert (too_early, in_time, again) == (0, 1, 0)
    first, second = Leaf.objects.filter(subject_id=sealed.pk).order_by("id")
    assert json.loads(bytes(first.data))["type"] == "sealed"
    claim = claim_of(bytes(second.data))
    assert claim is not None
    assert (claim.record, claim.columns["dataset"]) == (str(sealed.pk), "PROJECT")


def test_personal_values_do_not_stand_in_the_public_body() -> None:
    _publish_notice()
    notice = Version.objects.get(dataset=NOTICE)

    shown = queries.public_body(notice)

    assert "13800138000" not in json.dumps(
        queries.public_body(_with_mobile(notice)), ensure_ascii=False
    )
    assert shown["NOTICE_NAME"] == notice.body["NOTICE_NAME"]


def _with_mobile(notice: Version) -> Version:
    notice.body = notice.body | {"NOTICE_CONTENT": "联系电话13800138000。"}
    return notice


@pytest.mark.parametrize(
    ("audience", "kind"), [(Audience.PUBLIC, "act"), (Audience.SUPERVISION, "sealed")]
)
def test_only_the_leaf_of_a_public_act_says_that_it_is_one(audience: Audience, kind: str) -> None:
    act = actions.act(
        case_code="E5301000001000001001",
        kind="notice.published",
        actor_code="91530100MA6K000015",
        facts={"number": 1},
        audience=audience,
        now=NOW,
        region_code="530100",
    )

    assert json.loads(bytes(Leaf.objects.get(subject_id=act.pk).data))["type"] == kind
    is_public = audience == Audience.PUBLIC
    assert list(queries.case_acts("E5301000001000001001", now=NOW)) == [act] * is_public
