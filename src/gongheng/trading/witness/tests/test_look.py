"""The pages of witnesses in a real browser, at both widths."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from gongheng.trading.witness import actions
from gongheng.trading.witness.kinds import EntryKind, Sitting
from gongheng.trading.witness.rules import Seen
from gongheng.trading.witness.tests.support import arrival, browser, departure, joined, witness
from tests.browser import CHROMIUM, session_of, visitor
from tests.cases import CLERK, case_at

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def test_every_page_is_without_fault(live_server: Any) -> None:
    walk, who = case_at("evaluate"), witness()
    joined(CLERK)
    settings.GONGHENG_CLOCK.at = walk.now
    record = actions.arrive(
        case_id=walk.case.pk, sitting=Sitting.EVALUATION, actor=who, now=walk.now
    )
    by: dict[str, Any] = {"record_id": record.pk, "actor": who, "now": walk.now}
    actions.write(**by, seen=arrival(walk.now))
    fault = Seen(
        kind=EntryKind.INCIDENT, happened_at=walk.now, words="断电三分钟，评标暂停后继续。"
    )
    actions.write(**by, seen=fault)
    video = Seen(
        kind=EntryKind.VIDEO,
        happened_at=walk.now,
        until=walk.now,
        file_name="501-1.mp4",
        file_digest="ab" * 32,
    )
    actions.write(**by, seen=video)
    address = f"/witness/{record.pk}/"

    def look(name: str, actor: Any, path: str) -> None:
        with visitor(session_of(browser(actor), live_server.url)) as seen:
            seen.at(live_server.url + path, name=name)

    look("witness-list", who, "/witness/")
    look("witness-record", who, address)
    actions.write(**by, seen=departure(walk.now))
    actions.close(**by)
    look("witness-closed", who, address)
    look("witness-panel", CLERK, f"/cases/{walk.case.pk}/?tab=witness")
