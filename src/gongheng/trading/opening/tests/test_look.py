"""The opening hall in a real browser, at both widths, with three bids and with fifteen hundred."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.trading.opening import sealed
from gongheng.trading.opening.kinds import LaterStage
from gongheng.trading.opening.tests.support import Hall, HandClock, hall
from gongheng.trading.opening.tests.test_later import decided, first_published, to_end
from gongheng.trading.opening.tests.test_pages import bidder, many, signed_in
from tests.browser import CHROMIUM, session_of, visitor
from tests.cases import CLERK, OFFICER

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


@dataclass
class Eye:
    """Looks at pages of one hall as several people."""

    of: Hall
    url: str
    clock: HandClock

    def at(self, client: Client, name: str, address: str = "") -> None:
        place = f"{self.url}{address or f'/opening/{self.of.case.pk}/'}"
        with visitor(session_of(client, self.url)) as look:
            look.at(place, name=name)


@pytest.fixture
def eye(live_server: Any, tmp_path: Path, settings: Any) -> Eye:
    four = hall(tmp_path, bidders=4)
    settings.GONGHENG_CLOCK = HandClock(four.deadline - timedelta(hours=2))
    return Eye(four, live_server.url, settings.GONGHENG_CLOCK)


def test_the_hall_is_without_fault_until_all_is_decrypted(eye: Eye) -> None:
    four, mine, clerk = eye.of, bidder(eye.of.firms[1]), signed_in(CLERK)
    eye.at(mine, "opening-waiting")
    eye.clock.at = four.deadline + timedelta(minutes=3)
    four.begin()
    eye.at(mine, "opening-decrypt")
    eye.at(clerk, "opening-decision", f"/opening/{four.case.pk}/decision/")
    four.release(*four.firms[:3])
    four.freeze()
    eye.at(clerk, "opening-holders")
    four.share()
    four.decrypt()
    absent = four.entry(four.firms[3])
    eye.at(clerk, "opening-judged")
    eye.at(clerk, "opening-cause", f"/opening/{four.case.pk}/bids/{absent.pk}/cause/")
    eye.at(clerk, "opening-step", f"/cases/{four.case.pk}/open_bids/")


def test_the_hall_is_without_fault_once_prices_are_known(eye: Eye) -> None:
    four, mine, clerk = eye.of, bidder(eye.of.firms[1]), signed_in(CLERK)
    eye.clock.at = four.deadline + timedelta(minutes=36)
    four.to_shown()
    eye.at(mine, "opening-shown")
    for who in four.firms:
        four.answer(who.actor)
    four.answer(CLERK)
    eye.at(clerk, "opening-record-step", f"/cases/{four.case.pk}/publish_opening/")
    four.publish()
    officer = signed_in(OFFICER)
    eye.at(officer, "opening-published")
    eye.at(officer, "opening-statements", f"/opening/{four.case.pk}/holders/")
    many(four, 1500)
    eye.at(mine, "opening-many")


def test_a_lost_file_of_a_later_part_is_tried_again_on_its_page(
    live_server: Any, tmp_path: Path, settings: Any
) -> None:
    two = first_published(tmp_path)
    settings.GONGHENG_CLOCK = HandClock(two.deadline + timedelta(hours=27))
    row = decided(two)
    two.share_later(at=two.deadline + timedelta(hours=25))
    path = sealed.envelope_file(two.entry(two.firms[0]).path)
    away = path.rename(path.with_suffix(".away"))
    to_end(row, two)
    away.rename(path)
    officer, address = signed_in(OFFICER), f"/opening/{two.case.pk}/later/"
    Eye(two, live_server.url, settings.GONGHENG_CLOCK).at(officer, "opening-later-lost", address)
    lost = row.entries.get(entry__bidder_code=two.firms[0].code)

    assert officer.post(address, {"retry": str(lost.pk)}).status_code == 302

    row.refresh_from_db()
    assert row.stage == LaterStage.HOLDERS
    assert "重新解密" not in officer.get(address).content.decode()
