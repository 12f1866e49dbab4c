"""The accounts of the demonstration obey the parting of bodies (seed 001-6)."""

import pytest

from gongheng.node.demo import people as demo
from gongheng.trust.identity import roles
from gongheng.trust.identity.bodies import CHOSEN
from gongheng.trust.identity.roles import OrganisationType


@pytest.mark.parametrize("conducts_trades", [True, False])
def test_the_accounts_of_the_demonstration_obey(*, conducts_trades: bool) -> None:
    by_code: dict[str, set[OrganisationType]] = {}
    for person in demo.people(conducts_trades=conducts_trades):
        for role in person.roles:
            kind = roles.shipped()[role].organisation_type
            by_code.setdefault(person.organisation_code, set()).add(kind)

    people_of_none = by_code.pop("", {OrganisationType.PERSON})
    assert people_of_none == {OrganisationType.PERSON}
    assert all(
        kinds - {OrganisationType.PERSON} in ({one} for one in CHOSEN) for kinds in by_code.values()
    )
