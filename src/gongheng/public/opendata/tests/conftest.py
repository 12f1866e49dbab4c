from dataclasses import dataclass
from datetime import timedelta

import pytest

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.standard import samples
from gongheng.public.search.tests.conftest import NOW, StandingClock, clock, visitor
from gongheng.public.search.tests.seeding import Case, sign_log

__all__ = ["NOW", "StandingClock", "clock", "visitor"]


@dataclass(frozen=True)
class World:
    """Two cases with notices and acts, of which some are for everybody; the log is signed."""

    tender: str
    notice: str
    older: str
    kept: dict[str, str]
    """Records that are not for everybody, or not yet, by why."""


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001  it asks for the database
    earlier = Case(2, region="532901", at=NOW - timedelta(days=2), name="大理古城消防改造")
    case = Case(3, at=NOW - timedelta(hours=1), name="五华区老旧小区改造")
    case.at += timedelta(minutes=10)  # so that the notice alone is the newest record of its case
    older, notice = earlier.announce(), case.announce()
    earlier.took_part(1)
    for audience in (Audience.PUBLIC, Audience.SUPERVISION):
        for _ in range(2):
            records.act(
                case_code=case.tender,
                kind=f"demo.{audience}",
                actor_code="12530100MB1A000014",
                facts={"document": "示例文号1号"},
                audience=audience,
                now=NOW,
                region_code="530111",
            )
    kept = {
        "supervision": _project(1, Audience.SUPERVISION),
        "parties": _project(2, Audience.PARTIES),
        "not yet": str(case.announce("以后公开的公告", not_before=NOW + timedelta(days=1)).pk),
    }
    sign_log(now=NOW)
    return World(case.tender, str(notice.pk), str(older.pk), kept)


def _project(number: int, audience: Audience) -> str:
    body = samples.valid("PROJECT", PROJECT_CODE=f"E53011100019{number:05d}")
    return str(records.publish(dataset="PROJECT", body=body, audience=audience, now=NOW).pk)
