"""Objections and answers as records: for supervision, and none that tells who bids (A-01, W-10)."""

from datetime import timedelta

import pytest

from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Version
from gongheng.registers.messages.models import Delivery
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts import archiving
from gongheng.trading.disputes import publishing
from gongheng.trading.disputes.kinds import Matter
from gongheng.trading.disputes.tests.support import answer, object_to
from gongheng.trust.identity.models import AuditEntry
from tests.cases import BIDDER, case_at, everything_agreed

pytestmark = pytest.mark.django_db


def _records() -> list[tuple[str, str]]:
    found = Version.objects.filter(dataset__startswith="OBJECTION").order_by("published_at", "id")
    return list(found.values_list("dataset", "audience"))


def test_an_objection_to_the_documents_becomes_a_record_when_bidding_is_over() -> None:
    walk = case_at("close_bids")
    raised = object_to(walk)
    answer(raised, walk.now + timedelta(days=1))
    later = walk.now + timedelta(days=30)

    assert publishing.publish_waiting(now=later) == 0
    assert not _records()
    assert not AuditEntry.objects.filter(deed="objection.raised").exists()

    Case.objects.filter(pk=walk.case.pk).update(awaits="open_bids")
    assert publishing.publish_waiting(now=later) == 1

    assert _records() == [
        ("OBJECTION", Audience.SUPERVISION),
        ("OBJECTION_REPLY", Audience.SUPERVISION),
    ]
    body = Version.objects.get(dataset="OBJECTION").body
    assert (body["CREATOR_CODE"], body["TYPE"]) == (BIDDER.organisation_code, "1")
    assert publishing.publish_waiting(now=later) == 0


def test_an_objection_to_the_result_is_reported_with_the_deed() -> None:
    walk = case_at("award")

    with everything_agreed():
        raised = object_to(walk, Matter.RESULT)
    assert _records() == [("OBJECTION", Audience.SUPERVISION)]
    answer(raised, walk.now + timedelta(days=1))

    reply = Version.objects.get(dataset="OBJECTION_REPLY")
    assert reply.body["OBJECTIONG_GUID"] == raised.document
    assert reply.body["RESPONSE_CREATOR_ROLE"] == "01"
    assert AuditEntry.objects.filter(deed="objection.raised").exists()
    sheets = archiving.sheets_of(Case.objects.get(pk=walk.case.pk), now=reply.published_at)
    kept = {each.title: each.digest for each in sheets if each.stage == "异议"}
    assert kept.keys() == {"异议", "异议答复"}  # and not whose (Z-04)
    assert kept["异议答复"] == reply.digest


def test_the_objector_alone_is_told_of_the_answer() -> None:
    walk = case_at("close_bids")
    raised = object_to(walk)

    answer(raised, walk.now + timedelta(days=1))

    told = Delivery.objects.filter(message__kind="objection.answered")
    assert [each.organisation_code for each in told] == [BIDDER.organisation_code]
    assert told[0].message.is_secret  # who objects to the documents means to bid
