import html
import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from gongheng.data.records import actions
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.models import Version
from gongheng.data.standard import samples
from gongheng.public.portal.tests.conftest import NOW
from gongheng.public.search.tests.seeding import NOTICE, Case, sign_log

pytestmark = pytest.mark.django_db

LONG = "寻甸回族彝族自治县功山镇、六哨乡农村饮水安全巩固提升工程" * 5 + "招标公告"


@pytest.fixture
def case() -> Case:
    return Case(7, at=NOW - timedelta(days=1), name="官渡区第三中学教学综合楼")


def test_a_page_shows_labels_and_words_never_codes(visitor: Client, case: Case) -> None:
    notice = case.announce()

    text = visitor.get(f"/notices/{notice.pk}/").content.decode()

    assert "招标人名称" in text
    assert "正常公告" in text
    assert case.deal in text
    assert "TENDERER_NAME" not in text
    assert "2026-11-10 09:00:00" in text  # the opening, thirty days after
    assert 'name="ArticleTitle" content="官渡区第三中学教学综合楼招标公告"' in text


def test_a_notice_leads_to_its_documents_and_questions_where_its_tender_is_run(
    visitor: Client, case: Case
) -> None:
    notice = case.announce()
    address = f'href="/questions/{notice.case_code}/"'

    assert address in visitor.get(f"/notices/{notice.pk}/").content.decode()
    Version.objects.filter(pk=notice.pk).update(origin="530300")
    assert address not in visitor.get(f"/notices/{notice.pk}/").content.decode()


def test_a_lot_shows_its_estimate_with_separators_and_unit(visitor: Client, case: Case) -> None:
    case.announce()
    address = re.findall(r"/notices/[0-9a-f-]{36}/", visitor.get("/lots/").content.decode())[0]

    text = visitor.get(address).content.decode()

    assert re.search(r"标段合同估算价</dt><dd>[\d,]+\.\d\d 元</dd>", text)
    assert "价单位" not in text


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>招标公告",
        '"><img src=x onerror=alert(1)>招标公告',
        "{{ site.name }}{% now %}招标公告",
        "\u202e告公标招\u202c招标公告",
        "ＡＢＣ１２３（二标段）招标公告",
        LONG,
    ],
    ids=["script", "attribute", "template", "right to left", "full width", "long"],
)
def test_a_hostile_title_is_text_on_every_page(visitor: Client, case: Case, title: str) -> None:
    notice = case.announce(title)

    for address in ("/", "/notices/", "/openings/", f"/notices/{notice.pk}/"):
        text = visitor.get(address).content.decode()
        assert "<script" not in text
        assert "<img" not in text
    assert html.escape(title) in visitor.get(f"/notices/{notice.pk}/").content.decode()


def test_hostile_content_is_shown_as_plain_paragraphs(visitor: Client, case: Case) -> None:
    content = "<p>第一段</p><script>alert(1)</script><p onclick=x>第二段&lt;b&gt;</p>" + "长" * 100

    notice = case.announce(NOTICE_CONTENT=content)

    text = visitor.get(f"/notices/{notice.pk}/").content.decode()
    assert "<p>第一段" in text
    assert "alert(1)" not in text
    assert "onclick" not in text
    assert "第二段&lt;b&gt;" in text


def test_a_corrected_notice_leads_to_the_version_in_force(visitor: Client, case: Case) -> None:
    first = case.announce()
    body = first.body | {"NOTICE_NAME": first.body["NOTICE_NAME"], "OTHER_CONTENT": "更正"}
    second = actions.publish(
        dataset=NOTICE,
        body=body,
        audience=Audience.PUBLIC,
        now=NOW,
        operation=Operation.UPDATE,
        case_code=case.tender,
    )

    old = visitor.get(f"/notices/{first.pk}/").content.decode()
    new = visitor.get(f"/notices/{second.pk}/").content.decode()

    assert "这是历史版本" in old
    assert f"/notices/{second.pk}/" in old
    assert "这是历史版本" not in new
    assert "第 2 版" in new
    assert str(first.pk) not in visitor.get("/notices/").content.decode()


def test_a_withdrawn_notice_leaves_the_list_and_keeps_its_page(visitor: Client, case: Case) -> None:
    notice = case.announce()
    actions.withdraw(dataset=NOTICE, key=notice.key, now=NOW)

    assert "已撤销" in visitor.get(f"/notices/{notice.pk}/").content.decode()
    assert str(notice.pk) not in visitor.get("/notices/").content.decode()


@pytest.mark.parametrize("audience", [Audience.GOVERNMENT, Audience.SUPERVISION, Audience.PARTIES])
def test_what_is_not_public_is_nowhere(visitor: Client, audience: Audience) -> None:
    version = actions.publish(
        dataset="PROJECT", body=samples.valid("PROJECT"), audience=audience, now=NOW
    )

    assert visitor.get(f"/notices/{version.pk}/").status_code == 404
    assert visitor.get(f"/notices/{version.pk}/proof.json").status_code == 404


def test_a_notice_before_its_time_is_nowhere(visitor: Client, clock: object) -> None:
    version = actions.publish(
        dataset="PROJECT",
        body=samples.valid("PROJECT"),
        audience=Audience.PUBLIC,
        now=NOW,
        not_before=NOW + timedelta(seconds=1),
    )

    assert visitor.get(f"/notices/{version.pk}/").status_code == 404
    clock.pass_by(seconds=1)  # type: ignore[attr-defined]
    assert visitor.get(f"/notices/{version.pk}/").status_code == 200


def test_a_proof_is_promised_until_the_checkpoint_and_then_holds(
    visitor: Client, case: Case
) -> None:
    notice = case.announce()
    address = f"/notices/{notice.pk}/"
    assert "证明生成中" in visitor.get(address).content.decode()
    assert visitor.get(f"{address}proof.json").status_code == 404

    sign_log(now=NOW)

    assert "自发布以来未被改动" in visitor.get(address).content.decode()
    answer = visitor.get(f"{address}proof.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content)["record"]["id"] == str(notice.pk)
    checked = visitor.get("/verify/", {"notice": str(notice.pk)}).content.decode()
    assert "核验通过" in checked
    assert "不符" not in checked
