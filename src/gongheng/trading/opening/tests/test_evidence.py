"""Evidence in three classes: everybody's, a bidder's own, and all of it for supervision."""

import json
from pathlib import Path
from typing import Any

import pytest

from gongheng.trading.opening import evidence
from gongheng.trading.opening.models import Entry
from gongheng.trading.opening.tests.support import Hall, begun, shown
from gongheng.trading.opening.tests.test_pages import bidder, signed_in
from gongheng.trust.envelope import derivation, evidence as judging
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.derivation import Share
from gongheng.trust.tlog.exact import from_base64
from tests.cases import CLERK, SUPERVISOR
from tests.worlds import once

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(tmp_path: Path) -> Hall:
    return _published(tmp_path)


@once
def _published(folder: Path) -> Hall:
    found = shown(folder)
    for who in found.firms:
        found.answer(who.actor)
    found.answer(CLERK)
    found.publish()
    return found


def entry_of(of: Hall, place: int = 0) -> Entry:
    return of.opening.entries.select_related("opening__case").get(bidder_code=of.firms[place].code)


def cover_in(bid: dict[str, Any]) -> Cover:
    return Cover.judge(from_base64(bid["head"]), from_base64(bid["trailer"]))


def test_a_bidders_bundle_proves_its_own_bid_and_holds_no_other(published: Hall) -> None:
    entry = entry_of(published)

    found = evidence.for_party(published.opening, entry)

    assert found["class"] == "party"
    assert all(
        one.is_right for one in judging.judge(found, now=published.deadline.replace(year=2027))
    )
    bid, cover = found["bid"], cover_in(found["bid"])
    assert cover.digest.hex() == entry.envelope
    assert [receipt["facts"]["envelope"] for receipt in bid["receipts"]] == [entry.envelope]
    assert len(bid["shares"]) == 10
    for given in bid["shares"]:
        part = cover.header.policy.part(given["part"])
        index = part.index_of(given["holder"])
        share = Share(salt=bytes.fromhex(given["salt"]), value=bytes.fromhex(given["value"]))
        right = cover.header.part(part.name).shares[index - 1].digest
        assert derivation.share_digest(cover.header.context(part.name), index, share) == right
    others = {entry_of(published, place).envelope for place in (1, 2)}
    assert not any(other in json.dumps(bid) for other in others)


def test_supervision_gets_every_statement_and_the_halves_of_opened_bids(published: Hall) -> None:
    found = evidence.for_supervision(published.opening)

    assert found["class"] == "supervision"
    assert len(found["bids"]) == 3
    assert len(found["share_statements"]) == 10
    assert len(found["answers"]) == 4
    for bid in found["bids"]:
        cover = cover_in(bid)
        for part, half in bid["halves"].items():
            context = cover.header.context(part)
            digest = derivation.half_digest(context, bytes.fromhex(half))
            assert digest == cover.header.part(part).half_digest
    json.dumps(found)


def test_of_a_bid_that_was_not_opened_no_half_is_told(tmp_path: Path) -> None:
    four = begun(tmp_path, bidders=4)
    four.release(*four.firms[:3])
    four.freeze()
    four.share()
    four.decrypt()

    halves = [bid["halves"] for bid in evidence.for_supervision(four.opening)["bids"]]

    assert [len(one) for one in halves] == [2, 2, 2, 0]


def test_each_gets_the_class_that_is_theirs(published: Hall) -> None:
    place = f"/opening/{published.case.pk}/evidence"
    mine, clerk, supervisor = (
        bidder(published.firms[0]),
        signed_in(CLERK),
        signed_in(SUPERVISOR),
    )

    assert mine.get(f"{place}/own.json").json()["class"] == "party"
    assert supervisor.get(f"{place}/whole.json").json()["class"] == "supervision"
    assert mine.get(f"{place}/whole.json").status_code == 403
    assert clerk.get(f"{place}/whole.json").status_code == 403
    assert clerk.get(f"{place}/own.json").status_code == 404
