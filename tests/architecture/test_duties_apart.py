"""Who keeps the platform running has no deed in a trade, and who supervises only a hold (A-10, E-27)."""

import pkgutil
from importlib import import_module

import pytest

import gongheng
from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

OPERATING = frozenset({Role.OPERATOR, Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR})
BUSINESS = frozenset({Role.CLERK, Role.BIDDER, Role.EXPERT, Role.OFFICER})
LOOKING = ("read", "look", "attend", "export", "policy_read", "read_evidence", "read_report")
"""Deeds that change nothing, by the last word of their codes."""
SUPERVISING = frozenset({"trading:case:hold", "trading:emergency:ask"})
"""What a supervisor may do in a trade: stop one and let it go on (seed 003); look early (A-13)."""


def permissions() -> dict[str, Permission]:
    names = [found.name for found in pkgutil.walk_packages(gongheng.__path__, "gongheng.")]
    modules = [import_module(name) for name in names if name.endswith(".permissions")]
    each = [value for module in modules for value in vars(module).values()]
    return {one.code: one for one in each if isinstance(one, Permission)}


def test_there_are_permissions_in_every_group() -> None:
    groups = {code.split(":")[0] for code in permissions()}

    assert groups >= {"trading", "registers", "data", "trust"}


def test_who_operates_the_platform_has_no_deed_in_a_trade() -> None:
    """E-27, A-10: what is wrong is corrected by a new version, by the two people whose paper it is."""
    found = {code for code, one in permissions().items() if one.roles & OPERATING}

    assert [code for code in sorted(found) if code.startswith("trading:")] == []


def test_who_supervises_only_stops_and_looks() -> None:
    """A-10: a supervisor's account cannot perform a business act."""
    found = {code for code, one in permissions().items() if Role.SUPERVISOR in one.roles}
    trading = {code for code in found if code.startswith("trading:")}

    assert {code for code in trading if not code.endswith(LOOKING)} <= SUPERVISING


@pytest.mark.parametrize("officer", [Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR])
def test_the_three_officers_share_no_deed_but_the_sight_of_accounts(officer: Role) -> None:
    """A-10: three persons, none with a business role."""
    others = OPERATING - {officer, Role.OPERATOR}
    own = {code for code, one in permissions().items() if officer in one.roles}
    shared = {code for code in own if permissions()[code].roles & others}

    assert own
    assert shared <= {"trust:account:look"}
    assert not any(permissions()[code].roles & BUSINESS for code in own)
