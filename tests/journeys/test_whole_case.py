"""Whole cases of works tenders, walked over HTTP by the people who do it, compared in three databases.

They stand last among the journeys: they move the legal time that all share.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

import pytest

from gongheng.node.rehearsal import once
from gongheng.node.rehearsal.failures import Failures
from gongheng.node.rehearsal.walk import County, Walk
from tests.browser import browser
from tests.journeys.browsing import Clicker
from tests.journeys.watched import MEMORIES, MUCH, Watched, watched
from tests.network import running_network
from tests.nodes import Nodes, clean_environment

pytestmark = pytest.mark.journey

NOT_ALONE = "提交人不能自己复核"
ONLY_LOOKS = "监督人员不办理业务"
ATTENDED = {
    "开标室不能重复预约",
    "见证人员不能提前看投标",
    "见证人员不能主持开标",
    "有人没有签退不能办结见证",
    "见证人员不能评标",
    "定标前不能看评标见证",
}


def walked(nodes: Nodes, walk: str) -> dict[str, Any]:
    """Walk a case to its end and return what the rehearsal told."""
    city = nodes.city
    done = subprocess.run(
        [
            *(sys.executable, "-m", "gongheng.node.rehearsal"),
            *(city.url, str(nodes.state), city.password, walk),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )
    assert done.returncode == 0, done.stderr
    return sound(json.loads(done.stdout))


def sound(told: dict[str, Any]) -> dict[str, Any]:
    """Return what a rehearsal told; everything went as it should."""
    assert told["differences"] == []
    assert told["records"]["city"] == told["records"]["province"] == told["records"]["nation"] > 0
    assert set(told["deliveries"]) <= {"accepted", "repaired"}
    return told


@pytest.fixture(scope="module")
def walk(three_nodes: Nodes) -> Iterator[Watched]:
    """The whole case, with a lowest price that only its bidder can know before the opening."""
    with watched(three_nodes) as walk:
        yield walk


@pytest.fixture(scope="module")
def whole(walk: Watched) -> dict[str, Any]:
    return sound(asdict(once.rehearse(walk)))


def test_a_case_goes_from_registration_to_archive_and_every_figure_agrees(
    whole: dict[str, Any],
) -> None:
    assert len(whole["steps"]) == len(Walk.STEPS)
    assert len(whole["scores"]) == 3
    assert set(whole["refused"]) == {
        NOT_ALONE,
        ONLY_LOOKS,
        "截止后不收投标文件",
        "第二名不能直接中标",
        "合同价款须与中标价一致",
        *ATTENDED,
    }
    assert [room["purpose"] for room in whole["rooms"]] == ["opening", "evaluation"]
    assert {entry["room"] for entry in whole["witnessed"]} == {
        one["room"] for one in whole["rooms"]
    }


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("moment", ["close", "decrypt"])
def test_nothing_of_the_nodes_knows_a_price_before_the_opening(walk: Watched, moment: str) -> None:
    """A-06, E-04: when all bids are in, and when the bidders have released their halves."""
    found = walk.found[moment]

    assert found.places == set()
    assert {place for place, size in found.read.items() if size >= MUCH} >= MEMORIES


@pytest.mark.usefixtures("whole")
def test_the_same_search_finds_the_price_after_the_opening_but_in_no_log(walk: Watched) -> None:
    places = walk.found["evaluate"].places

    assert places >= {"database of 530100", "memory of postgres"}
    assert any(place.startswith("file city/files/") for place in places)
    assert any("/pg_wal/" in place for place in places)
    assert places & {"memory of city web", "memory of city worker"}
    assert not [place for place in places if place.endswith(".log")]


@pytest.mark.full
def test_everybody_looks_at_the_case_in_a_browser(
    three_nodes: Nodes, whole: dict[str, Any]
) -> None:
    case, faults = whole["case"], list[str]()
    bidding, opening, room = (
        case.replace("/cases/", f"/{place}/") for place in ("bidding", "opening", "evaluation")
    )
    seen = {
        "clerk": ("/desk/", case, f"{case}publish_notice/", f"{case}award/", opening),
        "reviewer": ("/desk/", "/cases/", case),
        "officer": ("/desk/", case, opening, case.replace("/cases/", "/deposits/")),
        "bidder1": ("/desk/", "/bidding/", bidding, f"{bidding}contract/", opening),
        "bidder2": ("/bidding/objections/", f"{bidding}result/"),
        "expert1": ("/desk/", "/evaluation/", room),
        "supervisor": ("/desk/", case, f"{case}?tab=disputes", f"{case}hold/"),
        "operator": ("/desk/", "/exchange/"),
        "": ("/", "/lots/", "/openings/"),
    }
    city = three_nodes.city
    for name, addresses in seen.items():
        person = Clicker(city.url, name, browser=browser(), faults=faults)
        if name:
            person.sign_in(city.password)
        for address in addresses:
            person.go(address)
        person.close()

    assert faults == []


@pytest.mark.full
def test_a_county_registers_its_tender_with_the_city_and_publishes_its_notice(
    three_nodes: Nodes,
) -> None:
    told = walked(three_nodes, "county")

    assert len(told["steps"]) == len(County.STEPS)
    assert set(told["refused"]) == {NOT_ALONE, ONLY_LOOKS}


@pytest.mark.full
def test_a_tender_goes_wrong_in_every_way_and_comes_to_a_lawful_end(three_nodes: Nodes) -> None:
    told = walked(three_nodes, "failures")

    assert len(told["steps"]) == len(Failures.STEPS)
    assert set(told["refused"]) == {
        NOT_ALONE,
        ONLY_LOOKS,
        "异议答复前不能澄清",
        "监管暂停期间不能澄清",
        "暂停期间不能澄清",
        "截止前不足十日的异议",
        "截止后不收投标文件",
        "密钥销毁前不能办结退还",
        "第一次失败不能不再招标",
        "保证金不能由他人代交",
        "没有认定原因不能公布开标",
        "确认时间未到不能公布开标记录",
        "异议答复前不能定标",
        "公示期满前不能定标",
        "保证金退还前不能办结终止",
    }


@pytest.fixture(scope="module")
def fresh_nodes() -> Iterator[Nodes]:
    """Nodes at the beginning of their time: after four cases the announced calendar is at its end."""
    with running_network() as network:
        yield network.nodes


@pytest.mark.full
@pytest.mark.parametrize("case", [Walk, Failures, County])
def test_everybody_walks_a_case_in_a_browser(fresh_nodes: Nodes, case: type[Walk]) -> None:
    city, faults = fresh_nodes.city, list[str]()
    opens = partial(Clicker, browser=browser(), faults=faults)
    walk = case(city.url, city.password, fresh_nodes.state, browser=opens)
    walk.run()
    for person in walk.cast.values():
        person.close()

    assert faults == []
    assert len(walk.told) == len(case.STEPS)
