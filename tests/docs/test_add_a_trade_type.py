"""The how-to page is followed to the letter: its file alone makes a new trade type."""

import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from importlib import invalidate_caches
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from gongheng import procedures
from gongheng.data.records.models import Current
from gongheng.data.standard import samples
from gongheng.kernel.clock import FileClock
from gongheng.kernel.reasons import Refusal
from gongheng.node.demo import holders, people, subjects, venues
from gongheng.node.preparation import adopt_procedures
from gongheng.procedures.tests.support import NOW, advance_usually, agreeing, begun, open_accounts
from gongheng.trading.bids.models import Bid
from gongheng.trading.cases import drawing, guards, queries, reasons, standing, table
from gongheng.trading.cases.checking import check
from gongheng.trading.cases.declaration import Procedure
from tests.browser import CHROMIUM
from tests.docs.invitation import INVITED, InvitedWalk, ToTheBids
from tests.docs.pages import trade_type

House = Callable[[type[InvitedWalk]], InvitedWalk]
ON = date(2026, 10, 12)


@pytest.fixture
def procedure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Procedure]:
    """Write the page's file into a folder of its own, and let it be found beside the others."""
    name, text = trade_type()
    (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(procedures, "__path__", [*procedures.__path__, str(tmp_path)])
    invalidate_caches()
    new = name.removesuffix(".py")

    yield {one.code: one for one in procedures.all_procedures()}[new]

    standing.declaration.cache_clear()
    sys.modules.pop(f"{procedures.__name__}.{new}")
    vars(procedures).pop(new)


def test_the_new_file_is_found_checked_and_drawn(procedure: Procedure) -> None:
    faults = check(procedure, on=ON)
    picture = ET.fromstring(drawing.draw(procedure))  # noqa: S314  our own text
    words = table.as_table(procedure, on=ON)

    assert (procedure.code, procedure.title) == ("works_invited", "工程建设项目邀请招标")
    assert faults == []
    ids = {element.get("id") for element in picture.iter()}
    assert {f"works_invited-step-{step.code}" for step in procedure.steps} <= ids
    assert "发出投标邀请书" in words
    assert "邀请招标的被邀请人不少于3个（《招标投标法》第十七条）" in words


@pytest.mark.django_db
def test_a_case_of_the_new_type_runs_to_its_end(
    procedure: Procedure, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_accounts()
    monkeypatch.setattr(guards, "_provided", agreeing(procedure))
    walk = begun(procedure)
    walk.stated = {"invited": 2}
    while walk.case.awaits != "publish_notice":
        advance_usually(walk)

    with pytest.raises(Refusal) as refusal, transaction.atomic():
        advance_usually(walk)
    walk.stated = {"invited": 3}
    while not walk.case.is_over:
        advance_usually(walk)

    assert refusal.value.reason is reasons.COUNT_UNLAWFUL
    assert refusal.value.facts["rule"] == "W-02"
    assert walk.case.awaits == "concluded"
    assert walk.case.version.code == "works_invited"


@pytest.fixture
def house(procedure: Procedure, live_server: Any, settings: Any, tmp_path: Path) -> Iterator[House]:
    """Open a city with the people of the demonstration, whose legal time can be moved."""
    assert procedure.code == "works_invited"
    state = tmp_path / "state"
    state.mkdir()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.GONGHENG_CLOCK = clock = FileClock(state / "clock.json")
    clock.begin()
    settings.NODE = replace(settings.NODE, state_dir=state, peers=(), url=live_server.url)
    adopt_procedures()
    people.load(now=NOW, conducts_trades=True)
    subjects.load(settings.NODE)
    holders.load(settings.NODE)
    venues.load(now=NOW)
    walks: list[InvitedWalk] = []

    def walk(sort: type[InvitedWalk]) -> InvitedWalk:
        walks.append(sort(live_server.url, people.PASSWORD, state))
        walks[-1].run()
        return walks[-1]

    yield walk

    for visitor in [visitor for each in walks for visitor in each.cast.values()]:
        visitor.close()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_only_the_invited_hear_of_the_tender_and_bid(house: House) -> None:
    walk = house(ToTheBids)

    case = queries.case_of(walk.lot_code)
    assert case is not None
    assert case.awaits == "close_bids"
    assert case.version.code == "works_invited"
    assert not Current.objects.filter(dataset="TENDER_INVITATION").exists()
    assert set(Bid.objects.values_list("bidder_code", flat=True)) == {
        samples.firm(firm) for firm, _, _ in INVITED.values()
    }
    if Path(CHROMIUM).exists():
        walk.look("clerk", walk.at("invitees"), "invitees")
        walk.look("bidder1", walk.letter, "invitation-letter")


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_its_journey_goes_from_registration_to_contract_through_pages(house: House) -> None:
    walk = house(InvitedWalk)

    case = queries.case_of(walk.lot_code)
    assert case is not None
    assert (case.awaits, case.version.code) == ("concluded", "works_invited")
    assert set(walk.refusals) > {"没有认定的情形不受理", "截止后不收投标文件"}
    opened = Current.objects.filter(dataset="TENDER_INVITATION", audience="public")
    assert {row.version.body["BIDDER_NAME"] for row in opened} == {
        name for _, name, _ in INVITED.values()
    }
    modes = Current.objects.filter(dataset="TENDER_PROJECT").values_list("version__body", flat=True)
    assert [body["TENDER_MODE"] for body in modes] == ["2"]
