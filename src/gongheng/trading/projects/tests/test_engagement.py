"""An agency acts only by an agreement that both sides confirmed and that counts that day (001-10)."""

from datetime import timedelta

import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.trading.projects import actions, rules
from gongheng.trading.projects.tests.support import (
    AGENCY,
    NOW,
    actor,
    agreement,
    lot_facts,
    person,
    project_facts,
    tender_facts,
)
from gongheng.trust.identity.actors import Actor

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
FACTS = {"organise_form": "2", "agency_name": "云南示例招标代理有限公司", "agency_code": AGENCY}


@pytest.fixture
def agency() -> Actor:
    return actor(person("陈静", organisation_code=AGENCY))


def _register(who: Actor) -> None:
    facts = tender_facts(**FACTS)
    actions.register(project=project_facts(), tender_project=facts, actor=who, now=NOW)


@pytest.mark.parametrize(
    ("starts_in", "ends_in", "is_confirmed", "is_engaged"),
    [
        (0, 0, True, True),
        (-30, 30, True, True),
        (-30, 30, False, False),
        (1, 30, True, False),
        (-30, -1, True, False),
        (None, None, True, False),
    ],
)
def test_an_agency_without_an_agreement_of_the_day_is_refused(
    agency: Actor,
    starts_in: int | None,
    ends_in: int | None,
    *,
    is_confirmed: bool,
    is_engaged: bool,
) -> None:
    if starts_in is not None and ends_in is not None:
        agreement(
            TODAY + timedelta(days=starts_in),
            TODAY + timedelta(days=ends_in),
            is_confirmed=is_confirmed,
        )

    if is_engaged:
        _register(agency)
    else:
        with pytest.raises(Refusal) as refusal:
            _register(agency)
        assert refusal.value.reason is rules.NOT_ENGAGED


def test_the_tenderer_needs_no_agreement() -> None:
    _register(actor(person("王芳")))


def test_an_agency_whose_agreement_has_ended_adds_no_lot(agency: Actor) -> None:
    agreement(TODAY, TODAY + timedelta(days=1))
    tender = actions.register(
        project=project_facts(), tender_project=tender_facts(**FACTS), actor=agency, now=NOW
    )
    asked = {"tender_project_id": tender.pk, "facts": lot_facts(), "actor": agency}
    actions.add_lot(**asked, now=NOW)  # type: ignore[arg-type]  # the facts above

    with pytest.raises(Refusal) as refusal:
        actions.add_lot(**asked, now=NOW + timedelta(days=2))  # type: ignore[arg-type]

    assert refusal.value.reason is rules.NOT_ENGAGED
