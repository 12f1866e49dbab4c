"""Imported notices on the portal: marked as history, tables kept, gaps said."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.data.imports import actions
from gongheng.data.imports.tests.support import SOURCE, line, write
from gongheng.data.records.models import Current
from gongheng.public.portal.tests.conftest import NOW
from gongheng.public.search.tests.seeding import sign_log
from tests.browser import CHROMIUM, visitor as browser_visitor

pytestmark = pytest.mark.django_db

LONG = "某某县某某镇等五个乡镇农村供水保障、道路硬化、污水处理及人居环境综合整治一体化工程" * 3
HTML = (
    "<h2>一、项目概况</h2><p>某某道路改造，长 1.2 公里。</p><table><tr><td>中标人</td><td>示例建设有限公司</td>"
    "<td>中标价</td><td>人民币 12,865,000.00 元</td><td>工期</td><td>360 日历天</td></tr></table>"
    "<script>watermark()</script><p>电话 13800138000</p>"
)


def _import(tmp_path: Path) -> None:
    candidates = [
        {"order": 1, "name": "甲建设有限公司", "price_raw": "3312590.00", "price_yuan": 3312590},
        {"order": 2, "name": "乙建设有限公司", "price_raw": "下浮率20.50%"},
        {"order": 3, "name": "丙建设有限公司", "price_raw": "未提供"},
    ]
    lines: list[object] = [
        line(1, html=HTML, title=LONG),
        line(2, kind="candidate_publicity", html="", parties={"candidates": candidates}),
        line(3, kind="penalty", trade_type="credit", published_at=None, html="", text="甲\n乙"),
        line(
            4, region_code="530171", amount_raw="设计费27万元，施工费下浮3%", url="javascript:x()"
        ),
        line(5, trade_type="soe_procurement", kind="tender_notice", parties={}, fields={}, html=""),
    ]
    path = write(tmp_path / "a.jsonl", lines)
    list(actions.import_notices(path, stays_here=True, now=NOW))
    sign_log(now=NOW)


def _page(visitor: Client, number: int) -> str:
    current = Current.objects.get(version__body__HISTORY_ID=f"demo-{number:04d}")
    return visitor.get(f"/notices/{current.version_id}/").content.decode()


def test_the_list_marks_history_and_says_when_a_day_is_unknown(
    visitor: Client, tmp_path: Path
) -> None:
    _import(tmp_path)

    page = visitor.get("/notices/").content.decode()

    assert page.count(f"历史导入 · {SOURCE}") == 5
    assert "日期不详" in page
    assert "1970" not in page


def test_a_page_says_where_the_notice_comes_from_and_keeps_its_table(
    visitor: Client, tmp_path: Path
) -> None:
    _import(tmp_path)

    page = _page(visitor, 1)

    assert f"历史导入 · {SOURCE}" in page
    assert "官方原文" in page
    assert "https://example.cn/1.html" in page
    assert "<td>人民币 12,865,000.00 元</td>" in page
    assert "138****8000" in page
    assert "watermark" not in page
    assert "自导入以来未被改动" in page
    assert "1,001.50 元" in page


def test_gaps_and_prices_that_are_no_numbers_are_said(visitor: Client, tmp_path: Path) -> None:
    _import(tmp_path)

    candidates, penalty, local = (_page(visitor, number) for number in (2, 3, 4))

    assert "3,312,590.00 元" in candidates
    assert "下浮率20.50%" in candidates
    assert "未提供" in candidates
    assert "来源未给出发布时间" in penalty
    assert "1970" not in penalty
    assert "设计费27万元，施工费下浮3%" in local
    assert "不在国家标准内" in local
    assert "javascript:" not in local


@pytest.mark.slow
@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium")
def test_imported_notices_are_without_fault(live_server: Any, tmp_path: Path) -> None:
    _import(tmp_path)
    addresses = {
        f"history-{current.version.body['HISTORY_ID']}": f"/notices/{current.version_id}/"
        for current in Current.objects.select_related("version").order_by("id")
    }

    with browser_visitor() as look:
        for name, address in {"history-list": "/notices/", **addresses}.items():
            look.at(live_server.url + address, name=name, status=200)
