"""Tender plans in the portal: a line for each plan, a page for each line (B-01)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.kernel.identifiers import uuid7
from gongheng.web.clock import legal_now

pytestmark = pytest.mark.django_db
LOT = "E5301000001000001001001"


def _plan(title: str, plan: UUID, lot: str = LOT, **changes: Any) -> UUID:
    facts = {
        "plan": str(plan),
        "planned_on": "2026-11-20",
        "title": title,
        "facts": [["招标内容", "道路工程"], ["计划发布招标公告日期", "2026-11-20"]],
    }
    given: dict[str, Any] = {"audience": Audience.PUBLIC, "now": legal_now() - timedelta(hours=1)}
    act = records.act(
        case_code=lot,
        kind="tender_plan.published",
        actor_code="12530100MB1X000028",
        facts=facts,
        region_code="530100",
        **(given | changes),
    )
    return act.pk


def test_a_plan_of_two_lots_is_one_line_and_has_a_page(client: Client) -> None:
    plan = uuid7()
    first = _plan("龙泉路施工招标计划", plan)
    second = _plan("龙泉路施工招标计划", plan, lot=f"{LOT[:-1]}2")

    listed = client.get("/plans/").content.decode()
    page = client.get(f"/plans/{first}/").content.decode()

    assert listed.count("龙泉路施工招标计划") == 1
    assert "计划 2026-11-20 发布招标公告" in listed
    assert "道路工程" in page
    assert client.get(f"/plans/{second}/").status_code == 404


def test_a_plan_that_is_not_public_yet_is_not_shown(client: Client) -> None:
    hidden = [
        _plan("监督可见", uuid7(), audience=Audience.SUPERVISION),
        _plan("尚未公开", uuid7(), not_before=legal_now() + timedelta(days=1)),
    ]

    assert "共 0 个招标计划" in client.get("/plans/").content.decode()
    assert {client.get(f"/plans/{each}/").status_code for each in hidden} == {404}
