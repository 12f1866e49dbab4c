import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from gongheng.registers.holds import actions as holds
from gongheng.registers.holds.kinds import HoldKind
from gongheng.trading.documents import actions, queries
from gongheng.trading.documents.models import TenderDocument
from gongheng.trading.documents.papers import PAPERS
from gongheng.trading.documents.tests.support import issued
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.models import Account, AuditEntry, Grant
from gongheng.web.tests import pdfs
from tests.cases import (
    BIDDER,
    CLERK,
    COLLEAGUE,
    NOW,
    OFFICER,
    Walk,
    case_at,
    person,
    walk_to,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class SetClock:
    """A legal clock that stands where it was put."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock(settings: Any) -> SetClock:
    settings.GONGHENG_CLOCK = SetClock()
    made: SetClock = settings.GONGHENG_CLOCK
    return made


@pytest.fixture
def walk(clock: SetClock) -> Walk:
    made = case_at("review_documents")
    for who in (CLERK, COLLEAGUE, OFFICER, BIDDER):
        _grant(who)
    clock.at = made.now
    return made


def _grant(who: Actor) -> None:
    for role in who.roles:
        Grant.objects.create(
            region_code=who.region_code,
            account_id=who.account_id,
            role=role,
            starts_at=NOW.replace(month=1),
        )


def _browser(who: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=who.account_id))
    return client


def _text(answer: Any) -> str:
    return str(answer.content.decode())


def _values(page: Any, name: str = "form") -> dict[str, str]:
    """Return what a browser would send back of a form that was shown."""
    form = page.context[name]
    found = {}
    for field in form:
        value = field.value()
        if value is not None and value is not False:
            found[field.html_name] = str(field.field.prepare_value(value))
    return found


def _line_values(page: Any) -> dict[str, str]:
    lines = page.context["lines"]
    found = {
        f"criteria-{name}": str(value) for name, value in lines.management_form.initial.items()
    }
    for line in lines:
        for field in line:
            value = field.value()
            if value is not None and value is not False:
                found[field.html_name] = str(field.field.prepare_value(value))
    return found | _values(page)


def test_documents_are_written_and_reviewed_on_their_pages(walk: Walk) -> None:
    clerk, colleague = _browser(CLERK), _browser(COLLEAGUE)
    desk = f"/cases/{walk.case.pk}/review_documents/"
    assert "用标准模板编制" in _text(clerk.get(desk))
    clerk.post(f"/cases/{walk.case.pk}/documents/begin/")

    basics = f"/cases/{walk.case.pk}/documents/basics/"
    page = clerk.get(basics)
    assert "本标段最高 270,000.00 元" in _text(page)
    saved = clerk.post(basics, _values(page) | {"duration_days": "200"})
    assert saved.status_code == 302
    draft = queries.draft_of(walk.case)
    assert draft is not None
    assert draft.duration_days == 200

    papers = f"/cases/{walk.case.pk}/documents/files/"
    clerk.post(papers, {"upload": SimpleUploadedFile("清单.pdf", b"%PDF-1.7 list")})
    shown = _text(clerk.get(desk))
    assert "清单.pdf" in shown
    assert "未能读出文字，须人工逐页审查（已损坏或者不合格式）" in shown
    listed = pdfs.written("清单", "编制人电话：13800138000")
    clerk.post(papers, {"upload": SimpleUploadedFile("清单.pdf", listed)})
    shown = _text(clerk.get(desk))
    assert "附件中发现 1 处个人信息" in shown
    assert "13800138000" not in shown
    assert "编制人不能审查自己编制的内容" in shown

    form = _values(colleague.get(desk)) | {"conclusion": "passed", "reasons": "逐条核对无限制"}
    assert colleague.post(desk, form)["Location"] == f"/cases/{walk.case.pk}/"
    assert walk.fresh().awaits == "publish_notice"
    tab = _text(clerk.get(f"/cases/{walk.case.pk}/?tab=documents"))
    assert "未发现排除、限制竞争的内容" in tab


def test_criteria_are_added_changed_and_left_out(walk: Walk) -> None:
    clerk = _browser(CLERK)
    actions.begin(case_id=walk.case.pk, actor=CLERK, now=NOW)
    address = f"/cases/{walk.case.pk}/documents/criteria/"
    page = clerk.get(address)
    values = _line_values(page)
    forms = list(page.context["lines"])
    technical = [one for one in forms if one["group"].value() == "technical"]
    values[technical[0]["points"].html_name] = "7.5"
    values[technical[-1]["title"].html_name] = "智慧工地"
    values[technical[-1]["points"].html_name] = "２．５"
    form_lines = [one for one in forms if one["group"].value() == "form"]
    values[form_lines[0]["title"].html_name] = ""

    assert clerk.post(address, values).status_code == 302

    draft = queries.draft_of(walk.case)
    assert draft is not None
    titles = list(draft.criteria.values_list("title", flat=True))
    assert "智慧工地" in titles
    assert "投标人名称" not in titles
    assert draft.criteria.get(title="智慧工地").number == 6


@pytest.mark.parametrize("typed", ["0", "-3", "101", "7.555", "十分", "NaN"])
def test_a_wrong_mark_is_refused_at_its_field(walk: Walk, typed: str) -> None:
    clerk = _browser(CLERK)
    actions.begin(case_id=walk.case.pk, actor=CLERK, now=NOW)
    address = f"/cases/{walk.case.pk}/documents/criteria/"
    page = clerk.get(address)
    line = next(one for one in page.context["lines"] if one["group"].value() == "technical")

    answer = clerk.post(address, _line_values(page) | {line["points"].html_name: typed})

    assert answer.status_code == 422
    assert f'href="#{line["points"].auto_id}"' in _text(answer)
    assert f'value="{typed}"' in _text(answer)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bond_amount": "270,000.01"}, "投标保证金超过法定限额"),
        ({"validity_days": "0"}, "至少 1 天"),
        ({"scope": ""}, "必须填写"),
        ({"ceiling": "-1"}, "不能是负数"),
        ({"adjustment_0": "交付延误", "unit_0": "", "percent_0": "0.5"}, "请填写计量单位"),
        ({"adjustment_0": "交付延误", "unit_0": "周", "percent_0": "x"}, "百分数"),
        ({"revision": "0"}, "同单位的经办人修改了招标文件草稿"),
    ],
)
def test_wrong_basics_are_refused_and_kept_on_the_page(
    walk: Walk, changes: dict[str, str], said: str
) -> None:
    clerk = _browser(CLERK)
    actions.begin(case_id=walk.case.pk, actor=CLERK, now=NOW)
    address = f"/cases/{walk.case.pk}/documents/basics/"

    answer = clerk.post(address, _values(clerk.get(address)) | {"quality": "优良工程"} | changes)

    assert answer.status_code == 422
    assert said in _text(answer)
    assert "优良工程" in _text(answer)


def test_a_restriction_is_shown_to_the_reviewer_and_kept_with_the_review(walk: Walk) -> None:
    draft = actions.begin(case_id=walk.case.pk, actor=CLERK, now=NOW)
    TenderDocument.objects.filter(pk=draft.pk).update(requirements="国有企业优先。")
    colleague = _browser(COLLEAGUE)
    desk = f"/cases/{walk.case.pk}/review_documents/"
    page = colleague.get(desk)
    assert "“国有企业优先”" in _text(page)
    assert "第三十二条第二款第（六）项" in _text(page)

    said = {"conclusion": "failed", "reasons": "限制所有制形式，应当删除"}
    colleague.post(desk, _values(page) | said)

    review = queries.latest_review(walk.case)
    assert review is not None
    assert review.findings[0]["phrase"] == "国有企业优先"
    assert walk.fresh().awaits == "review_documents"


@pytest.fixture
def public(walk: Walk) -> TenderDocument:
    """Return issued documents, one hour before they are had."""
    walk_to(walk, "publish_notice")
    draft = issued(walk.case, now=NOW, by=CLERK, reviewer=COLLEAGUE)
    walk_to(walk, "close_bids")
    return draft


def _open(walk: Walk, clock: SetClock) -> str:
    clock.at = walk.now + timedelta(hours=2)
    return f"/documents/{walk.case.pk}/"


def test_anybody_reads_and_downloads_and_nobody_is_noted(
    walk: Walk, clock: SetClock, public: TenderDocument
) -> None:
    """W-13, A-01: nothing is asked of who downloads, and nothing kept."""
    address = _open(walk, clock)
    entries = AuditEntry.objects.count()

    for client in (Client(), _browser(BIDDER), _browser(CLERK)):
        page = client.get(address)
        assert public.digest in _text(page)
        assert "施工方案与技术措施" in _text(page)
        whole = client.get(f"{address}1.json")
        assert sm3(whole.content).hex() == public.digest
        assert json.loads(whole.content)["basics"]["validity_days"] == 90
    assert AuditEntry.objects.count() == entries
    assert walk.case.steps.filter(step="download_documents").count() == 0


def test_before_and_after_their_hours_documents_are_not_had(
    walk: Walk, clock: SetClock, public: TenderDocument
) -> None:
    address = _open(walk, clock)
    hours = queries.hours_of(walk.case)
    assert hours is not None
    moment = timedelta(microseconds=1)

    clock.at = hours.begins_at - moment
    assert Client().get(address).status_code == 404
    assert Client().get(f"{address}1.json").status_code == 404
    clock.at = hours.begins_at
    assert Client().get(f"{address}1.json").status_code == 200
    clock.at = hours.ends_at
    assert "现在不能获取招标文件" in _text(Client().get(address))
    assert Client().get(f"{address}1.json").status_code != 200
    assert public.digest in _text(Client().get(address))


def test_a_suspended_lot_gives_no_documents(
    walk: Walk, clock: SetClock, public: TenderDocument
) -> None:
    address = _open(walk, clock)
    holds.place(
        code=walk.case.code,
        document="暂停〔2026〕1号",
        kind=HoldKind.OUTAGE,
        cause="系统故障",
        placed_by_code=OFFICER.organisation_code,
        now=clock.at,
    )

    for client in (Client(), _browser(BIDDER)):
        assert "现在不能获取招标文件" in _text(client.get(address))
        assert client.get(f"{address}1.json").status_code != 200
    assert public.is_issued


def test_an_attachment_is_given_only_under_its_version(
    walk: Walk, clock: SetClock, public: TenderDocument
) -> None:
    kept = PAPERS.keep([b"%PDF-1.7 list"], name="清单.pdf")
    public.attachments.create(
        region_code=public.region_code,
        name="清单.pdf",
        media_type=kept.media_type,
        size=kept.size,
        digest=kept.digest,
    )
    address = _open(walk, clock)

    given = Client().get(f"{address}1/{kept.digest}/")

    assert b"".join(given.streaming_content) == b"%PDF-1.7 list"  # type: ignore[attr-defined]
    assert given["Content-Type"] == "application/pdf"
    assert Client().get(f"{address}1/{'0' * 64}/").status_code == 404
    assert Client().get(f"{address}2/{kept.digest}/").status_code == 404


def test_an_amendment_is_shown_beside_what_it_replaces(
    walk: Walk, clock: SetClock, public: TenderDocument
) -> None:
    address = _open(walk, clock)
    clerk = _browser(CLERK)
    clerk.post(f"/cases/{walk.case.pk}/documents/begin/")
    basics = f"/cases/{walk.case.pk}/documents/basics/"
    clerk.post(basics, _values(clerk.get(basics)) | {"duration_days": "210"})
    draft = f"/cases/{walk.case.pk}/documents/draft/"
    assert "<ins>210</ins>" in _text(clerk.get(draft)).replace("<p>", "").replace("</p>", "")
    actions.amend(case_code=walk.case.code, clarification="工期延长。", now=clock.at)

    page = _text(Client().get(address))

    assert "第 2 版的变更" in page
    assert "工期延长。" in page
    assert "<del>" in page
    hours = queries.hours_of(walk.case)
    assert hours is not None
    clock.at = hours.ends_at  # who missed the first version still gets the changed one
    assert Client().get(f"{address}2.json").status_code == 200
    assert public.digest == queries.versions_of(walk.case).get(number=1).digest


def test_strangers_reach_no_page_of_the_editor(walk: Walk) -> None:
    actions.begin(case_id=walk.case.pk, actor=CLERK, now=NOW)
    stranger = person("chen", "clerk", organisation="91530100MA6K00001X")
    Account.objects.create(
        pk=stranger.account_id,
        region_code=stranger.region_code,
        username="chen",
        display_name="chen",
        organisation_code=stranger.organisation_code,
    )
    _grant(stranger)
    pages = ("review_documents", "documents/basics", "documents/criteria", "documents/draft")

    for page in pages:
        address = f"/cases/{walk.case.pk}/{page}/"
        assert _browser(CLERK).get(address).status_code == 200
        assert _browser(stranger).get(address).status_code == 404
        assert _browser(BIDDER).get(address).status_code == 403
    assert _browser(OFFICER).get(f"/cases/{walk.case.pk}/documents/draft/").status_code == 200
