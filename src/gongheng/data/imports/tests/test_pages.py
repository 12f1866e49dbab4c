from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.data.imports.tests.support import NOW, SOURCE, line, take, write
from gongheng.trust.identity import actions as identity
from gongheng.trust.identity.kinds import Role
from tests.browser import CHROMIUM, session_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(settings: Any, tmp_path: Path) -> Client:
    """An operator's browser, with one file imported."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    account = identity.create_account(
        username="imports-operator",
        password="Daoru-2026-mima",
        display_name="运维员",
        organisation_code="12530100MB1X000028",
        organisation_name="某市公共资源交易中心",
        region_code="530100",
        roles=[Role.OPERATOR],
        now=NOW,
    )
    lines: list[object] = [
        line(1, amount_raw="0元 人民币", published_at="1901-01-02"),
        line(1),
        line(2, parties={"winner": "<b>地 址</b>"}),
        b"{",
    ]
    take(write(tmp_path / "a.jsonl", lines))
    client = Client()
    client.force_login(account)
    return client


def test_the_page_lists_sources_and_says_what_is_wrong(operator: Client) -> None:
    overview = operator.get("/imports/").content.decode()
    one = operator.get("/imports/", {"source": SOURCE}).content.decode()
    none = operator.get("/imports/", {"source": ""}).content.decode()

    assert SOURCE in overview
    assert "（无法确认来源的行）" in overview
    assert "金额为零" in one
    assert "0元 人民币" in one
    assert "1901-01-02" in one
    assert "<b>地 址</b>" not in one
    assert "第 2 行" in one
    assert "不是一条公告" in none
    assert operator.get("/imports/", {"source": "无"}).status_code == 404


@pytest.mark.slow
@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium")
def test_the_page_is_without_fault(operator: Client, live_server: Any) -> None:
    with visitor(session_of(operator, live_server.url)) as look:
        for name, address in {"imports": "", "imports-source": f"?source={SOURCE}"}.items():
            look.at(f"{live_server.url}/imports/{address}", name=name)
