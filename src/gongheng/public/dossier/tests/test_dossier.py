"""The page of a case: own, received, imported; with gaps, changes and the flag over the winner."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from gongheng.data.imports import actions as imports
from gongheng.data.imports.tests.support import line, write
from gongheng.data.records import envelopes, queries as records, receiving
from gongheng.data.records.envelopes import digest_of
from gongheng.data.records.models import Current
from gongheng.data.standard import samples
from gongheng.public.dossier.tests.conftest import NOW, StandingClock
from gongheng.public.dossier.tests.seeding import (
    FIRST,
    SECOND,
    THIRD,
    Whole,
    take_history,
)
from gongheng.public.search.tests.seeding import NOTICE, sign_log

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=40)


@pytest.fixture(autouse=True)
def later(clock: StandingClock) -> None:
    clock.at = LATER


def _whole(*, winner: str = FIRST, until: str = "contract") -> Whole:
    case = Whole(7, at=NOW, name="官渡区第三中学教学综合楼")
    case.plan(at=NOW - timedelta(days=40))
    notice = case.announce(opens_in=timedelta(days=25))
    case.correct(
        notice,
        at=NOW + timedelta(days=2),
        TENDERER_ADDRESS="昆明市官渡区示例路2号",
        NOTICE_CONTENT=notice.body["NOTICE_CONTENT"].replace("360 日历天", "420 日历天"),
    )
    case.opened(at=NOW + timedelta(days=25))
    case.listed(FIRST, SECOND, at=NOW + timedelta(days=27))
    case.won_by(winner, at=NOW + timedelta(days=32))
    if until == "contract":
        case.contracted(winner, at=NOW + timedelta(days=36))
    sign_log(now=LATER)
    return case


def _page(visitor: Client, reference: str) -> str:
    answer = visitor.get(f"/dossiers/{reference}/")
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_a_whole_case_stands_on_one_page_without_gaps(visitor: Client) -> None:
    case = _whole()

    page = _page(visitor, case.tender)

    for paper in ("招标计划", "招标公告", "开标记录", "中标候选人公示", "中标结果公告", "施工合同"):
        assert f"{case.name}{paper}" in page
    assert "合同已公开" in page
    assert 'class="gap' not in page
    assert "在候选人名单内" in page
    assert page.count("?notice=") >= 6  # the way to the proofs
    (plan,) = records.acts_of_cases([case.lot], now=LATER)
    assert f"/verify/?notice={plan.pk}" in page
    assert "核验通过" in visitor.get(f"/verify/?notice={plan.pk}").content.decode()


@pytest.mark.parametrize("code", ["lot", "deal", "tender"])
def test_every_code_of_a_case_leads_to_it(visitor: Client, code: str) -> None:
    case = _whole()
    asked = str(getattr(case, code))

    answer = visitor.get("/dossiers/", {"code": f" {asked.lower()}"})

    assert answer.headers["Location"] == f"/dossiers/{case.tender}/"


def test_a_record_page_leads_to_its_case(visitor: Client) -> None:
    case = _whole()
    notice = Current.objects.get(kind="中标结果公告").version_id

    assert f"/dossiers/{notice}/" in visitor.get(f"/notices/{notice}/").content.decode()
    assert f"/dossiers/{notice}/" in visitor.get("/notices/").content.decode()
    answer = visitor.get(f"/dossiers/{notice}/")
    assert answer.headers["Location"] == f"/dossiers/{case.tender}/"


def test_a_missing_contract_names_the_day_and_the_article(visitor: Client) -> None:
    case = _whole(until="award")

    page = _page(visitor, case.tender)

    assert "合同最迟应于2026年12月14日订立" in page  # thirty days after 13 November, a Sunday
    assert "《招标投标法》第四十六条" in page
    assert "未到期" in page


def test_a_winner_on_no_list_is_flagged(visitor: Client) -> None:
    case = _whole(winner=THIRD)

    page = _page(visitor, case.tender)

    assert "中标人不在公示的候选人名单内" in page
    assert "《招标投标法》第四十条" in page


def test_names_are_compared_without_blanks_and_full_width(visitor: Client) -> None:
    case = _whole(winner=" 春城 (云南) 建设有限公司")

    assert "不在公示的候选人名单内" not in _page(visitor, case.tender)


def test_two_versions_are_compared_field_by_field(visitor: Client) -> None:
    page = _page(visitor, _whole().tender)

    assert "改了什么" in page
    assert "<ins>昆明市官渡区示例路2号</ins>" in page
    assert re.search("<del>36</del><ins>42</ins>0 日历天", page)


def test_a_change_is_named_as_its_notice_is(visitor: Client, tmp_path: Path) -> None:
    notice = {"trade_type": "engineering", "fields": {}, "parties": {}, "project_code": "SFX-1"}
    lines: list[object] = [
        line(1, **notice, kind="tender_notice", title="示范桥工程招标公告"),
        line(2, **notice, kind="correction", title="示范桥工程更正公告", published_at="2026-03-18"),
    ]
    path = write(tmp_path / "a.jsonl", lines)
    list(imports.import_notices(path, stays_here=True, now=NOW))
    sign_log(now=LATER)

    page = _page(visitor, "SFX-1")

    after = re.search(r'原公告</a> → <a href="[^"]*">([^<]*)</a>', page)
    assert after
    assert after[1] == Current.objects.get(title="示范桥工程更正公告").kind


def test_history_says_that_the_source_left_papers_out(visitor: Client, tmp_path: Path) -> None:
    take_history(tmp_path, now=LATER)
    sign_log(now=LATER)
    award = Current.objects.get(title__startswith="示例市滨河路", kind="中标结果公告")

    page = _page(visitor, str(award.version_id))

    assert "示例市滨河路人行天桥工程施工中标候选人公示" in page
    assert "另一个示例项目" not in page
    assert "来源未提供" in page
    assert "不表示当时没有公布" in page
    assert "逾期未见" not in page
    assert "合同最迟应于2026年4月15日订立" in page
    assert "不在公示的候选人名单内" in page
    assert "下浮率20.50%" in page


def test_a_case_received_from_below_stands_on_the_same_page(visitor: Client) -> None:
    for dataset in ("PROJECT", "TENDER_PROJECT", "SECTION", NOTICE):
        body = samples.valid(dataset)
        raw = {
            "dataset": dataset,
            "number": 1,
            "operation": "insert",
            "body": body,
            "digest": digest_of(body),
            "published_at": NOW.isoformat(),
        }
        envelope = envelopes.read(raw, origin="530300")
        receiving.receive(envelope, sender="530300", now=NOW, machine_now=NOW)
    sign_log(now=LATER)
    code = Current.objects.get(dataset=NOTICE).case_code

    page = _page(visitor, code)

    assert "（530300）" in page
    assert "本平台尚未收到开标记录" in page
    assert ">招标计划<" not in page  # an act, which is not handed on


def test_an_unknown_code_is_said_and_may_be_asked_again(visitor: Client) -> None:
    for address in (
        "/dossiers/E0000000000000000000/",
        "/dossiers/?code=%00x",
        "/dossiers/x/archive.zip",
    ):
        answer = visitor.get(address)
        assert answer.status_code == 404
        assert "没有找到" in answer.content.decode()
