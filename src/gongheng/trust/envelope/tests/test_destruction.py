"""A key is destroyed on the centre's order only, and the statement binds body, key and policy (Q-08)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.envelope import destruction
from gongheng.trust.envelope.destruction import Cause, Destruction, Order
from gongheng.trust.envelope.policy import Policy
from gongheng.trust.envelope.tests import world

INSTANT = timedelta(microseconds=1)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return world.policy()


def reason_of(deed: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as refusal:
        deed()
    return refusal.value.reason


def order(policy: Policy, **changes: Any) -> Order:
    given = {"cause": Cause.NEVER_OPENED, "key": world.key("centre"), "now": world.AFTER} | changes
    return Order.make(policy, **given)


def statement(policy: Policy, code: str = "BODY1", **changes: Any) -> Destruction:
    given = {
        "code": code,
        "key": world.key(code),
        "standing": world.key(f"standing {code}"),
        "now": world.AFTER,
    }
    return Destruction.make(order(policy), **(given | changes))


def test_an_order_is_good_from_the_deadline_on_and_survives_the_wire(policy: Policy) -> None:
    again = Order.of_json(order(policy).as_json())

    again.require_valid(policy, now=world.AFTER)

    assert again.statement() == order(policy).statement()
    early = order(policy, now=world.DEADLINE - INSTANT)
    assert reason_of(lambda: early.require_valid(policy, now=world.AFTER)) is (
        destruction.ORDER_INVALID
    )
    order(policy, now=world.DEADLINE).require_valid(policy, now=world.DEADLINE)
    assert reason_of(lambda: again.require_valid(policy, now=world.DEADLINE - INSTANT)) is (
        destruction.ORDER_INVALID
    )


@pytest.mark.parametrize("who", ["tenderer", "BODY1", "stranger"])
def test_nobody_but_the_centre_orders(policy: Policy, who: str) -> None:
    forged = order(policy, key=world.key(who))

    assert reason_of(lambda: forged.require_valid(policy, now=world.AFTER)) is (
        destruction.ORDER_INVALID
    )


def test_an_order_for_another_tender_destroys_nothing_here(policy: Policy) -> None:
    other = world.policy(lot=policy.lot, takes_fingerprint=True)

    assert reason_of(lambda: order(other).require_valid(policy, now=world.AFTER)) is (
        destruction.ORDER_INVALID
    )


@pytest.mark.parametrize(
    "changes", [{"cause": Cause.ALL_OPENED}, {"lot": "another"}, {"signature": b"\x30\x00"}]
)
def test_an_order_tampered_with_is_refused(policy: Policy, changes: dict[str, Any]) -> None:
    changed = replace(order(policy), **changes)

    assert reason_of(lambda: changed.require_valid(policy, now=world.AFTER)) is (
        destruction.ORDER_INVALID
    )


def test_a_statement_names_its_holder_and_survives_the_wire(policy: Policy) -> None:
    again = Destruction.of_json(statement(policy, "BODY3").as_json())

    assert again.require_valid(policy).code == "BODY3"
    assert again.cause is Cause.NEVER_OPENED


@pytest.mark.parametrize(
    "changes",
    [
        {"key": world.key("BODY2")},
        {"key": world.key("stranger")},
        {"standing": world.key("standing BODY2")},
        {"code": "BODY2", "key": world.key("BODY1")},
        {"code": "BODY9"},
    ],
)
def test_a_statement_with_another_key_or_name_proves_nothing(
    policy: Policy, changes: dict[str, Any]
) -> None:
    forged = statement(policy, **changes)

    assert reason_of(lambda: forged.require_valid(policy)) is destruction.DESTRUCTION_INVALID


@pytest.mark.parametrize(
    "changes", [{"destroyed_at": world.DEADLINE}, {"cause": Cause.CONCLUDED}, {"policy": bytes(32)}]
)
def test_a_statement_tampered_with_is_refused(policy: Policy, changes: dict[str, Any]) -> None:
    changed = replace(statement(policy), **changes)

    assert reason_of(lambda: changed.require_valid(policy)) is destruction.DESTRUCTION_INVALID


@pytest.mark.parametrize(
    ("reader", "reason"),
    [
        (Order.of_json, destruction.ORDER_INVALID),
        (Destruction.of_json, destruction.DESTRUCTION_INVALID),
    ],
)
@pytest.mark.parametrize("value", [None, [], {}, {"statement": {}}, {"statement": 1, "more": 2}])
def test_what_is_no_statement_is_refused(
    reader: Callable[[object], object], reason: Reason, value: object
) -> None:
    assert reason_of(lambda: reader(value)) is reason


def test_a_field_too_many_or_an_unknown_cause_is_refused(policy: Policy) -> None:
    value: Any = order(policy).as_json()

    for changes in ({"more": 1}, {"cause": "because"}, {"v": 2}):
        changed = value | {"statement": value["statement"] | changes}
        assert reason_of(lambda changed=changed: Order.of_json(changed)) is (
            destruction.ORDER_INVALID
        )
