"""Tenderer, agency and the body that runs the platform cannot bid in a case (A-11, A-12, W-39)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.bids import actions, storage
from gongheng.trading.bids.models import Bid, Upload
from gongheng.trading.bids.tests.support import NOW, Firm, Tender, firm, grant, tender
from gongheng.trading.cases import barring, reasons
from gongheng.trading.cases.models import Case
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account

pytestmark = pytest.mark.django_db

Making = Callable[[Tender, Firm], None]


@pytest.fixture
def lot(tmp_path: Path) -> Tender:
    return tender(tmp_path)


def tenderer(lot: Tender, who: Firm) -> None:
    Case.objects.filter(pk=lot.case.pk).update(tenderer_code=who.code)


def agency(lot: Tender, who: Firm) -> None:
    Case.objects.filter(pk=lot.case.pk).update(agency_code=who.code)


def operator(_lot: Tender, who: Firm) -> None:
    """Let somebody else of the firm, by another account, look after the platform."""
    account = Account.objects.create(
        region_code="530100",
        username="keeper",
        display_name="运维人员",
        organisation_code=who.code,
        organisation_name="示例运维公司",
    )
    account.grants.create(
        region_code="530100",
        role=Role.OPERATOR,
        starts_at=NOW - timedelta(days=1),
        ends_at=NOW + timedelta(days=1),
    )


PARTIES = pytest.mark.parametrize(
    ("become", "reason", "rule"),
    [
        (tenderer, reasons.TENDERER_BIDS, "W-39"),
        (agency, reasons.AGENCY_BIDS, "A-12"),
        (operator, reasons.OPERATOR_BIDS, "A-11"),
    ],
)


@PARTIES
def test_a_party_is_refused_before_its_bytes_come_and_when_they_have_come(
    lot: Tender, become: Making, reason: Reason, rule: str
) -> None:
    who, other = firm(1), firm(2)
    sealed = lot.envelope(who)
    become(lot, who)

    def refused(deed: Callable[[], object]) -> Reason:
        with pytest.raises(Refusal) as refusal:
            deed()
        return refusal.value.reason

    asked = {"case_id": lot.case.pk, "actor": who.actor, "now": NOW}
    assert refused(lambda: actions.require_open(**asked)) is reason
    assert refused(lambda: actions.begin_upload(**asked, size=10)) is reason
    assert refused(lambda: lot.submit(who, sealed)) is reason
    assert not Bid.objects.exists()
    assert not Upload.objects.exists()
    assert not list(storage.home().glob("*/*"))
    assert reason.law is not None
    assert reason.law.rule == rule
    assert lot.submit(other).bid.bidder_code == other.code


def test_a_firm_that_becomes_the_agency_meanwhile_hands_in_nothing_but_may_withdraw(
    lot: Tender,
) -> None:
    who = firm(1)
    standing = lot.submit(who).bid
    sealed = lot.envelope(who, "第二份")
    begun = actions.begin_upload(case_id=lot.case.pk, size=len(sealed), actor=who.actor, now=NOW)
    agency(lot, who)

    pieces = iter([sealed])
    with pytest.raises(Refusal) as refusal:
        actions.add_part(
            upload_id=begun.pk,
            offset=0,
            pieces=lambda: next(pieces, b""),
            actor=who.actor,
            clock=lambda: NOW,
        )
    actions.withdraw(bid_id=standing.pk, actor=who.actor, now=NOW)

    assert refusal.value.reason is reasons.AGENCY_BIDS
    assert [bid.pk for bid in Bid.objects.all()] == [standing.pk]


def test_the_nodes_own_bodies_run_the_platform_and_who_once_did_runs_it_no_longer(
    lot: Tender,
) -> None:
    who = firm(1)
    operator(lot, who)

    def bar(code: str, days: int = 0) -> Reason | None:
        return barring.reason_against(lot.case, code, now=NOW + timedelta(days=days))

    assert bar(settings.NODE.platform_code) is reasons.OPERATOR_BIDS
    assert bar(settings.NODE.service_code) is reasons.OPERATOR_BIDS
    assert bar(who.code) is reasons.OPERATOR_BIDS
    assert bar(who.code, days=1) is None
    assert bar("") is None


def test_the_page_says_first_that_a_party_cannot_bid(lot: Tender) -> None:
    who, other = firm(1), firm(2)
    agency(lot, who)

    shown = {}
    for one in (who, other):
        grant(one)
        client = Client()
        client.force_login(Account.objects.get(pk=one.actor.account_id))
        shown[one.code] = client.get(reverse("bidding", args=[lot.case.pk])).content.decode()

    assert str(reasons.AGENCY_BIDS) in shown[who.code]
    assert "不能在本标段投标" not in shown[other.code]
