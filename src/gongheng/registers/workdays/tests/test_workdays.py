"""A notice of days off: pasted by one, confirmed by another, learnt by cities (T-14, T-16, U-07)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from gongheng.kernel import terms
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.workdays import calendar
from gongheng.kernel.workdays.notice import OTHER_WEEKDAY
from gongheng.registers.workdays import actions, counting, queries, reasons
from gongheng.registers.workdays.models import CalendarNotice
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity import actions as identity
from gongheng.trust.identity.actors import Actor, acting
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account, AuditEntry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
TEXT = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（农历正月初六、周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""
"""An invented notice of 2027; its weekdays and its counts are right."""
ASKED: dict[str, Any] = {
    "year": 2027,
    "title": "国办发明电〔2026〕0号",
    "announced_on": date(2026, 11, 19),
    "source": "https://www.gov.cn/zhengce/2027.htm",
    "text": TEXT,
}


@pytest.fixture(autouse=True)
def own_calendar() -> Iterator[None]:
    """Forget after each test what was loaded in it: a process knows one calendar."""
    yield
    CalendarNotice.objects.all().delete()
    counting.refresh()


def account(name: str, *held: Role) -> Account:
    return identity.create_account(
        username=name,
        password="demo-password",
        display_name=name,
        organisation_code="12530100MB1X000028",
        organisation_name="昆明市公共资源交易中心",
        region_code="530100",
        roles=held,
        now=NOW,
        is_demo=True,
    )


@pytest.fixture
def operator() -> Actor:
    return acting(account("operator", Role.OPERATOR), now=NOW)


@pytest.fixture
def administrator() -> Actor:
    return acting(account("administrator", Role.ADMINISTRATOR), now=NOW)


def keeps_itself(settings: Any) -> None:
    settings.NODE = replace(settings.NODE, peers=())


def confirmed(settings: Any, operator: Actor, administrator: Actor) -> CalendarNotice:
    keeps_itself(settings)
    notice = actions.load(**ASKED, actor=operator, now=NOW)
    notice = actions.confirm(notice_id=notice.pk, actor=administrator, now=LATER)
    counting.refresh()
    return notice


def refused(reason: Reason, deed: Any, **asked: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        deed(**asked)
    assert refusal.value.reason is reason
    return refusal.value


def test_a_notice_counts_once_a_second_officer_confirmed_it(
    settings: Any, operator: Actor, administrator: Actor
) -> None:
    """T-14, U-07."""
    keeps_itself(settings)
    notice = actions.load(**ASKED, actor=operator, now=NOW)
    counting.refresh()
    assert not calendar.national().is_workday(date(2027, 1, 31))

    refused(reasons.OWN_PROPOSAL, actions.confirm, notice_id=notice.pk, actor=operator, now=NOW)
    refused(reasons.WAITS_ALREADY, actions.load, **ASKED, actor=operator, now=NOW)
    actions.confirm(notice_id=notice.pk, actor=administrator, now=LATER)
    counting.refresh()

    known = calendar.national()
    assert known.is_workday(date(2027, 1, 31))
    assert not known.is_workday(date(2027, 2, 11))
    assert known.day(date(2027, 7, 1)).status is calendar.Status.OFFICIAL
    assert known.day(date(2027, 2, 11)).source == ASKED["title"]
    deeds = AuditEntry.objects.order_by("happened_at").values_list("deed", flat=True)
    assert list(deeds)[-2:] == ["calendar.loaded", "calendar.confirmed"]
    refused(reasons.NOTHING_CHANGES, actions.load, **ASKED, actor=operator, now=LATER)
    refused(reasons.DECIDED, actions.confirm, notice_id=notice.pk, actor=administrator, now=LATER)


def test_open_periods_follow_and_none_is_shortened(
    settings: Any, operator: Actor, administrator: Actor
) -> None:
    """T-16: 10 working days over the Spring Festival, and 1 over the worked Sunday before it."""
    term = next(t for t in terms.all_terms() if t.rule == "U-01" and t.counting)
    before = datetime(2026, 11, 19, tzinfo=UTC)
    friday = datetime(2027, 1, 29, 2, tzinfo=UTC)
    assert term.deadline("提交", friday).last_day == date(2027, 2, 1)
    eve = replace(term, value=60)
    announced = eve.deadline("提交", before)

    confirmed(settings, operator, administrator)

    assert term.deadline("提交", friday).last_day == date(2027, 1, 31)
    again = eve.deadline("提交", before)
    assert again.ends_at >= announced.ends_at
    assert again.calendar == calendar.national().version


def test_a_second_notice_stands_on_the_first(
    settings: Any, operator: Actor, administrator: Actor
) -> None:
    confirmed(settings, operator, administrator)
    changed = TEXT.replace("6月9日（周三）放假1天", "6月9日（周三）至11日（周五）放假调休，共3天")
    changed = changed.replace("不调休", "", 1) + "6月12日（周六）、6月13日（周日）上班。"

    second = actions.load(**(ASKED | {"text": changed}), actor=operator, now=LATER)
    told = [each.after.on for each in queries.changes(queries.days_of(second, calendar.national()))]
    assert told == [date(2027, 6, day) for day in (10, 11, 12, 13)]
    actions.confirm(notice_id=second.pk, actor=administrator, now=LATER)
    counting.refresh()

    assert not calendar.national().is_workday(date(2027, 6, 10))
    assert calendar.national().is_workday(date(2027, 1, 31))
    assert len(calendar.since(NOW - timedelta(days=1))) == 3


def test_a_slip_is_named_with_its_sentence(settings: Any, operator: Actor) -> None:
    keeps_itself(settings)
    wrong = ASKED | {"text": TEXT.replace("4月3日（周六）", "4月3日（周日）")}

    refusal = refused(OTHER_WEEKDAY, actions.load, **wrong, actor=operator, now=NOW)

    assert "清明" in str(refusal.facts["sentence"])


@pytest.mark.parametrize(
    ("column", "value"),
    [("text", TEXT.replace("1月31日（周日）、", "")), ("year", 2028), ("statement", "e30=.e30=")],
)
def test_what_was_changed_in_the_database_counts_nothing(
    settings: Any, operator: Actor, administrator: Actor, column: str, value: object
) -> None:
    """A database's owner cannot move a deadline: the row is borne out by a signature."""
    notice = confirmed(settings, operator, administrator)
    assert calendar.national().is_workday(date(2027, 1, 31))

    CalendarNotice.objects.filter(pk=notice.pk).update(**{column: value})
    counting.refresh()

    assert calendar.national() is calendar.shipped() or not calendar.national().is_workday(
        date(2027, 1, 31)
    )
    assert calendar.national().version == calendar.shipped().version


def test_one_person_cannot_be_both_even_in_the_database(settings: Any, operator: Actor) -> None:
    """U-07."""
    keeps_itself(settings)
    notice = actions.load(**ASKED, actor=operator, now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarNotice.objects.filter(pk=notice.pk).update(decided_by=operator.person_id)


def test_a_city_learns_what_the_province_signed(
    settings: Any, operator: Actor, administrator: Actor
) -> None:
    """001-10."""
    [parent, *_] = settings.NODE.peers
    statement = confirmed(settings, operator, administrator).statement
    own = PrivateKey.from_pem(settings.NODE.key_path.read_bytes()).public.to_hex()
    CalendarNotice.objects.all().delete()
    counting.refresh()
    parent = replace(parent, code=settings.NODE.code, public_key=own, keeps_registers=True)
    settings.NODE = replace(settings.NODE, peers=(parent,))
    learnt = actions.learn(statement, now=LATER)
    counting.refresh()

    assert learnt is not None
    assert learnt.learnt_at is not None
    assert calendar.national().is_workday(date(2027, 1, 31))
    assert actions.learn(statement, now=LATER) is None
    CalendarNotice.objects.update(text="改")
    assert actions.learn(statement, now=LATER + timedelta(days=1)) is not None
    assert CalendarNotice.objects.get().since == LATER
    refused(reasons.KEPT_ELSEWHERE, actions.load, **ASKED, actor=operator, now=LATER)
    settings.NODE = replace(
        settings.NODE, peers=(replace(parent, public_key=PrivateKey.generate().public.to_hex()),)
    )
    refused(reasons.FORGED, actions.learn, text=statement, now=LATER)


def test_the_pages_lead_from_pasting_to_the_calendar(settings: Any, client: Client) -> None:
    keeps_itself(settings)
    operator = account("operator", Role.OPERATOR)
    administrator = account("administrator", Role.ADMINISTRATOR)
    client.force_login(operator)
    filled = ASKED | {"announced_on": "2026-11-19"}
    wrong = client.post("/calendar/load/", filled | {"text": TEXT.replace("共7天", "共8天")})
    assert wrong.status_code == 422
    assert "起止日期与所写的天数不一致" in wrong.content.decode()
    assert "春节：2月5日" in wrong.content.decode()
    assert client.post("/calendar/load/", filled).status_code == 302
    notice = CalendarNotice.objects.get()
    assert client.post(f"/calendar/{notice.pk}/decide/", {"decision": "confirm"}).status_code == 403
    client.force_login(administrator)
    assert "确认节假日安排" in client.get("/desk/").content.decode()
    shown = client.get("/calendar/").content.decode()
    assert "2027-01-31" in shown
    empty = client.post(f"/calendar/{notice.pk}/decide/", {"decision": "reject"})
    assert "请写明退回的理由" in empty.content.decode()
    assert client.post(f"/calendar/{notice.pk}/decide/", {"decision": "confirm"}).status_code == 302
    counting.refresh()

    client.logout()
    said = client.get("/calendar/", {"year": "2027"}).content.decode()
    assert ASKED["title"] in said
    assert "暂定" not in said.split("依据")[0]
    assert "operator" not in said
    rows = client.get("/calendar/days.csv", {"year": "2027"}).content.decode("utf-8-sig")
    assert "2027-01-31,1,swapped,国办发明电〔2026〕0号,official" in rows
    assert len(rows.splitlines()) == 366
    for asked in ("1999", "２０２７", "2027x", "99999"):
        assert client.get("/calendar/", {"year": asked}).status_code == 404


def test_the_operator_is_told_when_a_year_is_near(settings: Any, client: Client) -> None:
    """T-16."""
    keeps_itself(settings)
    client.force_login(account("operator", Role.OPERATOR))

    desk = client.get("/desk/").content.decode()

    near = datetime.now(UTC).date() + timedelta(days=60)
    known = calendar.national()
    is_due = near > known.last or known.day(near).status is calendar.Status.PROVISIONAL
    assert ("载入节假日安排" in desk) is is_due
