"""A firm that changes its name after it has bid: the case keeps the registration of that day."""

from pathlib import Path

import pytest

from gongheng.data.records.models import Act, Version
from gongheng.registers.subjects import queries as subjects, rules
from gongheng.registers.subjects.models import Subject, SubjectVersion
from gongheng.trading.award.tests.support import received
from gongheng.trading.bids.models import Bid
from gongheng.trading.bids.tests.support import NOW, register
from gongheng.trading.evaluation.tests.support import FIRMS, sitting
from gongheng.trading.opening import recording
from gongheng.trading.opening.tests.conftest import quiet_house
from gongheng.trading.opening.tests.support import hall
from gongheng.trading.projects.tests.support import browser

__all__ = ["quiet_house"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NEW = "滇池新名建设有限公司"


def rename(code: str, name: str = NEW) -> None:
    """Enter a second version of a registration, as the register does when a firm changes its name."""
    subject = Subject.objects.get(code=code)
    body = {"LEGAL_NAME": name, "LEGAL_CODE": code}
    SubjectVersion.objects.create(
        region_code=subject.region_code,
        subject=subject,
        number=subject.version + 1,
        name=name,
        body=body,
        digest=rules.digest_of(body),
        verified_by="赵强",
        verified_at=NOW,
    )
    subject.name, subject.version = name, subject.version + 1
    subject.save()


def name_in_register(code: str) -> str:
    return subjects.require_verified(code).name


def published() -> str:
    """Return everything that was published or reported."""
    return str([*Version.objects.values_list("body"), *Act.objects.values_list("facts")])


def test_bid_and_opening_record_keep_the_name_of_the_day_of_the_bid(tmp_path: Path) -> None:
    three = hall(tmp_path)
    who = three.firms[0]
    [bid] = Bid.objects.filter(bidder_code=who.code)
    name = bid.bidder_name
    rename(who.code)

    three.to_judged()
    record = str(recording.record_of(three.opening, three.case))
    three.make_known()
    three.publish_record()

    bid.refresh_from_db()
    assert (bid.bidder_name, three.entry(who).bidder_name) == (name, name)
    assert SubjectVersion.objects.get(pk=bid.subject_version).name == name
    assert name in record
    assert name in published()
    assert NEW not in record + published()
    assert name_in_register(who.code) == NEW


def test_evaluation_and_award_keep_the_name_that_was_opened() -> None:
    course = received()
    winner = course.ranked[0]
    name = FIRMS[winner][0]
    for code, (old, _) in FIRMS.items():
        register(code, old)
    rename(winner)

    course.published()

    assert course.winner().bidder_name == name
    assert name in published()
    assert NEW not in published()
    assert name_in_register(winner) == NEW


def test_a_member_of_the_committee_reads_the_name_that_was_opened() -> None:
    of = sitting()
    code, (name, _) = next(iter(FIRMS.items()))
    register(code, name)
    rename(code)
    of.reviewed()

    text = browser(of.accounts[0]).get(f"/evaluation/{of.case.pk}/").content.decode()

    assert name in text
    assert NEW not in text
