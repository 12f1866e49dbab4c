"""How a trade goes is told to everybody, as it is really done here."""

from datetime import timedelta
from html import escape

import pytest
from django.test import Client

from gongheng.trading.cases import actions
from tests.engine import NOW, WORKS, changed

pytestmark = pytest.mark.django_db


def told(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_everybody_reads_how_a_tender_goes() -> None:
    actions.adopt(WORKS, now=NOW)

    listed, page = told("/procedures/"), told("/procedures/works_open/")

    assert '/procedures/works_open/"' in listed
    assert WORKS.title in listed
    assert "<svg" in page
    assert "main here" not in page
    for step in WORKS.steps:
        assert escape(step.label) in page
    assert "<li>中标候选人公示期不少于3日" in page
    assert "第 1 版" in page


def test_the_guide_says_how_deposits_go_back_and_how_to_object() -> None:
    actions.adopt(WORKS, now=NOW)

    page = told("/procedures/works_open/")

    for sentence in (
        "投标保证金占招标项目估算价的比例不超过2%（《招标投标法实施条例》第二十六条）",
        "自合同签订至退还投标保证金及利息的时间不超过5日（《招标投标法实施条例》第五十七条）",
        "自知道或者应当知道之日起投诉的时间不超过10日（《招标投标法实施条例》第六十条）",
    ):
        assert sentence in page
    for dispute in WORKS.disputes:
        assert dispute.label in page


def test_an_amended_procedure_is_shown_as_it_is_now() -> None:
    actions.adopt(WORKS, now=NOW)
    actions.adopt(changed(WORKS, "accept", label="受理审查"), now=NOW + timedelta(days=1))

    page = told("/procedures/works_open/")

    assert "受理审查" in page
    assert "第 2 版" in page
    assert told("/procedures/").count("/procedures/works_open/") == 1


def test_a_platform_without_trades_says_so() -> None:
    assert "本平台不办理交易" in told("/procedures/")
    assert Client().get("/procedures/works_open/").status_code == 404
