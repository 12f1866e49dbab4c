import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from gongheng.data.records.models import Version
from gongheng.trading.cases import actions as cases
from gongheng.trading.cases.models import Proposal
from gongheng.trading.notices.kinds import DATASET
from gongheng.trading.notices.models import Notice, NoticeDraft
from gongheng.trading.notices.tests.support import case_of, draft_of, publish, to_notice, typed
from gongheng.trading.projects.models import Lot, TenderProject
from gongheng.trading.projects.queries import latest_cases
from gongheng.trading.projects.tests.support import (
    NOW,
    OTHER,
    actor,
    browser,
    lot_of,
    person,
    tender_of,
)
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Outcome, Role
from gongheng.trust.identity.models import Account, AuditEntry
from tests.cases import WORKS
from tests.worlds import once

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@dataclass
class Case:
    clerk: Actor
    browser: Client
    colleague: Actor
    other_browser: Client
    tender: TenderProject
    lot: Lot

    @property
    def form(self) -> str:
        return f"/desk/projects/{self.tender.pk}/notice/"

    def typed(self, **changes: Any) -> dict[str, Any]:
        return typed(self.tender, self.clerk, **changes)


@pytest.fixture
def case() -> Case:
    account, colleague, tender, lot = before_notice()
    return Case(actor(account), browser(account), actor(colleague), browser(colleague), tender, lot)


@once
def before_notice() -> tuple[Account, Account, TenderProject, Lot]:
    """Return two colleagues, and their tender that awaits its notice."""
    cases.adopt(WORKS, now=NOW)
    account, colleague = person("王芳"), person("李娜")
    clerk = actor(account)
    tender = tender_of(clerk)
    lot = lot_of(tender, clerk)
    to_notice(tender, clerk)
    return account, colleague, tender, lot


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def confirm(case: Case, step: str = "publish_notice") -> None:
    """Let the colleague look at what waits, and publish it, by the page."""
    proposal = Proposal.objects.get(step=step, settled_at=None)
    address = f"/cases/proposals/{proposal.pk}/"
    page = _text(case.other_browser.get(address))
    [seen] = re.findall(r'name="seen"[^>]*value="([0-9a-f]+)"', page)
    decided = {"seen": seen, "verdict": "publish", "reason": "已逐项核对，可以公开。"}
    answer = case.other_browser.post(address, decided)
    assert answer.status_code == 302, _text(answer)


def test_the_desk_leads_to_the_step_that_a_lot_awaits(case: Case) -> None:
    """A second lot is not registered yet: its clerk is led there, the centre only told of it."""
    lot_of(case.tender, case.clerk, name="施工三标段")
    [waiting] = [one for one in latest_cases(case.tender) if one.awaits == "register"]
    page = f"/desk/projects/{case.tender.pk}/"

    for address in (page, "/desk/projects/"):
        desk = _text(case.browser.get(address))
        assert f'href="/cases/{waiting.pk}/register/">项目登记' in desk
        assert "待项目登记" in desk
        assert "起草招标公告" not in desk
    office = browser(person("赵强", role=Role.OFFICER))
    seen = _text(office.get("/desk/projects/"))
    assert f'href="/cases/{waiting.pk}/">查看办理进度' in seen


def test_from_desk_to_confirmation_without_scripts(case: Case) -> None:
    desk = _text(case.browser.get(f"/desk/projects/{case.tender.pk}/"))
    assert f'href="{case.form}"' in desk
    assert "起草招标公告" in desk

    blank = _text(case.browser.get(case.form))
    assert "2026-11-02" in blank  # the earliest lawful day, and why
    assert "《招标投标法》第二十四条" in blank
    assert "规则W-06" in blank

    saved = case.browser.post(case.form, {"number": "0", **case.typed()})
    draft = NoticeDraft.objects.get()
    assert saved["Location"] == f"/desk/notices/{draft.pk}/check/"

    check = _text(case.browser.get(saved["Location"]))
    assert "没有发现问题" in check
    assert f'{case.form}#id_bids_due_at"' in check
    assert case.lot.transaction_code in check

    proposed = case.browser.post(f"/desk/notices/{draft.pk}/propose/", {"number": draft.number})
    lot_case = case_of(case.lot)
    assert proposed["Location"] == f"/cases/{lot_case.pk}/"
    assert "公告已提交复核" in _text(case.browser.get(proposed["Location"]))
    assert not Notice.objects.exists()

    confirm(case)
    notice = Notice.objects.get()
    confirmation = _text(case.browser.get(f"/desk/notices/{notice.pk}/"))
    assert notice.reference in confirmation
    assert f"/notices/{notice.version_id}/" in confirmation
    assert f"/cases/{lot_case.pk}/clarify/" in confirmation
    assert notice.title in _text(case.browser.get(f"/desk/projects/{case.tender.pk}/"))


def test_one_wrong_field_loses_nothing(case: Case) -> None:
    data = case.typed(title="龙泉路施工招标公告", bids_due_at="2026-10-20 09:00")

    answer = case.browser.post(case.form, {"number": "0", **data})

    assert answer.status_code == 422
    text = _text(answer)
    assert 'href="#id_bids_due_at"' in text
    assert "龙泉路施工招标公告" in text
    assert 'value="2026-10-20 09:00"' in text
    again = _text(case.browser.get(case.form))
    assert 'value="2026-10-20 09:00"' in again


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bids_due_at": "2026-11-02 24:00"}, "请填次日零点（2026-11-03 00:00）"),
        ({"bids_due_at": "2026-02-30 09:00"}, "日历上没有这个日期或时间"),
        ({"bids_due_at": "下周一"}, "没有看懂这个时间"),
        ({"title": "长" * 650}, "现在是 650 个字符"),
        ({"opening_at": "2026-11-02 10:00"}, "《招标投标法》第三十四条"),
        ({"documents_until": "2026-10-15 17:00"}, "《招标投标法实施条例》第十六条"),
        ({"document_price": "一百元"}, "金额"),
        ({"lots": []}, "请先为招标项目添加标段"),
        ({"tenderer_phone": ""}, "必须填写"),
        ({"title": "标题\x07响铃"}, "控制字符"),
    ],
)
def test_a_wrong_value_is_refused_in_words_with_its_remedy(
    case: Case, changes: dict[str, Any], words: str
) -> None:
    answer = case.browser.post(case.form, {"number": "0", **case.typed(**changes)})

    assert answer.status_code == 422
    assert words in _text(answer)
    assert not Version.objects.filter(dataset=DATASET).exists()


def test_full_width_digits_are_read_and_the_page_says_so(case: Case) -> None:
    data = case.typed(bids_due_at="２０２６－１１－０３ ０９：００", opening_at="2026年11月3日 9时")

    answer = case.browser.post(case.form, {"number": "0", **data}, follow=True)

    assert "全角字符已改为半角：2026-11-03 09:00" in _text(answer)
    assert NoticeDraft.objects.get().values["bids_due_at"] == "2026-11-03 09:00"


def test_script_in_a_title_is_just_text(case: Case) -> None:
    title = "<script>alert(1)</script>招标公告"

    case.browser.post(case.form, {"number": "0", **case.typed(title=title)})
    draft = NoticeDraft.objects.get()
    pages = [
        case.browser.get(case.form),
        case.browser.get(f"/desk/notices/{draft.pk}/check/"),
        case.browser.post(f"/desk/notices/{draft.pk}/propose/", {"number": 1}, follow=True),
        case.other_browser.get(
            f"/cases/proposals/{Proposal.objects.get(step='publish_notice').pk}/"
        ),
    ]
    confirm(case)
    pages.append(case.browser.get(f"/desk/notices/{draft.pk}/"))

    for page in pages:
        assert "<script>alert" not in _text(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;招标公告" in _text(pages[3])
    assert Version.objects.get(dataset=DATASET).body["NOTICE_NAME"] == title


def test_a_title_of_ten_megabytes_is_refused_with_its_length(case: Case) -> None:
    data = case.typed(title="a" * 10_000_000)

    answer = case.browser.post(case.form, {"number": "0", **data})

    assert answer.status_code == 422
    assert "现在是 10000000 个字符" in _text(answer)
    assert "title" not in NoticeDraft.objects.get().values


def test_a_form_sent_twice_gives_one_draft_and_one_proposal(case: Case) -> None:
    data = {"number": "0", **case.typed()}
    first, second = (case.browser.post(case.form, data) for _ in range(2))
    draft = NoticeDraft.objects.get()
    address = f"/desk/notices/{draft.pk}/propose/"
    proposed = [case.browser.post(address, {"number": draft.number}) for _ in range(2)]

    assert first["Location"] == second["Location"]
    assert proposed[0]["Location"] == proposed[1]["Location"]
    assert Proposal.objects.filter(step="publish_notice").count() == 1

    confirm(case)
    late = case.browser.post(address, {"number": draft.number}, follow=True)
    assert "没有重复提交" in _text(late)
    assert Notice.objects.get().reference in _text(late)


def test_the_proposer_alone_cannot_publish_by_page(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    case.browser.post(f"/desk/notices/{draft.pk}/propose/", {"number": draft.number})
    address = f"/cases/proposals/{Proposal.objects.get(step='publish_notice').pk}/"
    page = _text(case.other_browser.get(address))
    [seen] = re.findall(r'name="seen"[^>]*value="([0-9a-f]+)"', page)

    answer = case.browser.post(address, {"seen": seen, "verdict": "publish", "reason": "可以"})

    assert answer.status_code == 409
    assert not Notice.objects.exists()
    assert "正在等待复核" not in _text(case.browser.get(case.form))
    step = case.browser.get(f"/cases/{case_of(case.lot).pk}/publish_notice/")
    assert step["Location"] == address


def test_a_stale_form_shows_both_and_asks_again(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    stale = str(draft.number)
    case.other_browser.post(case.form, {"number": stale, **case.typed(title="李娜的标题")})

    answer = case.browser.post(case.form, {"number": stale, **case.typed(title="王芳的标题")})

    text = _text(answer)
    assert answer.status_code == 409
    assert "李娜修改了这份草稿" in text
    assert "李娜已把“公告标题”保存为：李娜的标题" in text
    assert "王芳的标题</textarea>" in text
    assert 'name="number" value="2"' in text
    assert NoticeDraft.objects.get().values["title"] == "李娜的标题"
    entry = AuditEntry.objects.order_by("id").last()
    assert entry is not None
    assert entry.reason == "notices.stale_draft"

    decided = case.browser.post(case.form, {"number": "2", **case.typed(title="王芳的标题")})
    assert decided.status_code == 302
    assert NoticeDraft.objects.get().values["title"] == "王芳的标题"


def test_what_changed_after_the_check_is_checked_again(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk)
    case.other_browser.post(
        case.form, {"number": str(draft.number), **case.typed(title="改过的标题")}
    )

    answer = case.browser.post(f"/desk/notices/{draft.pk}/propose/", {"number": draft.number})

    assert answer.status_code == 409
    assert "李娜在您核对之后修改了这份草稿" in _text(answer)
    assert "改过的标题" in _text(answer)
    assert not Notice.objects.exists()
    last = AuditEntry.objects.filter(deed="notice.proposed").get()
    assert last.outcome == Outcome.REFUSED


def test_an_unfinished_draft_leads_back_to_its_form(case: Case) -> None:
    later = case.browser.post(
        case.form, {"number": "0", "later": "1", **case.typed(tenderer_email="")}
    )
    draft = NoticeDraft.objects.get()

    assert later["Location"] == f"/desk/projects/{case.tender.pk}/"
    check = case.browser.get(f"/desk/notices/{draft.pk}/check/")
    assert check.status_code == 422
    assert "id_tenderer_email" in _text(check)
    pressed = case.browser.post(f"/desk/notices/{draft.pk}/propose/", {"number": draft.number})
    assert pressed.status_code == 422


@pytest.mark.parametrize("number", ["", "abc", "-1", "９", "1" * 40])
def test_a_forged_version_number_is_a_stale_one(case: Case, number: str) -> None:
    draft = draft_of(case.tender, case.clerk)

    answer = case.browser.post(f"/desk/notices/{draft.pk}/propose/", {"number": number})

    assert answer.status_code == 409
    assert not Notice.objects.exists()


def test_a_clarification_and_an_end_by_page(case: Case) -> None:
    notice = publish(draft_of(case.tender, case.clerk), case.clerk)
    own = f"/cases/{case_of(case.lot).pk}/"
    change = {
        "number": "0",
        "new_text": "雨水管径 800 毫米",
        "reason": "图纸调整",
        "may_affect_bids": "on",
        "documents_until": "2026-10-19 17:00",
        "bids_due_at": "2026-11-09 09:00",
        "opening_at": "2026-11-09 09:00",
    }

    wrong = case.browser.post(f"{own}clarify/", {**change, "bids_due_at": "2026-11-01 09:00"})
    assert wrong.status_code == 422
    assert "已公告的时间不能提前" in _text(wrong)
    assert case.browser.post(f"{own}clarify/", change)["Location"] == own
    assert "/cases/proposals/" in case.browser.post(f"{own}clarify/", change)["Location"]
    confirm(case, "clarify")
    stale = case.browser.post(f"{own}clarify/", change)
    assert stale.status_code == 409
    assert "没有重复变更" in _text(stale)
    assert "2026-11-09 09:00:00" in _text(case.browser.get(f"/desk/notices/{notice.pk}/"))

    assert case.browser.post(f"{own}terminate/", {"statement": ""}).status_code == 422
    ended = case.browser.post(f"{own}terminate/", {"statement": "项目取消", "duties": "退还。"})
    assert ended["Location"] == own
    confirm(case, "terminate")
    assert "公告已终止" in _text(case.browser.get(f"/desk/notices/{notice.pk}/"))


def test_the_page_of_a_late_clarification_says_why_and_proposes_the_earliest_day(
    case: Case, settings: Any
) -> None:
    publish(draft_of(case.tender, case.clerk), case.clerk)
    settings.GONGHENG_CLOCK = Later(NOW + timedelta(days=10))

    page = _text(case.browser.get(f"/cases/{case_of(case.lot).pk}/clarify/"))

    assert "不足法定时间" in page
    assert "《招标投标法实施条例》第二十一条" in page
    assert 'value="2026-11-06 09:00"' in page


@dataclass
class Later:
    moment: datetime

    def now(self) -> datetime:
        return self.moment


def test_the_public_page_leads_to_the_documents_and_to_bidding(case: Case) -> None:
    publish(draft_of(case.tender, case.clerk), case.clerk)
    address, lot = f"/questions/{case.tender.code}/", case_of(case.lot).pk

    for_anybody, for_the_clerk = _text(Client().get(address)), _text(case.browser.get(address))

    assert f'href="/documents/{lot}/"' in for_anybody
    assert f'href="/bidding/{lot}/"' in for_anybody
    assert f'href="/documents/{lot}/"' in for_the_clerk
    assert "/bidding/" not in for_the_clerk


def test_anybody_asks_on_the_public_page_and_reads_the_answers(case: Case) -> None:
    notice = publish(draft_of(case.tender, case.clerk), case.clerk)
    address, visitor = f"/questions/{case.tender.code}/", Client()
    asked = {
        "notice": str(notice.pk),
        "text": "<b>工期</b>是否含冬歇期？",
        "contact": "x@example.cn",
    }

    assert visitor.get(address).status_code == 200
    assert visitor.get("/questions/E5300000000000000000/").status_code == 404
    assert visitor.post(address, {**asked, "text": ""}).status_code == 422
    page = _text(visitor.post(address, asked, follow=True))
    assert "TW-530100-20261012-000001" in page
    assert "冬歇期" not in page

    form = _text(case.browser.get(f"/cases/{case_of(case.lot).pk}/clarify/"))
    assert "&lt;b&gt;工期&lt;/b&gt;是否含冬歇期" in form
    assert "x@example.cn" not in form
    [name] = re.findall(r'name="(answer_[0-9a-f-]+)"', form)
    case.browser.post(
        f"/cases/{case_of(case.lot).pk}/clarify/",
        {
            "number": "0",
            "new_text": "答疑。",
            "reason": "提问",
            "documents_until": "2026-10-19 17:00",
            "bids_due_at": "2026-11-02 09:00",
            "opening_at": "2026-11-02 09:00",
            name: "含冬歇期。",
        },
    )
    confirm(case, "clarify")
    answered = _text(visitor.get(address))
    assert "含冬歇期。" in answered
    assert "x@example.cn" not in answered


def test_strangers_find_nothing_and_officers_may_look(case: Case) -> None:
    notice = publish(draft_of(case.tender, case.clerk), case.clerk)
    stranger = browser(person("张伟", organisation_code=OTHER))
    elsewhere = browser(person("杨洋", region_code="530300"))
    officer = browser(person("赵强", role=Role.OFFICER))

    for who in (stranger, elsewhere):
        assert who.get(case.form).status_code == 404
        assert who.get(f"/desk/notices/{notice.pk}/").status_code == 404
    assert officer.get(f"/desk/notices/{notice.pk}/").status_code == 200
    assert officer.get(case.form).status_code == 403
    assert "澄清或修改" not in _text(officer.get(f"/desk/notices/{notice.pk}/"))


def test_a_precondition_is_doubted_but_a_person_decides(case: Case) -> None:
    draft = draft_of(case.tender, case.clerk, documents_method="报名后发售。")

    check = _text(case.browser.get(f"/desk/notices/{draft.pk}/check/"))
    case.browser.post(f"/desk/notices/{draft.pk}/propose/", {"number": draft.number})

    assert "《电子招标投标办法》第二十条" in check
    assert Proposal.objects.filter(step="publish_notice").count() == 1
