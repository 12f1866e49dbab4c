from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gongheng.data.records import envelopes, receiving
from gongheng.data.records.envelopes import Envelope, digest_of
from gongheng.data.records.models import Current, Judgement, Version, Waiting
from gongheng.data.standard import samples
from gongheng.kernel.clock import BEIJING

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=BEIJING)
MACHINE_NOW = datetime(2026, 11, 1, tzinfo=UTC)
SENDER = "530300"
NOTICE = "TENDER_ANN_QUA_INQUERY_ANN"


def _envelope(dataset: str, number: int = 1, operation: str = "insert", **changes: str) -> Envelope:
    body = samples.valid(dataset, **changes)
    raw = {
        "dataset": dataset,
        "number": number,
        "operation": operation,
        "body": body,
        "digest": digest_of(body),
        "published_at": NOW.isoformat(),
    }
    return envelopes.read(raw, origin=SENDER)


def _case(serial: int) -> list[Envelope]:
    project = f"E5301009001{serial:06}"
    tender, lot = project + "001", project + "001001"
    return [
        _envelope("PROJECT", PROJECT_CODE=project),
        _envelope("TENDER_PROJECT", PROJECT_CODE=project, TENDER_PROJECT_CODE=tender),
        _envelope("SECTION", TENDER_PROJECT_CODE=tender, BID_SECTION_CODE=lot),
        _envelope(NOTICE, TENDER_PROJECT_CODE=tender, BID_SECTION_CODES=lot),
    ]


def _judge(batch: Sequence[Envelope], *, ahead: bool) -> list[Judgement]:
    around = receiving.read_ahead(batch) if ahead else None
    return [
        receiving.receive(envelope, sender=SENDER, now=NOW, machine_now=MACHINE_NOW, around=around)
        for envelope in batch
    ]


def _mixed_batch() -> list[Envelope]:
    """Whole cases, late parents, doubles, corrections, tombstones, wrong and second rows of a case."""
    first, second, third, fourth = (_case(serial) for serial in range(1, 5))
    tender = third[1].body["TENDER_PROJECT_CODE"]
    second_lot = _envelope(
        "SECTION", TENDER_PROJECT_CODE=str(tender), BID_SECTION_CODE=f"{tender}002"
    )
    corrected = _envelope(
        "PROJECT",
        number=2,
        operation="update",
        PROJECT_CODE=str(first[0].body["PROJECT_CODE"]),
        PROJECT_NAME="更正后的示例工程",
    )
    removed = _envelope(
        NOTICE,
        number=2,
        operation="delete",
        TENDER_PROJECT_CODE=str(first[3].body["TENDER_PROJECT_CODE"]),
        BID_SECTION_CODES=str(first[3].body["BID_SECTION_CODES"]),
    )
    wrong = _envelope("PROJECT", PROJECT_CODE="E5301009001000009", REGION_CODE="999999")
    return [
        *first,
        *reversed(second),
        *third[:3],
        second_lot,
        third[3],
        corrected,
        wrong,
        first[0],
        wrong,
        removed,
        *fourth,
        fourth[2],
    ]


def _outcome(judgements: Sequence[Judgement]) -> list[tuple[str, Any]]:
    return [(judgement.state, judgement.findings) for judgement in judgements]


def _tables() -> list[Any]:
    return [
        sorted(Version.objects.values_list("dataset", "key", "number", "digest")),
        sorted(Current.objects.values_list("dataset", "key", "is_withdrawn", "version__number")),
        list(Judgement.objects.order_by("id").values_list("version__digest", "state")),
        Waiting.objects.count(),
    ]


def _judged_and_undone(batch: Sequence[Envelope], *, ahead: bool) -> tuple[Any, Any]:
    with transaction.atomic():
        found = _outcome(_judge(batch, ahead=ahead)), _tables()
        transaction.set_rollback(True)
    return found


def test_a_batch_read_ahead_is_judged_as_one_record_after_the_other() -> None:
    batch = _mixed_batch()

    one_by_one = _judged_and_undone(batch, ahead=False)
    ahead = _judged_and_undone(batch, ahead=True)

    assert ahead == one_by_one
    assert {state for state, _ in ahead[0]} == {"accepted", "waiting", "refused"}


def test_a_batch_that_comes_again_is_judged_as_it_was() -> None:
    batch = _mixed_batch()
    _judge(batch, ahead=True)
    before = Version.objects.count()

    one_by_one = _judged_and_undone(batch, ahead=False)
    ahead = _judged_and_undone(batch, ahead=True)

    assert ahead == one_by_one
    assert Version.objects.count() == before


def test_reading_ahead_asks_no_more_for_a_larger_batch() -> None:
    with CaptureQueriesContext(connection) as for_one:
        receiving.read_ahead(_case(1))
    with CaptureQueriesContext(connection) as for_ten:
        receiving.read_ahead([row for serial in range(1, 11) for row in _case(serial)])

    assert len(for_ten) == len(for_one)


def test_what_came_by_another_line_after_reading_ahead_is_seen() -> None:
    batch = _case(1)
    around = receiving.read_ahead(batch)
    _judge(batch[:2], ahead=False)

    judgements = [
        receiving.receive(envelope, sender=SENDER, now=NOW, machine_now=MACHINE_NOW, around=around)
        for envelope in batch
    ]

    assert [judgement.state for judgement in judgements] == ["accepted"] * 4
    assert Version.objects.count() == Judgement.objects.count() == 4
