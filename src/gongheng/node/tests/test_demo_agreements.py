"""The demonstration's agency may act for whom it acts: its agreements are there, once."""

from itertools import product
from typing import Any

import pytest

from gongheng.data.standard import samples
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.node.demo import people, subjects
from gongheng.registers.subjects import queries
from gongheng.registers.subjects.kinds import Commission
from gongheng.registers.subjects.models import AgencyAgreement


@pytest.mark.django_db
def test_the_agency_is_engaged_by_school_and_hospital(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    people.load(now=DEMO_STARTS_AT, conducts_trades=True)

    subjects.load_agreements()
    subjects.load_agreements()

    assert AgencyAgreement.objects.count() == 2
    for tenderer, commission in product((1, 11), Commission):
        assert queries.agreement_between(
            tenderer_code=samples.firm(tenderer),
            agency_code=samples.firm(2),
            commission=commission,
            on=DEMO_STARTS_AT.date(),
        )
