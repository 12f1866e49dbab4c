"""The pages between report and contract: what they offer, what they refuse, what they keep."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongheng.trading.award import bulletins, panels, queries, tasks
from gongheng.trading.award.models import Letter, SupervisorReport
from gongheng.trading.award.tests.support import Course, received
from gongheng.trading.cases.queries import open_proposal
from gongheng.trading.projects.tests.support import actor, browser, person
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import AuditEntry

pytestmark = pytest.mark.django_db


class HandClock:
    """A clock that stands where a test sets it."""

    def __init__(self, course: Course) -> None:
        self.course = course

    def now(self) -> Any:
        return self.course.now


@pytest.fixture
def course(settings: Any) -> Course:
    found = received()
    settings.GONGHENG_CLOCK = HandClock(found)
    return found


@pytest.fixture
def clerk() -> Client:
    return browser(person("desk"))


def bidder(code: str, name: str = "firm") -> Client:
    return browser(person(name, role=Role.BIDDER, organisation_code=code, region_code="440300"))


def address(name: str, course: Course, *more: Any) -> str:
    return reverse(name, args=[course.case.pk, *more])


def typed(course: Course, **changes: Any) -> dict[str, Any]:
    fields = {
        "title": "龙泉路施工一标段中标候选人公示",
        "ends_on": bulletins.earliest_end(course.case, course.now).isoformat(),
        "summary": "经综合评估，推荐下列候选人。",
        "objection_method": "通过本平台提出。",
        "responsible": "王芳",
        "other": "",
    }
    for rank in (1, 2, 3):
        fields[f"certificate_{rank}"] = f"一级建造师 云{rank}"
        fields[f"qualification_{rank}"] = "资质齐全"
    return fields | changes


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("放弃声明.pdf", b"%PDF-1.7 given up")


def test_a_clerk_hands_the_publicity_to_a_colleague(course: Course, clerk: Client) -> None:
    page = clerk.get(address("case-publish_candidates", course)).content.decode()

    answer = clerk.post(address("case-publish_candidates", course), typed(course))

    assert "云岭路桥建设有限公司" in page
    assert "三日" in page
    assert answer.headers["Location"] == reverse("case", args=[course.case.pk])
    assert open_proposal(course.case, "publish_candidates") is not None
    assert (
        "等待另一人复核" in clerk.get(address("case-publish_candidates", course)).content.decode()
    )


def test_a_publicity_with_mistakes_comes_back_whole(course: Course, clerk: Client) -> None:
    early = course.now.date().isoformat()

    answer = clerk.post(
        address("case-publish_candidates", course),
        typed(course, ends_on=early, summary="写了很久的评标情况"),
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "少于三日" in page
    assert "写了很久的评标情况" in page
    assert "一级建造师 云2" in page


def test_the_next_candidate_is_reached_with_cause_and_paper_only(
    course: Course, clerk: Client
) -> None:
    course.viewed()
    first, second, _ = course.ranked
    award = address("case-award", course)
    loss = address("award-loss", course, first)

    refused = clerk.post(award, {"choice": second, "reason": "报价更低"})
    without = clerk.post(loss, {"cause": "gave_up", "reason": "书面放弃"})
    wrong = SimpleUploadedFile("放弃声明.pdf", b"no such file")
    unreadable = clerk.post(loss, {"cause": "gave_up", "reason": "书面放弃", "paper": wrong})
    recorded = clerk.post(loss, {"cause": "gave_up", "reason": "书面放弃", "paper": paper()})
    accepted = clerk.post(award, {"choice": second, "reason": "第一名放弃"})

    assert refused.status_code == without.status_code == unreadable.status_code == 422
    assert "排名在前的中标候选人没有法定的" in refused.content.decode()
    assert "报价更低" in refused.content.decode()
    assert recorded.headers["Location"] == award
    assert accepted.status_code == 302


def test_papers_are_read_by_who_may_and_every_read_is_written_down(
    course: Course, clerk: Client
) -> None:
    course.viewed().lose(course.ranked[0])
    [loss] = queries.losses_of(course.case)
    place = address("award-paper", course, loss.evidence_digest)

    answer = clerk.get(place)
    stranger = browser(person("stranger", organisation_code="91530100MA6K000013"))

    assert answer.getvalue().startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.filter(deed="award.paper_read").count() == 1
    assert stranger.get(place).status_code == 404
    assert clerk.get(address("award-paper", course, "0" * 64)).status_code == 404


def test_a_recheck_goes_back_to_the_committee(course: Course, clerk: Client) -> None:
    course.viewed()
    fields = {"cause": "finance", "choice": course.ranked[0], "reason": "进入破产程序"}

    without = clerk.post(address("case-recheck_candidates", course), fields)
    done = clerk.post(address("case-recheck_candidates", course), fields | {"paper": paper()})

    assert without.status_code == 422
    assert done.status_code == 302
    assert course.case.awaits == "evaluate"


def test_all_letters_go_out_with_one_button_and_each_bidder_reads_its_own(
    course: Course, clerk: Client
) -> None:
    course.awarded()
    winner, loser, _ = course.ranked
    page = clerk.get(address("case-notify_award", course)).content.decode()
    clerk.post(address("case-notify_award", course))
    result = address("bidding-result", course)

    won = bidder(winner, "winner").get(result).content.decode()
    lost = bidder(loser, "loser").get(result).content.decode()
    stranger = bidder("91530100MA6K000013", "stranger").get(result)

    assert "将要发出" in page
    assert "玖佰陆拾万元整" in won
    assert "日内" in won or "30日" in won
    assert "没有中标" in lost
    assert "第 2 名" in lost
    assert "88.50" not in lost
    assert stranger.status_code == 404
    assert Letter.objects.filter(read_at__isnull=False).count() == 2


def test_an_unread_letter_is_on_the_bidders_desk(course: Course) -> None:
    course.notified()
    account = person("winner", role=Role.BIDDER, organisation_code=course.ranked[0])
    who = actor(account)

    [task] = tasks.letters_to_read(actor=who, now=course.now)
    browser(account).get(task.address)

    assert task.rule == "W-31"
    assert not list(tasks.letters_to_read(actor=who, now=course.now))


def test_the_report_begins_with_what_the_case_knows(course: Course, clerk: Client) -> None:
    course.published()
    place = address("case-report_to_supervisor", course)
    page = clerk.get(place)
    sections = {name: field.initial for name, field in page.context["form"].fields.items()}

    wrong = clerk.post(place, sections | {"section_5": " "})
    done = clerk.post(place, sections)
    shown = clerk.get(address("award-report", course)).content.decode()
    supervisor = browser(person("supervisor", role=Role.SUPERVISOR))

    assert wrong.status_code == 422
    assert done.status_code == 302
    assert SupervisorReport.objects.count() == 1
    assert "云岭路桥建设有限公司" in shown
    assert "9,600,000.00" in shown
    assert supervisor.get(address("award-report", course)).status_code == 200


def test_the_notice_of_the_award_is_handed_to_a_colleague(course: Course, clerk: Client) -> None:
    course.notified()

    empty = clerk.post(address("case-publish_result", course), {"title": "", "responsible": ""})
    done = clerk.post(
        address("case-publish_result", course),
        {"title": "中标结果公告", "responsible": "王芳", "other": ""},
    )

    assert empty.status_code == 422
    assert done.status_code == 302
    assert open_proposal(course.case, "publish_result") is not None


def test_the_tab_shows_a_bidder_what_is_public_and_its_own(course: Course) -> None:
    course.viewed().lose(course.ranked[0])
    inside = panels.award(case=course.case, actor=actor(person("clerk9")), now=course.now)
    firm = actor(person("firm9", role=Role.BIDDER, organisation_code=course.ranked[1]))
    outside = panels.award(case=course.case, actor=firm, now=course.now)
    expert = actor(person("expert9", role=Role.EXPERT, organisation_code=""))

    assert inside is not None
    assert any(loss for _, loss in inside.context["rows"])
    assert outside is not None
    assert not any(loss for _, loss in outside.context["rows"])
    assert not outside.context["letters"]
    assert panels.award(case=course.case, actor=expert, now=course.now) is None


@pytest.mark.parametrize(
    "name",
    [
        "case-publish_candidates",
        "case-award",
        "case-recheck_candidates",
        "case-notify_award",
        "case-publish_result",
        "case-report_to_supervisor",
    ],
)
def test_a_step_out_of_turn_says_so_and_offers_nothing(name: str, settings: Any) -> None:
    found = received()
    settings.GONGHENG_CLOCK = HandClock(found)
    desk = browser(person("desk"))
    page = desk.get(address(name, found)).content.decode()

    assert ("现在不能办理本步骤" in page) == (name != "case-publish_candidates")
    stranger = browser(person("stranger", organisation_code="91530100MA6K000013"))
    assert stranger.get(address(name, found)).status_code == 404
