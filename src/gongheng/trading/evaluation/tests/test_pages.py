from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongheng.trading.evaluation import actions, panels
from gongheng.trading.evaluation.kinds import MemberState
from gongheng.trading.evaluation.models import Assessment, Committee, Member, Request
from gongheng.trading.evaluation.sources import bids_of
from gongheng.trading.evaluation.tests.support import (
    BUSINESS,
    TECHNICAL,
    A,
    Sitting,
    declared,
    reviewed,
    scored,
    sitting,
)
from gongheng.trading.projects.tests.support import browser, person
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity.kinds import Outcome, Role
from gongheng.trust.identity.models import Account, AuditEntry, Grant
from gongheng.web.work import tasks_of
from tests.cases import CLERK, NOW, SUPERVISOR

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def clock(standing_clock: Any) -> Any:
    return standing_clock


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _clerk() -> Client:
    account = Account.objects.get(pk=CLERK.account_id)
    Grant.objects.create(
        account=account, role=Role.CLERK, region_code=account.region_code, starts_at=NOW
    )
    return browser(account)


def _room(sitting_: Sitting, clock: Any) -> str:
    clock.at = sitting_.now
    return f"/evaluation/{sitting_.case.pk}/"


def _seat_of(room: Sitting, bidder: str) -> int:
    return next(bid.number for bid in bids_of(room.fresh()) if bid.bidder_code == bidder)


def _typed(room: Sitting, count: int = 5) -> dict[str, Any]:
    typed: dict[str, Any] = {"letter_number": "云专抽〔2026〕1号", "letter_on": "2026年10月12日"}
    for number, account in enumerate(room.accounts[:count], start=1):
        typed |= {f"username_{number}": account.username, f"kind_{number}": "expert"}
    return typed


def test_the_clerk_forms_the_committee_and_sees_no_name_afterwards(clock: Any) -> None:
    room = sitting()
    address = f"/cases/{room.case.pk}/form_committee/"
    clock.at = room.now
    clerk, letter = _clerk(), b"%PDF-1.4 letter"

    assert "五人以上单数" in _text(clerk.get(address))
    wrong = clerk.post(
        address,
        {
            **_typed(room),
            "username_2": "nobody",
            "letter_file": SimpleUploadedFile("letter.pdf", letter),
        },
    )
    assert wrong.status_code == 422
    assert 'href="#id_username_2"' in _text(wrong)
    assert sm3(letter).hex() in _text(wrong)

    four = clerk.post(address, {**_typed(room, 4), "letter_digest": sm3(letter).hex()})
    assert "评标委员会成员人数应为五人以上单数" in _text(four)
    assert 'value="expert3"' in _text(four)
    formed = clerk.post(address, {**_typed(room), "letter_digest": sm3(letter).hex()})

    assert formed["Location"] == f"/cases/{room.case.pk}/"
    assert Committee.objects.get().letter_digest == sm3(letter).hex()
    for page in (address, f"/cases/{room.case.pk}/"):
        text = _text(clerk.get(page))
        assert not any(account.display_name in text for account in room.accounts)
        assert not any(account.username in text for account in room.accounts)
    assert clerk.get(f"/evaluation/{room.case.pk}/").status_code == 403


def test_without_a_letter_or_with_a_day_of_tomorrow_nothing_is_formed(clock: Any) -> None:
    room = sitting()
    address = f"/cases/{room.case.pk}/form_committee/"
    clock.at = room.now
    clerk = _clerk()

    no_letter = clerk.post(address, {**_typed(room), "letter_digest": "xyz"})
    later = clerk.post(
        address, {**_typed(room), "letter_digest": "ab" * 32, "letter_on": "2027-01-01"}
    )

    assert "必须选择抽取函文件" in _text(no_letter)
    assert "抽取函的日期不能晚于今天" in _text(later)
    assert not Committee.objects.exists()


def _review(address: str, people: list[Client]) -> None:
    """Let everybody declare, vote, pass every bid and mark it, each by the save button."""
    for member in people:
        assert member.post(address, {"avoids": "0"})["Location"] == address
    for member in people[:3]:
        assert member.post(address, {"deed": "vote", "value": "1"})["Location"] == address
    verdicts = dict.fromkeys(["form-1-number", "qualification-1-number"], "0")
    verdicts |= dict.fromkeys(["form-1-passes", "qualification-1-passes"], "1")
    marks = {f"{TECHNICAL}-points": "40", f"{BUSINESS}-points": "20"}
    marks |= dict.fromkeys([f"{TECHNICAL}-number", f"{BUSINESS}-number"], "0")
    firms = [f"{address}bids/{number}/" for number in (1, 2, 3)]
    page = _text(people[0].get(firms[0]))
    assert "签字盖章" in page
    assert 'data-row="technical-1"' not in page
    for typed in (verdicts, marks):
        for member in people:
            for firm in firms:
                assert member.post(firm, typed)["Location"] == firm
        if typed is verdicts:
            assert people[0].post(address, {"deed": "close"})["Location"] == address


def _sign(report: str, people: list[Client]) -> None:
    """Let everybody sign under the password; the last one dissents."""
    digest = _text(people[1].get(report)).partition('name="digest" value="')[2][:64]
    for member in people:
        typed = {"digest": digest, "opinion": "agreed", "password": "wrong"}
        assert "密码不正确" in _text(member.post(report, typed))
        typed["password"] = "demo"
        if member is people[-1]:
            typed["opinion"] = "dissented"
            assert "不同意评标结果须书面说明" in _text(member.post(report, typed))
            typed["reason"] = "技术分偏高。"
        assert member.post(report, typed)["Location"] == report


def test_members_review_score_sign_and_hand_over_without_scripts(clock: Any) -> None:
    room = sitting()
    room.form()
    address = _room(room, clock)
    report, conclude = f"{address}report/", f"/cases/{room.case.pk}/evaluate/"
    people = [browser(account) for account in room.accounts[:5]]
    assert room.case.title in _text(people[0].get("/evaluation/"))
    assert "评标前声明" in _text(people[0].get(address))

    _review(address, people)
    assert people[0].post(report, {"deed": "draw_up"})["Location"] == report
    _sign(report, people)
    assert "等待评标委员会负责人提交" in _text(people[1].get(conclude))
    assert people[0].post(conclude)["Location"] == report

    assert room.case.awaits == "receive_report"
    assert "技术分偏高" in _text(people[0].get(report))
    clerk, receive = _clerk(), f"/cases/{room.case.pk}/receive_report/"
    assert "翠湖建筑集团有限公司" in _text(clerk.get(receive))
    assert clerk.post(receive)["Location"] == f"/cases/{room.case.pk}/"
    assert room.case.awaits == "publish_candidates"


def test_autosave_answers_with_the_version_and_loses_nothing_in_two_windows(clock: Any) -> None:
    room = reviewed()
    address = f"{_room(room, clock)}bids/{_seat_of(room, A)}/"
    member = browser(room.accounts[0])

    def save(number: str, points: str) -> Any:
        return member.post(
            address,
            {
                "save": TECHNICAL,
                f"{TECHNICAL}-number": number,
                f"{TECHNICAL}-points": points,
                f"{TECHNICAL}-reason": "",
            },
            headers={"X-Requested-With": "autosave"},
        )

    def row(answer: Any) -> Any:
        return next(row for row in answer.json()["rows"] if row["code"] == TECHNICAL)

    first, second, third = save("0", "40"), save("0", "41"), save("0", "40")
    too_much = save("1", "51")

    assert (first.status_code, row(first)["number"]) == (200, 1)
    assert second.status_code == 409
    assert "40 分" in row(second)["theirs"]
    assert third.status_code == 200
    assert too_much.status_code == 422
    assert "评分超出" in row(too_much)["error"]
    assert save("1", "41.5").status_code == 200
    assert str(Assessment.objects.get(criterion=TECHNICAL).value) == "41.50"


def test_a_wrong_mark_is_told_at_its_field_and_the_others_are_kept(clock: Any) -> None:
    room = reviewed()
    address = f"{_room(room, clock)}bids/1/"
    member = browser(room.accounts[0])

    answer = member.post(
        address,
        {
            f"{TECHNICAL}-number": "0",
            f"{TECHNICAL}-points": "99",
            f"{BUSINESS}-number": "0",
            f"{BUSINESS}-points": "20",
        },
    )

    text = _text(answer)
    assert answer.status_code == 422
    assert f'href="#row-{TECHNICAL}"' in text
    assert 'value="99"' in text
    assert Assessment.objects.filter(criterion=BUSINESS).count() == 1
    assert not Assessment.objects.filter(criterion=TECHNICAL).exists()


def test_an_expert_of_another_committee_finds_nothing_and_the_try_is_kept(clock: Any) -> None:
    room = reviewed()
    address = _room(room, clock)
    stranger = browser(room.accounts[6])
    pages = ["", "bids/1/", "bids/1/files/1/", "requests/", "report/"]

    for page in pages:
        assert stranger.get(address + page).status_code == 404
    assert stranger.post(f"{address}bids/1/", {"save": ""}).status_code == 404
    assert stranger.post(f"/cases/{room.case.pk}/evaluate/").status_code == 404
    assert stranger.get(f"/cases/{room.case.pk}/evaluate/").status_code == 404

    tries = AuditEntry.objects.filter(
        account=room.accounts[6], outcome=Outcome.REFUSED, object_id=str(room.case.pk)
    )
    assert tries.count() == len(pages) + 3
    assert {entry.reason for entry in tries} == {"evaluation.not_your_committee"}
    assert "您目前没有参加的评标项目" in _text(stranger.get("/evaluation/"))


def test_files_of_a_bid_are_shown_in_the_page_and_run_nothing(clock: Any) -> None:
    room = reviewed()
    address = f"{_room(room, clock)}bids/1/"
    member = browser(room.accounts[0])

    page = _text(member.get(address))
    files = [member.get(f"{address}files/{number}/") for number in (1, 2)]
    missing = member.get(f"{address}files/3/")

    assert "查看：施工组织设计" in page
    assert [file.status_code for file in files] == [200, 200]
    assert "frame-ancestors 'self'" in files[0]["Content-Security-Policy"]
    assert "script" not in files[0]["Content-Security-Policy"]
    assert [file.getvalue().decode() for file in files] == ["第一章 总体部署", '{"price": "1"}']
    assert missing.status_code == 404
    assert member.get(f"{_room(room, clock)}bids/9/").status_code == 404


def test_the_chair_asks_and_the_bidder_answers_by_page(clock: Any) -> None:
    room = declared()
    address = f"{_room(room, clock)}requests/"
    chair, member = browser(room.accounts[0]), browser(room.accounts[1])
    firm = browser(
        person("firm", role=Role.BIDDER, organisation_code=A, organisation_name="云岭路桥")
    )
    asked = {"bid": _seat_of(room, A), "kind": "clarification", "hours": "2", "ask": "1"}

    assert "由评标委员会负责人代表委员会提出" in _text(member.get(address))
    assert "必须填写" in _text(chair.post(address, asked))
    assert chair.post(address, asked | {"question": "请说明工期。"})["Location"] == address
    correction = {
        "correct": "1",
        "correction-bid": _seat_of(room, A),
        "correction-question": "请确认。",
        "correction-hours": "2",
        "correction-label_1": "路缘石",
        "correction-quantity_1": "120",
        "correction-unit_price_1": "85.50",
    }
    lacking = chair.post(address, correction)
    assert "请把这一项的名称、数量、单价和总价填写完整" in _text(lacking)
    zero = chair.post(address, correction | {"correction-total_1": "0"})
    assert "报价必须是大于零的金额" in _text(zero)
    assert chair.post(address, correction | {"correction-total_1": "10620.00"}).status_code == 302

    listed = _text(firm.get("/bidding/clarifications/"))
    assert "算术修正确认" in listed
    [first, second] = Request.objects.order_by("asked_at", "id")
    page = _text(firm.get(f"/bidding/clarifications/{second.pk}/"))
    assert "9,599,640.00" in page
    blank = firm.post(f"/bidding/clarifications/{first.pk}/", {"text": ""})
    assert blank.status_code == 422
    assert firm.post(f"/bidding/clarifications/{first.pk}/", {"text": "180日。"}).status_code == 302
    assert firm.post(f"/bidding/clarifications/{second.pk}/", {"accepts": "1"}).status_code == 302
    assert "已书面确认" in _text(chair.get(address))
    rival = browser(person("rival", role=Role.BIDDER, organisation_code="91530100MA6K00099X"))
    assert rival.get(f"/bidding/clarifications/{first.pk}/").status_code == 404


def test_a_member_steps_back_by_page_and_the_clerk_replaces(clock: Any) -> None:
    room = declared()
    address = _room(room, clock)
    member, clerk = browser(room.accounts[4]), _clerk()

    assert member.post(address, {"deed": "avoid", "value": "亲属任职"}).status_code == 302
    assert "您已申请回避" in _text(member.get(address))
    page = f"/cases/{room.case.pk}/form_committee/"
    typed = {
        "seat": "5",
        "cause": "avoidance",
        "note": "成员申请回避",
        "letter_number": "2号",
        "username": "expert1",
    }
    assert "同一账号" in _text(clerk.post(page, typed))
    assert clerk.post(page, typed | {"username": "expert6"})["Location"] == page

    assert Member.objects.get(seat=5, replaced_at=None).state == MemberState.INVITED
    assert "评标前声明" in _text(browser(room.accounts[5]).get(address))
    assert member.get(address).status_code == 404


def test_what_is_missing_is_listed_to_the_chair(clock: Any) -> None:
    room = reviewed()
    address = f"{_room(room, clock)}report/"

    answer = browser(room.accounts[0]).post(address, {"deed": "draw_up"})

    assert answer.status_code == 422
    assert "第 1 席" in _text(answer)
    assert "施工组织设计" in _text(answer)
    assert browser(room.accounts[0]).post(address, {"deed": "nonsense"}).status_code == 404


def test_scores_go_out_only_when_the_matrix_says_so(clock: Any) -> None:
    """A-05: the supervisor after the report, the tenderer once the candidates are public."""
    room = scored()
    supervisor = browser(person("watch", role=Role.SUPERVISOR))
    clerk = _clerk()
    address = f"{_room(room, clock)}export.json"
    assert supervisor.get(address).status_code == 409
    report = actions.draw_up(**room.by(room.chair))
    for member in room.members:
        room.sign(member, report)
    actions.submit(**room.by(room.chair))

    assert clerk.get(address).status_code == 409
    assert supervisor.get(address).json() == report.body
    type(room.case).objects.filter(pk=room.case.pk).update(phase=4, awaits="award")
    assert clerk.get(address).json()["ranking"][0]["bidder"] == A


def test_tasks_and_tab_say_what_is_next_and_no_name(clock: Any) -> None:
    room = sitting()
    room.form()
    clock.at = room.now
    member = room.members[0]

    def titles(who: Any) -> list[str]:
        return [
            task.title for task in tasks_of(who, now=room.now) if task.case_code == room.lot.code
        ]

    assert "声明有无回避情形" in titles(member)
    actions.declare(**room.by(member), avoids=False, reason="")
    assert "推举评标委员会负责人" in titles(member)
    actions.declare(**room.by(room.members[1]), avoids=True, reason="亲属")
    assert "更换评标委员会成员（第 2 席回避）" in titles(CLERK)

    for who in (CLERK, SUPERVISOR):
        panel = panels.evaluation(case=room.case, actor=who, now=room.now)
        assert panel is not None
        assert panel.context["shows_names"] is False
        assert panel.context["stage"] == "5 名成员中 1 名已声明"
    assert panels.evaluation(case=room.case, actor=member, now=room.now) is None
