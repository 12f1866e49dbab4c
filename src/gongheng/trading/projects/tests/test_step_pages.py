import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongheng.trading.cases.models import Proposal
from gongheng.trading.projects import queries
from gongheng.trading.projects.models import TenderProject
from gongheng.trading.projects.papers import PAPERS
from gongheng.trading.projects.tests.support import (
    OTHER,
    actor,
    browser,
    lot_of,
    person,
    tender_of,
)
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 approval"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.NODE = replace(settings.NODE, state_dir=tmp_path)


@pytest.fixture
def account() -> Account:
    return person("王芳")


@pytest.fixture
def clerk(account: Account) -> Client:
    return browser(account)


@pytest.fixture
def officer() -> Client:
    return browser(person("赵强", role=Role.OFFICER))


@pytest.fixture
def tender(account: Account) -> TenderProject:
    who = actor(account)
    made = tender_of(who)
    lot_of(made, who)
    lot_of(made, who, name="施工二标段")
    return made


def _address(tender: TenderProject, step: str) -> str:
    return f"/cases/{queries.latest_cases(tender)[0].pk}/{step}/"


def _awaits(tender: TenderProject) -> set[str]:
    return {case.awaits for case in queries.latest_cases(tender)}


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _approval(**changes: Any) -> dict[str, Any]:
    typed = {
        "approval_name": "关于可行性研究报告的批复",
        "approval_number": "昆发改审批〔2026〕88号",
        "approval_authority": "昆明市发展和改革委员会",
        "approval_on": "2026-09-01",
        "upload": SimpleUploadedFile("批复.pdf", PDF),
    }
    return typed | changes


def test_a_tender_goes_from_registration_to_its_published_plan(
    tender: TenderProject, clerk: Client, officer: Client
) -> None:
    page = _text(clerk.get(_address(tender, "register")))
    assert "房屋建筑和市政工程施工（G-01）" in page
    assert "27,000,000.00 元" in page
    assert clerk.post(_address(tender, "register"), _approval()).status_code == 302
    assert _awaits(tender) == {"accept"}

    shown = _text(officer.get(_address(tender, "accept")))
    assert sm3(PDF).hex() in shown
    filing = queries.latest_filing(tender)
    assert filing is not None
    assert b"".join(officer.get(f"/desk/filings/{filing.pk}/file/").streaming_content) == PDF  # type: ignore[attr-defined]
    officer.post(_address(tender, "accept"), {"verdict": "accepted"})
    assert _awaits(tender) == {"publish_plan"}

    plan = {"planned_on": "2026-11-20", "scope": "道路、排水、照明工程施工"}
    assert clerk.post(_address(tender, "publish_plan"), plan).status_code == 302
    proposal = Proposal.objects.order_by("id").first()
    assert proposal is not None
    colleague = browser(person("李娜"))
    review = f"/cases/proposals/{proposal.pk}/"
    seen = colleague.get(review).context["form"]["seen"].value()
    colleague.post(review, {"seen": seen, "verdict": "publish", "reason": "已核对"})

    assert _awaits(tender) == {"review_documents"}
    tab = _text(clerk.get(f"/cases/{queries.latest_cases(tender)[1].pk}/?tab=project"))
    assert "施工二标段" in tab
    assert "计划发布招标公告日期" in tab


def test_a_filing_that_is_wrong_keeps_what_was_typed_and_uploaded(
    tender: TenderProject, clerk: Client
) -> None:
    address = _address(tender, "register")

    wrong = clerk.post(address, _approval(approval_on="2026-09-31"))

    assert wrong.status_code == 422
    assert "请填写日历上有的日期" in _text(wrong)
    assert "已上传审批文件：批复.pdf" in _text(wrong)
    assert _need_of_upload(wrong) == "选填"
    again = {
        **_approval(),
        "upload": "",
        "kept_file": "批复.pdf",
        "kept_digest": sm3(PDF).hex(),
    }
    assert clerk.post(address, again).status_code == 302


def test_the_label_says_whether_a_file_is_needed(
    tender: TenderProject, clerk: Client, officer: Client
) -> None:
    address = _address(tender, "register")
    assert _need_of_upload(clerk.get(address)) == "必填"
    clerk.post(address, _approval())
    corrections = {"verdict": "returned", "corrections": "批准日期与批复不一致"}
    assert officer.post(_address(tender, "accept"), corrections).status_code == 302

    assert _need_of_upload(clerk.get(address)) == "选填"
    PAPERS.path_of(sm3(PDF).hex()).unlink()  # a store that was restored without it
    assert _need_of_upload(clerk.get(address)) == "必填"
    assert "已上传审批文件" not in _text(clerk.get(address))
    assert clerk.post(address, _approval(upload="")).status_code == 422
    assert clerk.post(address, _approval()).status_code == 302


def _need_of_upload(answer: Any) -> str:
    """Return the word beside the label of the file."""
    [need] = re.findall(r'for="id_upload">审批文件<span class="need">（(\w+)）', _text(answer))
    return str(need)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"upload": ""}, "请上传审批文件"),
        ({"upload": "", "kept_digest": "../../etc/passwd"}, "请上传审批文件"),
        ({"upload": SimpleUploadedFile("批复.pdf", b"MZ program")}, "不是允许的文件类型"),
        ({"approval_number": ""}, "必须填写"),
        ({"approval_on": "2026-10-13"}, "批准日期晚于今天"),
    ],
)
def test_a_wrong_filing_is_refused_in_words(
    tender: TenderProject, clerk: Client, changes: dict[str, Any], said: str
) -> None:
    answer = clerk.post(_address(tender, "register"), _approval(**changes))

    assert answer.status_code == 422
    assert said in _text(answer)
    assert _awaits(tender) == {"register"}


def test_what_is_returned_is_told_on_the_clerks_page(
    tender: TenderProject, clerk: Client, officer: Client
) -> None:
    clerk.post(_address(tender, "register"), _approval())
    address = _address(tender, "accept")

    empty = officer.post(address, {"verdict": "returned", "corrections": " "})
    assert "没有写明需要补正的内容" in _text(empty)
    officer.post(address, {"verdict": "returned", "corrections": "补充批复附件\n更正建设地点"})

    page = _text(clerk.get(_address(tender, "register")))
    assert "补充批复附件" in page
    assert "更正建设地点" in page
    assert "已上传审批文件：批复.pdf" in page


def test_lots_are_taken_back_on_their_page(tender: TenderProject, clerk: Client) -> None:
    address = _address(tender, "abandon")
    assert "请至少选择一个标段" in _text(clerk.post(address, {"reason": "资金未落实"}))
    first, second = (case.code for case in queries.latest_cases(tender))

    clerk.post(address, {"lots": [second], "reason": "资金未落实"})

    states = {case.code: case.awaits for case in queries.latest_cases(tender)}
    assert states == {first: "register", second: "abandoned"}


def test_a_page_says_when_its_step_is_not_open(tender: TenderProject, clerk: Client) -> None:
    page = _text(clerk.get(_address(tender, "publish_plan")))
    assert "不能办理本步骤" in page

    answer = clerk.post(
        _address(tender, "publish_plan"), {"planned_on": "2026-11-20", "scope": "道路"}
    )
    assert answer.status_code == 422
    assert "没有等待办理本步骤的标段" in _text(answer)


def test_strangers_find_no_page(tender: TenderProject, clerk: Client) -> None:
    stranger = browser(person("张伟", organisation_code=OTHER))
    for step in ("register", "abandon", "publish_plan", "decide_anew"):
        assert clerk.get(_address(tender, step)).status_code == 200
        assert stranger.get(_address(tender, step)).status_code == 404
    assert clerk.get(_address(tender, "accept")).status_code == 403
