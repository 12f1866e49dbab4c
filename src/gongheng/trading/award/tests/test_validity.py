"""Bidders are asked to let their bids stand longer; each consents or refuses for itself (W-34)."""

import functools
from datetime import date, timedelta
from typing import Any

import pytest

from gongheng.kernel.clock import midnight
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.registers.messages.models import Delivery
from gongheng.trading.award import rules as award_rules
from gongheng.trading.award.actions import propose_award
from gongheng.trading.award.tests.support import Course, notified, viewed
from gongheng.trading.projects.tests.support import actor as acting, browser, person
from gongheng.trading.validity import actions, panels, queries, rules
from gongheng.trading.validity.models import Extension
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from gongheng.web.clock import legal_now
from gongheng.web.work import tasks_of
from tests.cases import CLERK, NOW, OFFICER, case_at

pytestmark = pytest.mark.django_db

MONTH = timedelta(days=30)


def last_day(course: Course) -> date:
    found = queries.last_day(course.case)
    assert found is not None
    return found


def asked(course: Course, **changes: Any) -> Extension:
    facts = {
        "until": last_day(course) + MONTH,
        "reason": "异议尚在处理。",
        "reply_by": course.now + timedelta(days=3),
        **course.by,
    }
    return actions.ask(**(facts | changes))


def in_life(course: Course) -> Extension:
    """Ask so that pages, which look at the node's clock, may be replied on."""
    today = max(legal_now(), course.now)
    until = max(today.date(), last_day(course)) + MONTH
    return asked(course, until=until, reply_by=today + timedelta(days=1))


def refused(deed: Any, *arguments: Any, **facts: Any) -> Reason:
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **facts)
    return refusal.value.reason


def account_of(code: str) -> Account:
    """Return the account of a person of a bidder."""
    return person(f"of{code[-4:]}", role=Role.BIDDER, organisation_code=code)


def firm(code: str) -> Actor:
    return acting(account_of(code))


def expired(course: Course) -> Course:
    """Let the validity of the documents run out."""
    course.now = midnight(last_day(course) + timedelta(days=1))
    return course


def test_every_bidder_is_asked_and_sees_it_on_its_workbench() -> None:
    course = viewed()
    extension = asked(course)

    codes = [each["code"] for each in extension.bidders]
    assert len(codes) >= 3
    told = Delivery.objects.filter(message__kind="validity.asked")
    assert sorted(told.values_list("organisation_code", flat=True)) == sorted(codes)
    # Each has a message of its own: nobody learns from it who else was asked.
    assert len(set(told.values_list("message", flat=True))) == len(codes)
    one = firm(codes[0])
    [task] = [row for row in tasks_of(one, now=course.now) if row.rule == "W-34"]
    assert task.due_at == extension.reply_by
    actions.reply(extension_id=extension.pk, consents=False, actor=one, now=course.now)
    assert [row for row in tasks_of(one, now=course.now) if row.rule == "W-34"] == []


def test_a_bid_whose_bidder_consented_can_win_after_its_first_validity() -> None:
    course = viewed()
    extension, first = asked(course), course.ranked[0]
    actions.reply(extension_id=extension.pk, consents=True, actor=firm(first), now=course.now)
    expired(course)

    propose_award(bidder_code=first, **course.by)


@pytest.mark.parametrize("replies", [(False,), ()], ids=["refused", "silent"])
def test_a_bid_whose_bidder_did_not_consent_cannot(replies: tuple[bool, ...]) -> None:
    course = viewed()
    extension, first = asked(course), course.ranked[0]
    for consents in replies:
        one = firm(first)
        actions.reply(extension_id=extension.pk, consents=consents, actor=one, now=course.now)
    other = course.ranked[1]
    actions.reply(extension_id=extension.pk, consents=True, actor=firm(other), now=course.now)
    expired(course)

    assert refused(propose_award, bidder_code=first, **course.by) is award_rules.BIDS_EXPIRED


def test_a_consent_ends_with_the_day_it_names() -> None:
    course = viewed()
    extension, first = asked(course), course.ranked[0]
    actions.reply(extension_id=extension.pk, consents=True, actor=firm(first), now=course.now)
    course.now = midnight(extension.until + timedelta(days=1))

    assert refused(propose_award, bidder_code=first, **course.by) is award_rules.BIDS_EXPIRED


def test_nobody_is_asked_for_less_or_without_time_or_twice() -> None:
    course = viewed()

    assert refused(asked, course, until=last_day(course)) is rules.NOT_LONGER
    assert refused(asked, course, reply_by=course.now) is rules.REPLY_PAST
    far = midnight(last_day(course) + MONTH + timedelta(days=1)) + timedelta(seconds=1)
    assert refused(asked, course, reply_by=far) is rules.REPLY_PAST
    first = asked(course)
    assert refused(asked, course, until=first.until + MONTH) is rules.ASKED_ALREADY
    course.now = first.reply_by
    asked(course, until=first.until + MONTH)


def test_before_the_opening_there_is_nobody_to_ask() -> None:
    case = case_at("close_bids").case
    facts = {"until": date(2099, 1, 1), "reason": "x", "reply_by": NOW + timedelta(days=1)}

    deed = functools.partial(actions.ask, case_id=case.pk, actor=CLERK, now=NOW)
    assert refused(deed, **facts) is rules.NOTHING_OPENED
    assert panels.validity(case=case, actor=CLERK, now=NOW) is None


def test_after_the_award_letter_nobody_is_asked() -> None:
    assert refused(asked, notified()) is rules.SETTLED


def test_a_reply_is_one_in_time_and_of_who_was_asked() -> None:
    course = viewed()
    extension = asked(course)
    one = firm(course.ranked[0])
    facts = {"extension_id": extension.pk, "consents": True, "actor": one, "now": course.now}

    late = facts | {"now": extension.reply_by}
    assert refused(actions.reply, **late) is rules.LATE
    actions.reply(**(facts | {"now": extension.reply_by - timedelta(microseconds=1)}))
    assert refused(actions.reply, **facts) is rules.REPLIED
    assert refused(actions.reply, **(facts | {"actor": OFFICER})) is rules.NOT_ASKED
    stranger = firm("91530300MA6KABCE08")
    assert refused(actions.reply, **(facts | {"actor": stranger})) is rules.NOT_ASKED


def test_pages_ask_reply_and_show() -> None:
    course, client = viewed(), browser(person("desk"))
    address = f"/cases/{course.case.pk}/validity/"
    form = {"until": "2020-01-01", "reply_by": "2020-01-01 09:00", "reason": "异议尚在处理。"}
    wrong = client.post(address, form)
    assert wrong.status_code == 422
    assert "没有超过现在的有效期" in wrong.content.decode()
    extension = in_life(course)
    shown = client.get(address).content.decode()
    assert f"{extension.until:%Y-%m-%d}" in shown
    assert "尚未答复" in shown

    firm_client = browser(account_of(course.ranked[0]))
    own = f"/bidding/{course.case.pk}/validity/"
    assert firm_client.get(own).status_code == 200
    assert firm_client.post(own, {}).status_code == 422
    assert firm_client.post(own, {"consents": "yes"}).status_code == 302
    assert "同意延长" in firm_client.get(own).content.decode()
    assert firm_client.get(address).status_code == 403
    assert "同意</span>" in client.get(address).content.decode()
    assert browser(account_of("91530300MA6KABCE08")).get(own).status_code == 404
