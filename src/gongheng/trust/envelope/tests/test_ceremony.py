"""The two phases: nobody gives anything away before it is due, nor for a list that was tampered with."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.envelope import bidder_release, reasons, recovery, share_release
from gongheng.trust.envelope.bidder_release import BidderRelease
from gongheng.trust.envelope.closing import Closing, root_of
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.policy import Condition
from gongheng.trust.envelope.recombination import recombine
from gongheng.trust.envelope.share_release import ShareStatement
from gongheng.trust.envelope.tests import world

EVENT = "商务标开启"


@pytest.fixture(scope="module")
def bids(tmp_path_factory: pytest.TempPathFactory) -> world.Bids:
    parts = (
        world.part("technical"),
        world.part("price", condition=Condition(world.AFTER, EVENT)),
    )
    made = world.bids(tmp_path_factory.mktemp("bids"), parts=parts)
    for bidder in ("alpha", "beta", "gamma"):
        made.add(bidder, {"technical": {"t": b"how"}, "price": {"p": b"1"}})
    return made


@pytest.fixture(scope="module")
def closing(bids: world.Bids) -> Closing:
    return bids.close()


@pytest.fixture(scope="module")
def frozen(bids: world.Bids, closing: Closing) -> FrozenList:
    return bids.freeze(closing, ["alpha", "beta"], "technical")


def reason_of(deed: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as refusal:
        deed()
    return refusal.value.reason


def shares(
    bids: world.Bids,
    closing: Closing,
    frozen: FrozenList,
    *,
    now: datetime = world.AFTER,
    key: str = "BODY1",
    without: Iterable[str] = (),
) -> ShareStatement:
    covers = [each.cover for name, each in bids.sealed.items() if name not in without]
    return share_release.release(
        covers, key=world.key(key), policy=bids.policy, closing=closing, frozen=frozen, now=now
    )


def test_shares_are_released_for_the_listed_envelopes_only(
    bids: world.Bids, closing: Closing, frozen: FrozenList
) -> None:
    statement = shares(bids, closing, frozen, without=["gamma"])

    assert set(statement.shares) == {bids.cover(name).digest for name in ("alpha", "beta")}
    assert statement.unusable == ()
    assert statement.require_valid(bids.policy, frozen).code == "BODY1"


def test_nothing_is_released_before_the_deadline_on_the_holders_own_clock(
    bids: world.Bids, closing: Closing, frozen: FrozenList
) -> None:
    early = lambda: shares(bids, closing, frozen, now=world.BEFORE)  # noqa: E731
    assert reason_of(early) is reasons.NOT_YET
    assert reason_of(lambda: shares(bids, closing, frozen, now=world.DEADLINE)) is reasons.NOT_YET
    release = lambda now: bidder_release.release(  # noqa: E731
        bids.cover("alpha"),
        "technical",
        seed=bids.sealed["alpha"].seed,
        key=world.key("alpha"),
        closing=closing,
        now=now,
    )
    assert reason_of(lambda: release(world.BEFORE)) is reasons.NOT_YET
    assert release(world.DEADLINE).part == "technical"
    make = lambda: Closing.make(  # noqa: E731
        bids.policy,
        [],
        key=world.key("centre"),
        opening_key=world.key("o").public,
        now=world.BEFORE,
    )
    assert reason_of(make) is reasons.NOT_YET


def test_a_closing_signed_early_is_refused_however_late_it_is(
    bids: world.Bids, closing: Closing
) -> None:
    early = replace(bids.policy, deadline=world.DEADLINE - timedelta(hours=1))
    made = Closing.make(
        early,
        closing.envelopes,
        key=world.key("centre"),
        opening_key=world.key("opening").public,
        now=early.deadline,
    )
    assert reason_of(lambda: made.require_valid(bids.policy, now=world.AFTER)) is (
        reasons.CLOSING_INVALID
    )


def closing_faults(closing: Closing) -> dict[str, Closing]:
    envelopes = closing.envelopes
    return {
        "one envelope fewer": replace(closing, envelopes=envelopes[1:]),
        "one envelope more": replace(closing, envelopes=tuple(sorted((*envelopes, bytes(32))))),
        "another opening key": replace(closing, opening_key=world.key("x").public.to_hex()),
        "another policy": replace(closing, policy=bytes(32)),
        "another lot": replace(closing, lot="x"),
        "no signature": replace(closing, signature=b""),
        "no cosigner": replace(closing, cosignatures={}),
        "a stranger cosigns": replace(closing, cosignatures={}).cosigned(world.key("x")),
        "a cosignature of another": replace(
            closing,
            cosignatures={world.key("cosigner").public.to_hex(): closing.signature},
        ),
    }


def test_a_closing_that_was_touched_moves_no_holder_and_no_bidder(
    bids: world.Bids, closing: Closing, frozen: FrozenList
) -> None:
    for fault, touched in closing_faults(closing).items():
        again = replace(frozen, closing=touched.digest)
        assert reason_of(lambda: shares(bids, touched, again)) is reasons.CLOSING_INVALID, fault  # noqa: B023  called at once
        assert reason_of(lambda: bids.release("alpha", touched, "technical")) is (  # noqa: B023  called at once
            reasons.CLOSING_INVALID
        ), fault


def test_a_list_that_was_touched_moves_no_holder(
    bids: world.Bids, closing: Closing, frozen: FrozenList
) -> None:
    stranger = bids.close([bytes(32)])
    touched = {
        "one more": replace(frozen, envelopes=tuple(closing.envelopes)),
        "unsigned": replace(frozen, signature=b""),
        "signed by another": FrozenList.make(
            closing, "technical", frozen.envelopes, key=world.key("tenderer"), now=world.AFTER
        ),
        "not in the closing": FrozenList.make(
            closing, "technical", [bytes(32)], key=world.key("centre"), now=world.AFTER
        ),
        "another closing": replace(frozen, closing=stranger.digest),
        "no such part": FrozenList.make(
            closing, "other", frozen.envelopes, key=world.key("centre"), now=world.AFTER
        ),
        "an event that is not asked": FrozenList.make(
            closing,
            "technical",
            frozen.envelopes,
            key=world.key("centre"),
            now=world.AFTER,
            event=EVENT,
        ),
    }
    for fault, each in touched.items():
        assert reason_of(lambda: shares(bids, closing, each)) is reasons.LIST_INVALID, fault  # noqa: B023  called at once
    early = FrozenList.make(
        closing, "technical", frozen.envelopes, key=world.key("centre"), now=world.BEFORE
    )
    assert reason_of(lambda: shares(bids, closing, early)) is reasons.NOT_YET
    missing = lambda: shares(bids, closing, frozen, without=["alpha"])  # noqa: E731
    assert reason_of(missing) is reasons.COVER_MISSING
    assert reason_of(lambda: shares(bids, closing, frozen, key="stranger")) is reasons.NOT_A_HOLDER


def test_a_part_that_waits_for_a_decision_needs_the_tenderers_signature(
    bids: world.Bids, closing: Closing
) -> None:
    def made(event: str = EVENT, now: datetime = world.AFTER) -> FrozenList:
        digests = [bids.cover("alpha").digest]
        return FrozenList.make(
            closing, "price", digests, key=world.key("centre"), now=now, event=event
        )

    tenderer = world.key("tenderer")
    assert shares(bids, closing, made().decided(tenderer)).part == "price"
    assert reason_of(lambda: shares(bids, closing, made())) is reasons.LIST_INVALID
    assert reason_of(lambda: shares(bids, closing, made().decided(world.key("centre")))) is (
        reasons.LIST_INVALID
    )
    assert reason_of(lambda: shares(bids, closing, made("").decided(tenderer))) is (
        reasons.LIST_INVALID
    )
    early = made(now=world.AFTER - timedelta(seconds=1)).decided(tenderer)
    assert reason_of(lambda: shares(bids, closing, early)) is reasons.NOT_YET


def test_a_release_is_taken_from_its_bidder_for_its_envelope_only(
    bids: world.Bids, closing: Closing
) -> None:
    given_by_alpha = bids.release("alpha", closing, "technical")
    forged = replace(given_by_alpha, half=bids.release("beta", closing, "technical").half)
    cases = {
        "another envelope": (given_by_alpha, "beta", closing, "opening"),
        "another half": (forged, "alpha", closing, "opening"),
        "another part": (replace(given_by_alpha, part="price"), "alpha", closing, "opening"),
        "no such part": (replace(given_by_alpha, part="other"), "alpha", closing, "opening"),
        "another closing": (given_by_alpha, "alpha", bids.close([bytes(32)]), "opening"),
        "another opening key": (given_by_alpha, "alpha", closing, "beta"),
    }
    for fault, (release, bidder, end, opener) in cases.items():
        take = lambda: bidder_release.take_half(  # noqa: E731
            release,  # noqa: B023  called at once
            bids.cover(bidder),  # noqa: B023  called at once
            closing=end,  # noqa: B023  called at once
            opening_key=world.key(opener),  # noqa: B023  called at once
        )
        assert reason_of(take) is reasons.RELEASE_INVALID, fault


def test_only_the_bidder_releases_and_only_what_was_closed(
    bids: world.Bids, closing: Closing
) -> None:
    def release(seed: bytes, key: str, end: Closing) -> BidderRelease:
        return bidder_release.release(
            bids.cover("alpha"),
            "technical",
            seed=seed,
            key=world.key(key),
            closing=end,
            now=world.AFTER,
        )

    seed = bids.sealed["alpha"].seed
    without = Closing.make(
        bids.policy,
        [bids.cover("beta").digest],
        key=world.key("centre"),
        opening_key=world.key("opening").public,
        now=world.DEADLINE,
    ).cosigned(world.key("cosigner"))
    assert reason_of(lambda: release(seed, "beta", closing)) is reasons.NOT_THE_BIDDER
    assert reason_of(lambda: release(bytes(32), "alpha", closing)) is reasons.NOT_THE_BIDDER
    assert reason_of(lambda: release(seed, "alpha", without)) is reasons.NOT_IN_CLOSING
    cover = bids.cover("alpha")
    assert bidder_release.seed_of(cover, world.key("alpha")) == seed
    assert reason_of(lambda: bidder_release.seed_of(cover, world.key("beta"))) is (
        reasons.NOT_THE_BIDDER
    )


def test_a_bid_that_is_not_on_the_list_stays_closed(
    bids: world.Bids, closing: Closing, frozen: FrozenList
) -> None:
    statements = bids.shares(closing, frozen)
    half = bids.half("gamma", closing, "technical")

    with pytest.raises(Refusal) as refusal:
        recombine(bids.cover("gamma"), frozen, half, statements)

    assert refusal.value.reason is reasons.TOO_FEW_SHARES


def test_every_statement_survives_its_json_and_no_other_spelling(
    bids: world.Bids, closing: Closing, frozen: FrozenList
) -> None:
    release = bids.release("alpha", closing, "technical")
    statement = shares(bids, closing, frozen)
    made: list[tuple[Any, Any]] = [
        (Closing, closing),
        (FrozenList, frozen),
        (BidderRelease, release),
        (ShareStatement, statement),
    ]
    for kind, each in made:
        assert kind.of_json(each.as_json()) == each
        value = each.as_json()
        for broken in (
            None,
            {},
            {**value, "more": 1},
            {**value, "signature": "XX"},
            {**value, "statement": {**value["statement"], "v": 2}},
            {**value, "statement": {**value["statement"], "lot": 7}},
        ):
            with pytest.raises(Refusal):
                kind.of_json(broken)
    wrong_count = closing.as_json()
    wrong_count["statement"] = {**closing.statement(), "count": 9}
    assert reason_of(lambda: Closing.of_json(wrong_count)) is reasons.CLOSING_INVALID


@given(st.sets(st.binary(min_size=32, max_size=32), max_size=20), st.randoms())
def test_the_root_does_not_depend_on_the_order_of_arrival(digests: set[bytes], chance: Any) -> None:
    order = list(digests)
    chance.shuffle(order)

    assert root_of(order) == root_of(digests)
    if digests:
        assert root_of(order[1:]) != root_of(order)


@given(st.binary(min_size=32, max_size=32))
def test_a_recovery_code_gives_the_seed_back_however_it_is_typed(seed: bytes) -> None:
    code = recovery.code_of(seed)

    assert len(code.split("-")) == recovery.GROUPS
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("0", "O") + "\n"):
        assert recovery.seed_of(typed) == seed


@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.integers(1, 31))
def test_a_mistyped_recovery_code_is_noticed(seed: bytes, at: int, by: int) -> None:
    letters = list(recovery.code_of(seed).replace("-", ""))
    letters[at] = recovery.ALPHABET[(recovery.ALPHABET.index(letters[at]) + by) % 32]

    for wrong in ("".join(letters), "".join(letters[:-1]), ""):
        assert reason_of(lambda: recovery.seed_of(wrong)) is reasons.RECOVERY_CODE_WRONG  # noqa: B023  called at once


def test_with_a_lost_key_the_recovery_code_releases_and_the_half_proves_itself(
    bids: world.Bids, closing: Closing
) -> None:
    code = recovery.code_of(bids.sealed["alpha"].seed)
    cover = bids.cover("alpha")

    def release(seed: bytes) -> BidderRelease:
        return bidder_release.release(
            cover, "technical", seed=seed, key=None, closing=closing, now=world.AFTER
        )

    unsigned = release(recovery.seed_of(code))
    taken = bidder_release.take_half(
        unsigned, cover, closing=closing, opening_key=world.key("opening")
    )

    assert unsigned.signature == b""
    assert taken == bids.half("alpha", closing, "technical")
    assert reason_of(lambda: release(bytes(32))) is reasons.NOT_THE_BIDDER


def test_a_statement_for_another_list_is_not_taken(
    bids: world.Bids, closing: Closing, frozen: FrozenList
) -> None:
    statement = shares(bids, closing, frozen)
    other = bids.freeze(closing, ["alpha"], "technical")

    assert reason_of(lambda: statement.require_valid(bids.policy, other)) is (
        reasons.STATEMENT_INVALID
    )
    nobody = replace(statement, holder="NOBODY")
    assert reason_of(lambda: nobody.require_valid(bids.policy, frozen)) is (
        reasons.STATEMENT_INVALID
    )
