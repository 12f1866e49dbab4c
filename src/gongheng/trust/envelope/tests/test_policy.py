"""Which policies are refused, and that only the signed one is taken."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.envelope import padding, reasons, rules
from gongheng.trust.envelope.holders import Announcement, Holder, Side
from gongheng.trust.envelope.policy import (
    DEFAULT_HOLDERS,
    DEFAULT_THRESHOLD,
    Condition,
    Policy,
    SignedPolicy,
)
from gongheng.trust.envelope.sealing import Content, seal
from gongheng.trust.envelope.suites import CHUNK
from gongheng.trust.envelope.tests import world

USUAL = world.holders()
SIX = tuple(world.holder(f"BODY{number}") for number in range(1, 7))


def with_holders(*holders: Holder, threshold: int = 3, **changes: object) -> Policy:
    codes = tuple(holder.code for holder in holders)
    part = world.part(holders=codes, threshold=threshold, **changes)
    return world.policy(holders=holders, parts=(part,))


def test_three_of_five_is_the_default_and_fit() -> None:
    rules.require_fit(world.policy())
    rules.require_fit(with_holders(*SIX, threshold=4))
    rules.require_fit(with_holders(*SIX[:4], threshold=2))
    assert (DEFAULT_THRESHOLD, DEFAULT_HOLDERS) == (3, 5)


SUPERVISOR = world.holder("BODY5", Side.SUPERVISOR)
TENDERER, CENTRE, NODE, NOTARY, RESERVE = USUAL
AGENCY = world.holder("AGENCY", Side.AGENCY)
STOLEN = replace(RESERVE, announcement=replace(RESERVE.announcement, key=CENTRE.announcement.key))
RENAMED = replace(RESERVE, announcement=replace(RESERVE.announcement, name="另一单位"))
OTHER_LOT = replace(RESERVE, announcement=replace(RESERVE.announcement, lot="另一标段"))
UNFIT: dict[str, tuple[Policy, Reason]] = {
    "the supervisor holds a share": (
        with_holders(*USUAL[:4], SUPERVISOR),
        reasons.HOLDER_IS_SUPERVISOR,
    ),
    "one holder suffices": (with_holders(*USUAL, threshold=1), reasons.THRESHOLD_UNFIT),
    "nobody may be absent": (with_holders(*USUAL, threshold=5), reasons.THRESHOLD_UNFIT),
    "only one may be absent": (with_holders(*USUAL, threshold=4), reasons.THRESHOLD_UNFIT),
    "tenderer and agency open": (
        with_holders(TENDERER, AGENCY, CENTRE, NODE, threshold=2),
        reasons.ONE_COMMAND_OPENS,
    ),
    "one chain of command opens": (
        with_holders(
            TENDERER, CENTRE, *(world.holder(f"C{each}", Side.NODE, "CITY") for each in range(3))
        ),
        reasons.ONE_COMMAND_OPENS,
    ),
    "the top of a chain counts with it": (
        with_holders(
            world.holder("CITY", Side.CENTRE),
            NODE,
            NOTARY,
            world.holder("C1", Side.NODE, "CITY"),
            threshold=2,
        ),
        reasons.ONE_COMMAND_OPENS,
    ),
    "deputies count with their body": (
        with_holders(
            CENTRE,
            world.holder("D1", Side.RESERVE, "", "BODY2"),
            world.holder("D2", Side.RESERVE, "", "BODY2"),
            TENDERER,
            NOTARY,
        ),
        reasons.ONE_COMMAND_OPENS,
    ),
    "the agency's deputy counts with the tenderer": (
        with_holders(
            TENDERER, world.holder("D3", Side.RESERVE, "", "AGENCY"), AGENCY, NODE, CENTRE
        ),
        reasons.ONE_COMMAND_OPENS,
    ),
    "a body holds two shares": (with_holders(*USUAL, CENTRE), reasons.HOLDER_TWICE),
    "a key holds two shares": (with_holders(*USUAL[:4], STOLEN), reasons.HOLDER_TWICE),
    "a name is not the endorsed one": (with_holders(*USUAL[:4], RENAMED), reasons.HOLDER_UNPROVEN),
    "a key is for another lot": (with_holders(*USUAL[:4], OTHER_LOT), reasons.HOLDER_UNPROVEN),
    "a holder is not in the policy": (
        world.policy(parts=(world.part(holders=(*world.CODES[:4], "NOBODY")),)),
        reasons.HOLDER_UNPROVEN,
    ),
    "the bidder is left out of compulsory works": (
        with_holders(*USUAL, bidder=False),
        reasons.BIDDER_LEFT_OUT,
    ),
    "it opens before the deadline": (
        with_holders(*USUAL, condition=Condition(world.BEFORE)),
        reasons.CONDITION_TOO_EARLY,
    ),
    "more cosigners are asked than named": (world.policy(quorum=2), reasons.QUORUM_UNFIT),
}


@pytest.mark.parametrize("fault", UNFIT)
def test_an_unfit_policy_is_refused(fault: str, tmp_path: Path) -> None:
    policy, reason = UNFIT[fault]

    with pytest.raises(Refusal) as refusal:
        rules.require_fit(policy)
    assert refusal.value.reason is reason

    (tmp_path / "bid.txt").write_text("bid")
    content = {"bid": Content({"bid.txt": tmp_path / "bid.txt"})}
    with pytest.raises(Refusal) as refusal:
        seal(content, tmp_path / "b", signed=world.signed(policy), key=world.key("alpha"))
    assert refusal.value.reason is reason
    assert not (tmp_path / "b").exists()


def test_the_bidder_may_be_left_out_where_no_law_compels_the_tender() -> None:
    part = world.part(bidder=False)

    rules.require_fit(world.policy(is_compulsory_works=False, parts=(part,)))


def test_a_policy_survives_its_json() -> None:
    parts = (world.part("a"), world.part("b", condition=Condition(world.AFTER, "评标完成")))
    signed = world.signed(world.policy(parts=parts))

    read = SignedPolicy.of_json(json.loads(json.dumps(signed.as_json())))

    assert read == signed
    assert read.policy.digest == signed.policy.digest


def _set(*path: str | int, to: object) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to

    return change


def _copy(source: str, target: str) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        value[target] = value[source]

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_set("policy", "lot", to="另一标段"), reasons.POLICY_FORGED),
        (_set("policy", "parts", 0, "threshold", to=2), reasons.POLICY_FORGED),
        (_set("tenderer_signature", to="00"), reasons.POLICY_FORGED),
        (_copy("tenderer_signature", "centre_signature"), reasons.POLICY_FORGED),
        (_set("policy", "tenderer_key", to="04"), reasons.POLICY_FORGED),
        (_set("policy", "unknown", to=1), reasons.POLICY_UNREADABLE),
        (_set("policy", "v", to=2), reasons.POLICY_UNREADABLE),
        (_set("policy", "suite", to="des"), reasons.POLICY_UNREADABLE),
        (_set("policy", "parts", to=[]), reasons.POLICY_UNREADABLE),
        (_set("policy", "quorum", to=True), reasons.POLICY_UNREADABLE),
        (_set("policy", "deadline", to="2026-11-20T01:00:00+00:00"), reasons.POLICY_UNREADABLE),
        (_set("policy", "deadline", to="2026-11-20T09:00:00"), reasons.POLICY_UNREADABLE),
        (_set("policy", "parts", 0, "name", to="../up"), reasons.POLICY_UNREADABLE),
        (_set("policy", "holders", 0, "side", to="friend"), reasons.POLICY_UNREADABLE),
        (_set("policy", to=None), reasons.POLICY_UNREADABLE),
    ],
)
def test_a_changed_policy_is_refused(change: Callable[[Any], None], reason: Reason) -> None:
    value = copy.deepcopy(world.signed(world.policy()).as_json())
    change(value)

    with pytest.raises(Refusal) as refusal:
        SignedPolicy.of_json(value)

    assert refusal.value.reason is reason


def test_one_side_cannot_sign_for_both() -> None:
    alone = world.policy(centre_key=world.key("tenderer").public.to_hex())
    signed = SignedPolicy.make(alone, tenderer=world.key("tenderer"), centre=world.key("tenderer"))

    with pytest.raises(Refusal) as refusal:
        signed.require_signatures()

    assert refusal.value.reason is reasons.POLICY_FORGED


def test_a_standing_key_is_no_tender_key() -> None:
    made = CENTRE.announcement
    same = replace(made, key=made.signer)

    with pytest.raises(Refusal) as refusal:
        same.require_proven()

    assert refusal.value.reason is reasons.HOLDER_UNPROVEN
    assert Announcement.of_json(made.as_json()) == made
    with pytest.raises(Refusal):
        Announcement.of_json({**made.as_json(), "more": 1})


def test_required_parts_and_the_fingerprint_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "bid.txt").write_text("bid")
    content = Content({"bid.txt": tmp_path / "bid.txt"})
    parts = (world.part("main"), world.part("backup", required=False))

    def refused(given: dict[str, Content], policy: Policy) -> Reason:
        with pytest.raises(Refusal) as refusal:
            seal(given, tmp_path / "b", signed=world.signed(policy), key=world.key("alpha"))
        return refusal.value.reason

    policy = world.policy(parts=parts)
    assert refused({}, policy) is reasons.NOTHING_TO_SEAL
    assert refused({"backup": content}, policy) is reasons.NOTHING_TO_SEAL
    assert refused({"main": content, "more": content}, policy) is reasons.NOTHING_TO_SEAL
    assert refused({"main": Content({})}, policy) is reasons.NOTHING_TO_SEAL
    curious = replace(policy, takes_fingerprint=True)
    assert refused({"main": content}, curious) is reasons.FINGERPRINT_MISSING
    for name in ("../a", "a:b", "CON:", "a ", "x" * 256, "e\u0301"):
        bad = Content({name: tmp_path / "bid.txt"})
        assert refused({"main": bad}, policy) is reasons.NAME_UNFIT
    twice = Content({"A.txt": tmp_path / "bid.txt", "a.TXT": tmp_path / "bid.txt"})
    assert refused({"main": twice}, policy) is reasons.NAME_UNFIT
    nested = Content({"a": tmp_path / "bid.txt", "a/b": tmp_path / "bid.txt"})
    assert refused({"main": nested}, policy) is reasons.NAME_UNFIT
    seal({"main": content}, tmp_path / "b", signed=world.signed(policy), key=world.key("alpha"))
    assert refused({"main": content}, policy) is reasons.PLACE_TAKEN


def test_lengths_tell_little() -> None:
    assert len(padding.LENGTHS) == 32
    assert padding.LENGTHS[-1] == padding.MOST_CHUNKS
    for size in (0, 1, CHUNK, CHUNK + 1, 4 * CHUNK, 9 * CHUNK + 1, 500_000_000):
        padded = padding.chunks_for(size) * CHUNK
        assert 0 <= padded - size < max(CHUNK + 1, size // 4)
    with pytest.raises(ValueError, match="too many"):
        padding.chunks_for(padding.MOST_CHUNKS * CHUNK + 1)


def test_a_holder_s_time_is_kept() -> None:
    assert CENTRE.announcement.made_at == world.DEADLINE - timedelta(days=30)
