from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gongheng.data.records import envelopes, reasons, receiving
from gongheng.data.records.envelopes import digest_of
from gongheng.data.records.kinds import State
from gongheng.data.records.models import Current, Judgement, Version, Waiting
from gongheng.data.standard import samples
from gongheng.kernel.clock import BEIJING
from gongheng.kernel.reasons import Refusal
from gongheng.trust.ledger.models import Leaf

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=BEIJING)
MACHINE_NOW = datetime(2026, 11, 1, tzinfo=UTC)
SENDER = "530300"
NOTICE = "TENDER_ANN_QUA_INQUERY_ANN"


def _raw(
    dataset: str, number: int = 1, operation: str = "insert", **changes: Any
) -> dict[str, Any]:
    body = samples.valid(dataset, **changes)
    return {
        "dataset": dataset,
        "number": number,
        "operation": operation,
        "body": body,
        "digest": digest_of(body),
        "published_at": NOW.isoformat(),
    }


def _receive(raw: object, sender: str = SENDER) -> Judgement:
    try:
        envelope = envelopes.read(raw, origin=sender)
    except Refusal as refusal:
        return receiving.refuse_malformed(raw, refusal, sender=sender, now=NOW)
    return receiving.receive(envelope, sender=sender, now=NOW, machine_now=MACHINE_NOW)


def _rules(judgement: Judgement) -> list[str]:
    return [finding["rule"] for finding in judgement.findings]


def test_a_right_record_is_accepted_and_becomes_current() -> None:
    judgement = _receive(_raw("PROJECT"))

    assert judgement.state == State.ACCEPTED
    version = Current.objects.get(dataset="PROJECT").version
    assert (version.sender, version.origin) == (SENDER, SENDER)
    assert Leaf.objects.get().kind == "record"


def test_the_same_version_again_counts_once() -> None:
    first = _receive(_raw("PROJECT"))

    again = _receive(_raw("PROJECT"))

    assert again == first
    assert Version.objects.count() == Leaf.objects.count() == 1


def test_a_wrong_record_is_kept_refused_and_its_correction_is_accepted() -> None:
    refused = _receive(_raw("PROJECT", REGION_CODE="999999"))

    corrected = _receive(_raw("PROJECT", number=2, operation="update"))

    assert refused.state == State.REFUSED
    assert refused.findings[0]["field"] == "REGION_CODE"
    assert corrected.state == State.ACCEPTED
    assert Version.objects.count() == 2
    assert Current.objects.get().version.number == 2


@pytest.mark.parametrize("code", ["", "A01"])
def test_a_record_without_its_transaction_code_is_refused(code: str) -> None:
    """E-28."""
    for dataset in ("PROJECT", "TENDER_PROJECT"):
        _receive(_raw(dataset))

    judgement = _receive(_raw("SECTION", UNIFIED_DEAL_CODE=code))

    assert judgement.state == State.REFUSED
    assert {finding["field"] for finding in judgement.findings} == {"UNIFIED_DEAL_CODE"}
    assert _receive(_raw("SECTION", number=2)).state == State.ACCEPTED


def test_a_refused_record_sent_again_is_judged_again() -> None:
    _receive(_raw("PROJECT", REGION_CODE="999999"))

    again = _receive(_raw("PROJECT", REGION_CODE="999999"))

    assert again.state == State.REFUSED
    assert Version.objects.count() == 1
    assert Judgement.objects.count() == 2


def test_children_wait_for_their_parents_and_are_settled_by_them() -> None:
    notice = _receive(_raw(NOTICE))
    section = _receive(_raw("SECTION"))
    tender_project = _receive(_raw("TENDER_PROJECT"))
    assert {notice.state, section.state, tender_project.state} == {State.WAITING}

    _receive(_raw("PROJECT"))

    assert not Waiting.objects.exists()
    assert Current.objects.count() == 4
    kinds = list(Leaf.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["waiting"] * 3 + ["record"] * 4


def test_who_waits_too_long_is_refused() -> None:
    _receive(_raw("SECTION"))
    later = MACHINE_NOW + receiving.GRACE

    early = receiving.look_after_waiting(now=NOW, machine_now=later - timedelta(microseconds=1))
    due = receiving.look_after_waiting(now=NOW, machine_now=later)

    assert (early, due) == (0, 1)
    judgement = Judgement.objects.latest("id")
    assert judgement.state == State.REFUSED
    assert _rules(judgement) == [reasons.WAITED_TOO_LONG.code]


def test_nobody_writes_over_the_record_of_another_platform() -> None:
    _receive(_raw("PROJECT"))

    stranger = _receive(_raw("PROJECT", number=2, operation="update"), sender="530400")

    assert _rules(stranger) == [reasons.OTHERS_KEY.code]
    assert Current.objects.get().version.sender == SENDER


def test_other_content_under_the_same_number_is_refused() -> None:
    _receive(_raw("PROJECT"))

    other = _receive(_raw("PROJECT", PROJECT_SCALE="另一个规模"))

    assert _rules(other) == [reasons.OTHER_CONTENT.code]


def test_an_older_version_that_comes_late_is_history_not_current() -> None:
    _receive(_raw("PROJECT"))
    _receive(_raw("PROJECT", number=3, operation="update", PROJECT_SCALE="三"))

    late = _receive(_raw("PROJECT", number=2, operation="update", PROJECT_SCALE="二"))

    assert late.state == State.ACCEPTED
    assert Current.objects.get().version.number == 3


def test_a_digest_that_does_not_fit_is_refused() -> None:
    raw = _raw("PROJECT") | {"digest": "0" * 64}

    assert _rules(_receive(raw)) == [reasons.WRONG_DIGEST.code]


def test_a_secret_field_is_refused() -> None:
    body = samples.valid("BID_DOC_CHARACT_CODE") | {"NET_ID": "00:11:22:33:44:55"}
    raw = _raw("BID_DOC_CHARACT_CODE") | {"body": body, "digest": digest_of(body)}

    assert reasons.SECRET_FIELD.code in _rules(_receive(raw))


def test_a_record_of_an_unknown_dataset_is_kept_and_refused() -> None:
    raw = _raw("PROJECT") | {"dataset": "NO_SUCH_TABLE"}

    judgement = _receive(raw)

    assert judgement.state == State.REFUSED
    assert _rules(judgement) == ["standard.unknown_dataset"]


@pytest.mark.parametrize(
    "raw",
    [
        None,
        7,
        "text",
        [],
        {},
        {"dataset": "PROJECT"},
        _raw("PROJECT") | {"number": 0},
        _raw("PROJECT") | {"number": True},
        _raw("PROJECT") | {"number": 2**40},
        _raw("PROJECT") | {"dataset": "project; drop table"},
        _raw("PROJECT") | {"dataset": 5},
        _raw("PROJECT") | {"operation": "upsert"},
        _raw("PROJECT") | {"body": []},
        _raw("PROJECT") | {"body": {"PROJECT_NAME": 1.5}},
        _raw("PROJECT") | {"body": {"PROJECT_NAME": "a\0b"}},
        _raw("PROJECT") | {"body": {"PROJECT_NAME": "\ud800"}},
        _raw("PROJECT") | {"published_at": "yesterday"},
        _raw("PROJECT") | {"published_at": "2026-10-12T09:00:00"},
        _raw("PROJECT") | {"digest": "SM3"},
        _raw("PROJECT") | {"audience": "everybody"},
        _raw("PROJECT") | {"case_code": "x" * 201},
    ],
)
def test_what_is_not_an_envelope_is_kept_and_refused(raw: object) -> None:
    first = _receive(raw)
    again = _receive(raw)

    assert _rules(first) == _rules(again) == [reasons.MALFORMED.code]
    assert Version.objects.count() == 1


def test_a_title_of_ten_megabytes_is_a_finding_not_a_fault() -> None:
    judgement = _receive(_raw("PROJECT", PROJECT_NAME="长" * 3_500_000))

    assert judgement.state == State.REFUSED
    assert [finding["field"] for finding in judgement.findings] == ["PROJECT_NAME"]
    assert len(judgement.findings[0]["value"]) < 100


def test_a_child_that_overlooked_its_parent_is_judged_once_more() -> None:
    _receive(_raw("PROJECT"))
    overlooked = _receive(_raw("TENDER_PROJECT")).version
    Current.objects.filter(dataset="TENDER_PROJECT").delete()
    Waiting.objects.create(
        version=overlooked,
        parent=f"PROJECT:{samples.PROJECT_CODE}",
        until=MACHINE_NOW + receiving.GRACE,
    )

    settled = receiving.look_after_waiting(now=NOW, machine_now=MACHINE_NOW)

    assert settled == 1
    assert not Waiting.objects.exists()
    assert Current.objects.get(dataset="TENDER_PROJECT").version == overlooked
