"""The workbench: what is mine, by when and by which rule; what others must do; what was done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongheng.trading.cases import actions, work
from gongheng.trading.cases.kinds import Verdict
from gongheng.trading.cases.tests.support import SetClock, browser, join
from gongheng.web import work as rooms
from tests.engine import (
    BIDDER,
    CLERK,
    COLLEAGUE,
    EXPERT,
    NOW,
    OFFICER,
    SUPERVISOR,
    advance_usually,
    at,
    begun,
    confirmed,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_tasks_of_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the rooms' own tasks to the rooms' own tests."""
    monkeypatch.setattr(rooms, "_tasks", [])


def words(client: Client, address: str = "/desk/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def titles(lines: list[work.Line]) -> list[str]:
    return [line.title for line in lines]


def test_each_finds_the_step_that_is_his_and_others_wait(clock: SetClock) -> None:
    walk = begun()
    walk.do("register")

    officer, clerk = (work.workbench(who, now=clock.at) for who in (OFFICER, CLERK))

    assert titles(officer.mine) == ["项目受理"]
    assert titles(clerk.mine) == []
    assert titles(clerk.others) == ["项目受理"]
    assert clerk.others[0].who == "交易中心"
    assert titles(clerk.done) == ["项目登记"]
    page = words(browser(CLERK))
    assert "现在没有需要您办理的事项" in page
    assert "由交易中心办理" in page


def test_a_proposal_waits_for_another_and_a_return_comes_back(clock: SetClock) -> None:
    walk = at("publish_plan")
    proposal = actions.propose(case_id=walk.case.pk, step="publish_plan", actor=CLERK, now=NOW)

    first, second = (work.workbench(who, now=clock.at) for who in (CLERK, COLLEAGUE))
    assert "发布招标计划（您已提交）" in titles(first.others)
    assert "发布招标计划" not in titles(first.mine)
    assert titles(second.mine) == ["复核：发布招标计划"]
    assert f"/cases/proposals/{proposal.pk}/" in words(browser(COLLEAGUE))

    confirmed(proposal, COLLEAGUE, NOW, verdict=Verdict.RETURN, reason="资金来源写错")

    page = words(browser(CLERK))
    assert "修改后重新提交：发布招标计划" in page
    assert "资金来源写错" in page


def test_several_lots_of_one_deed_are_one_line(clock: SetClock) -> None:
    first, second = at("publish_plan", code="LOT1"), at("publish_plan", code="LOT2")
    mine = actions.propose(case_id=first.case.pk, step="publish_plan", actor=CLERK, now=NOW)
    actions.propose(
        case_id=second.case.pk, step="publish_plan", actor=CLERK, now=NOW, matter=mine.matter
    )

    bench = work.workbench(COLLEAGUE, now=clock.at)

    assert titles(bench.mine) == ["复核：发布招标计划"]
    assert "共 2 个标段" in bench.mine[0].note


def test_a_duty_has_its_last_day_and_rule_and_is_red_when_late(clock: SetClock) -> None:
    walk = at("close_bids")
    walk.do("object_documents", document="异1号")

    clock.at = NOW + timedelta(days=1)
    in_time = next(
        line for line in work.workbench(CLERK, now=clock.at).mine if "答复" in line.title
    )
    clock.at = NOW + timedelta(days=9)
    late = next(line for line in work.workbench(CLERK, now=clock.at).mine if "答复" in line.title)

    assert in_time.due is not None
    assert (in_time.due.rule, in_time.due.shown) == ("W-10", "2026-10-15 24:00")
    assert (in_time.due.left, in_time.due.tone) == ("还有 2 天", "amber")
    assert late.due is not None
    assert (late.due.is_late, late.due.tone) == (True, "red")
    assert "已超过" in words(browser(CLERK))


def test_what_one_may_also_do_stands_on_the_page_of_the_case_only(clock: SetClock) -> None:
    walk = at("close_bids")

    bench = work.workbench(CLERK, now=clock.at)

    assert titles(bench.mine) == ["组建评标委员会"]
    page = words(browser(CLERK), f"/cases/{walk.case.pk}/")
    assert "终止招标" in page or "澄清或修改招标文件" in page


def test_tasks_of_the_rooms_stand_among_the_steps_by_urgency(
    clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun()
    task = rooms.Task(
        title="评分",
        address="/somewhere/",
        subject="一标段",
        due_at=NOW + timedelta(hours=3, minutes=10),
        rule="W-33",
    )
    monkeypatch.setattr(rooms, "_tasks", [lambda *, actor, now: [task]])  # noqa: ARG005  the shape of a source

    bench = work.workbench(CLERK, now=clock.at)

    assert titles(bench.mine) == ["评分", "项目登记"]
    page = words(browser(CLERK))
    assert 'href="/somewhere/"' in page
    assert "还有 3 小时" in page
    assert "依据《招标投标法》第四十六条" in page


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (SUPERVISOR, "可从项目列表查看"),
        (BIDDER, "请在交易公告中找到要参加的项目"),
        (EXPERT, "被确定为评标委员会成员后"),
        (person("op", "operator"), "数据交换"),
        (person("none"), "您的账号还没有角色"),
    ],
    ids=["supervisor", "bidder", "expert", "operator", "nobody yet"],
)
def test_every_role_is_told_what_to_do_first(clock: SetClock, who: object, said: str) -> None:
    assert clock.at == NOW
    if who not in {SUPERVISOR, BIDDER, EXPERT}:
        join(who)  # type: ignore[arg-type]  # an actor, as the list above shows

    assert said in words(browser(who))  # type: ignore[arg-type]


def test_the_number_of_questions_does_not_grow_with_the_cases(clock: SetClock) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            work.workbench(CLERK, now=clock.at)
        return len(found)

    begun(code="LOT0")
    asked()
    one = asked()
    for number in range(1, 12):
        begun(code=f"LOT{number}")

    assert asked() == one
    assert one <= 12


def test_a_bidder_finds_no_steps_of_cases_there(clock: SetClock) -> None:
    at("close_bids")

    bench = work.workbench(BIDDER, now=clock.at)

    assert (bench.mine, bench.others) == ([], [])


def test_the_workbench_looks_into_so_many_cases_and_says_so(
    clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MOST_CASES", 2)
    waiting = [begun(code=f"LOT{number}") for number in range(3)]
    for walk in waiting[1:]:
        advance_usually(walk)

    bench = work.workbench(CLERK, now=clock.at)

    assert bench.is_cut
    assert titles(bench.mine) == ["项目登记"]
