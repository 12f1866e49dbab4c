"""The demonstration's centre has rooms, and its tenders ahead have booked them, once."""

from typing import Any

import pytest

from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.node.demo import people, venues
from gongheng.registers.venues.models import Booking, Room
from tests.cases import lot_case, open_accounts


@pytest.mark.django_db
def test_rooms_are_entered_and_booked_for_the_openings_ahead(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    people.load(now=DEMO_STARTS_AT, conducts_trades=True)
    open_accounts()
    lot_case("close_bids")

    venues.load(now=DEMO_STARTS_AT)
    venues.load(now=DEMO_STARTS_AT)

    assert Room.objects.count() == len(venues.ROOMS)
    assert set(Booking.objects.values_list("purpose", flat=True)) == {"opening", "evaluation"}
    assert Booking.objects.count() == 2
