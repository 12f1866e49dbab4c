"""The evidence of an opening is judged off line; whatever was added, dropped or changed shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope import evidence
from gongheng.trust.envelope.closing import Closing
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.tests import world

Bundle = dict[str, Any]
NOW = world.AFTER + timedelta(hours=1)
POLICY, CLOSING, LIST = "开启规则", "投标截止声明", "已解密投标人清单"
SIGNED, CONSISTENT = "开标记录由交易中心签名", "开标记录与截止声明、清单一致"


@pytest.fixture(scope="module")
def bids(tmp_path_factory: pytest.TempPathFactory) -> world.Bids:
    made = world.bids(tmp_path_factory.mktemp("bids"))
    for bidder in ("alpha", "beta", "gamma"):
        made.add(bidder, {"bid": {"p": b"1"}})
    return made


@pytest.fixture(scope="module")
def closing(bids: world.Bids) -> Closing:
    return bids.close()


@pytest.fixture(scope="module")
def frozen(bids: world.Bids, closing: Closing) -> FrozenList:
    return bids.freeze(closing, ["alpha", "beta"])


@pytest.fixture
def bundle(bids: world.Bids, closing: Closing, frozen: FrozenList) -> Bundle:
    listed = {digest.hex() for digest in frozen.envelopes}
    record = {
        "closing": closing.digest.hex(),
        "lists": {"bid": frozen.digest.hex()},
        "bids": [
            {
                "envelope": digest.hex(),
                "state": "opened" if digest.hex() in listed else "absent",
            }
            for digest in closing.envelopes
        ],
    }
    return resigned(
        {
            "format": evidence.FORMAT,
            "policy": world.signed(bids.policy).as_json(),
            "closing": closing.as_json(),
            "lists": [frozen.as_json()],
            "record": record,
        }
    )


def resigned(bundle: Bundle, who: str = "centre") -> Bundle:
    """Return a bundle whose record is signed as it stands: a centre that lies."""
    signature = sign(evidence.RECORD_LABEL, bundle["record"], world.key(who)).signature
    return bundle | {"record_signature": signature.hex()}


def wrong(bundle: object, **given: Any) -> list[str]:
    """Return the names of what did not come out right."""
    found = evidence.judge(bundle, now=given.pop("now", NOW), **given)
    return [one.name.partition("（")[0] for one in found if not one.is_right]


def test_a_right_bundle_is_right_in_every_point(bundle: Bundle) -> None:
    assert wrong(bundle, key=world.key("centre").public) == []
    assert len(evidence.judge(bundle, key=world.key("centre").public, now=NOW)) == 6


def test_another_platforms_key_shows(bundle: Bundle) -> None:
    assert wrong(bundle, key=world.key("stranger").public) == ["交易中心的公钥即平台公布的公钥"]


def test_what_is_signed_by_another_shows(bundle: Bundle) -> None:
    assert wrong(resigned(bundle, "stranger")) == [SIGNED]
    assert wrong(bundle | {"record_signature": "zz"}) == [SIGNED]
    assert wrong(bundle | {"record": bundle["record"] | {"bids": []}}) == [SIGNED, CONSISTENT]


CHANGES: dict[str, Callable[[Bundle], Any]] = {
    "a bid dropped": lambda record: record["bids"].pop(),
    "a bid added": lambda record: record["bids"].append({"envelope": "ab" * 32, "state": "absent"}),
    "a bid twice": lambda record: record["bids"].append(record["bids"][0]),
    "no bid at all": lambda record: record["bids"].append("alpha"),
    "an absent bid opened": lambda record: [row.update(state="opened") for row in record["bids"]],
    "another list": lambda record: record["lists"].update(bid="00" * 32),
    "a list too many": lambda record: record["lists"].update(price="00" * 32),
    "another closing": lambda record: record.update(closing="00" * 32),
    "no bids": lambda record: record.pop("bids"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_record_that_the_centre_signed_but_that_lies_shows(bundle: Bundle, change: str) -> None:
    CHANGES[change](bundle["record"])

    assert wrong(resigned(bundle)) == [CONSISTENT]


def test_a_closing_or_list_that_does_not_hold_shows(
    bundle: Bundle, bids: world.Bids, closing: Closing
) -> None:
    stranger = FrozenList.make(closing, "bid", [], key=world.key("stranger"), now=world.AFTER)

    assert LIST in wrong(bundle | {"lists": [stranger.as_json()]})
    assert wrong(bundle, now=world.BEFORE)[0] == CLOSING
    bare = Closing.make(
        bids.policy,
        closing.envelopes,
        key=world.key("centre"),
        opening_key=world.key("opening").public,
        now=world.DEADLINE,
    )
    assert CLOSING in wrong(bundle | {"closing": bare.as_json()})


@pytest.mark.parametrize("value", [None, [], "text", {}, {"format": "another"}])
def test_what_is_no_bundle_is_told_so(value: object) -> None:
    assert wrong(value) == ["文件格式"]


@pytest.mark.parametrize("missing", ["policy", "closing"])
def test_a_bundle_without_its_parts_is_told_so(bundle: Bundle, missing: str) -> None:
    del bundle[missing]

    assert wrong(bundle) == ["文件内容"]
    assert wrong(bundle | {"lists": 3}) == ["文件内容"]


def test_the_latest_instant_is_that_of_the_last_list(bundle: Bundle, frozen: FrozenList) -> None:
    assert evidence.latest_instant(bundle) == frozen.frozen_at
    assert evidence.latest_instant({}).year == 1
    assert evidence.latest_instant(bundle | {"lists": []}) < frozen.frozen_at
