from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.projects import rules
from gongheng.trading.projects.kinds import Ground, Recogniser, Recognition


@pytest.mark.parametrize(
    ("region", "reach"),
    [("530103", "5301"), ("530103", "53"), ("530103", ""), ("530103", "530103")],
)
def test_a_place_within_reach_is_taken(region: str, reach: str) -> None:
    rules.require_within_reach(region_code=region, reach=reach)


@pytest.mark.parametrize(("region", "reach"), [("530300", "5301"), ("530102", "530103")])
def test_a_place_elsewhere_is_refused(region: str, reach: str) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.require_within_reach(region_code=region, reach=reach)
    assert refusal.value.reason is rules.OUT_OF_REACH


@pytest.mark.parametrize(("tenderer", "agency"), [("own", ""), ("other", "own")])
def test_tenderer_and_agency_may_register(tenderer: str, agency: str) -> None:
    rules.require_party(organisation_code="own", tenderer_code=tenderer, agency_code=agency)


def test_a_third_organisation_may_not_register() -> None:
    with pytest.raises(Refusal) as refusal:
        rules.require_party(organisation_code="own", tenderer_code="a", agency_code="b")
    assert refusal.value.reason is rules.NOT_A_PARTY


@given(st.decimals(min_value="-1e9", max_value="1e9", places=2))
def test_only_an_estimate_above_nothing_is_taken(estimate: Decimal) -> None:
    if estimate > 0:
        rules.require_estimate(estimate)
    else:
        with pytest.raises(Refusal):
            rules.require_estimate(estimate)


TODAY = date(2026, 10, 12)
FOUND = Recognition(
    ground=Ground.COST, by=Recogniser.SUPERVISOR, number="昆建监〔2026〕7号", on=date(2026, 9, 2)
)


@pytest.mark.parametrize(
    ("ground", "by"),
    [
        (Ground.FEW_ABLE, Recogniser.APPROVER),
        (Ground.COST, Recogniser.APPROVER),
        (Ground.COST, Recogniser.SUPERVISOR),
    ],
)
def test_an_invitation_needs_a_ground_that_the_right_body_found(
    ground: Ground, by: Recogniser
) -> None:
    rules.require_recognised(replace(FOUND, ground=ground, by=by), today=TODAY)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (None, rules.NO_GROUND),
        (replace(FOUND, number=" "), rules.NO_GROUND),
        (replace(FOUND, on=None), rules.NO_GROUND),
        (replace(FOUND, ground=Ground.FEW_ABLE), rules.OTHERS_RECOGNISE),
        (replace(FOUND, on=date(2026, 10, 13)), rules.APPROVAL_LATER),
    ],
)
def test_an_invitation_without_its_ground_is_refused(
    found: Recognition | None, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refusal:
        rules.require_recognised(found, today=TODAY)
    assert refusal.value.reason is reason
