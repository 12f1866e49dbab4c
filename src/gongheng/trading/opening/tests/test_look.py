"""The opening hall in a real browser, at both widths, with three bids and with fifteen hundred."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client

from gongheng.trading.opening.tests.support import HandClock, hall
from gongheng.trading.opening.tests.test_pages import bidder, many, signed_in
from tests.browser import CHROMIUM, visitor
from tests.cases import CLERK, OFFICER

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
PICTURES = Path(os.environ["GONGHENG_PAGES"]) if "GONGHENG_PAGES" in os.environ else None


def session(client: Client, address: str) -> dict[str, Any]:
    name = django_settings.SESSION_COOKIE_NAME
    cookie = {
        "name": name,
        "value": client.cookies[name].value,
        "domain": urlsplit(address).hostname,
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }
    return {"cookies": [cookie], "origins": []}


def test_the_hall_is_without_fault_at_every_stage(
    live_server: Any, tmp_path: Path, settings: Any
) -> None:
    four = hall(tmp_path, bidders=4)
    clock = HandClock(four.deadline - timedelta(hours=2))
    settings.GONGHENG_CLOCK = clock
    mine, clerk, officer = bidder(four.firms[1]), signed_in(CLERK), signed_in(OFFICER)
    place = f"{live_server.url}/opening/{four.case.pk}/"

    def look(client: Client, name: str, address: str = place) -> None:
        with visitor(session(client, live_server.url)) as eye:
            eye.at(address, name=name, folder=PICTURES)

    look(mine, "opening-waiting")
    clock.at = four.deadline + timedelta(minutes=3)
    four.begin()
    look(mine, "opening-decrypt")
    look(clerk, "opening-decision", f"{place}decision/")
    four.release(*four.firms[:3])
    four.freeze()
    look(clerk, "opening-holders")
    four.share()
    four.decrypt()
    absent = four.entry(four.firms[3])
    look(clerk, "opening-judged")
    look(clerk, "opening-cause", f"{place}bids/{absent.pk}/cause/")
    four.judge()
    look(clerk, "opening-step", f"{live_server.url}/cases/{four.case.pk}/open_bids/")
    four.make_known()
    clock.at = four.deadline + timedelta(minutes=36)
    look(mine, "opening-shown")
    for who in four.firms:
        four.answer(who.actor)
    four.answer(CLERK)
    step = f"{live_server.url}/cases/{four.case.pk}/publish_opening/"
    look(clerk, "opening-record-step", step)
    four.publish()
    look(officer, "opening-published")
    many(four, 1500)
    look(mine, "opening-many")
