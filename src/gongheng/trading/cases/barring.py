"""Who must not bid in a case, whatever it hands in: its tenderer, its agency, who runs the platform.

Who is only related to one of them is for people to judge: the evaluation committee sees it.
"""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.cases import rules
from gongheng.trading.cases.models import Case
from gongheng.trust.identity import queries as identity
from gongheng.trust.identity.kinds import Role

OPERATING = frozenset(
    {Role.OFFICER, Role.OPERATOR, Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR}
)
"""Roles whose people work for a body that runs the platform (A-11); a supervisor does not."""


def reason_against(case: Case, code: str, *, now: datetime) -> Reason | None:
    """Return why an organisation must not bid in a case; nothing for everybody else."""
    return rules.barred(
        code,
        tenderer=case.tenderer_code,
        agency=case.agency_code,
        operators=operators_among({code}, now=now),
    )


def require_may_bid(case: Case, code: str, *, now: datetime) -> None:
    """Refuse a bid of a party. Raises ``Refusal`` (TENDERER_BIDS, AGENCY_BIDS, OPERATOR_BIDS)."""
    if reason := reason_against(case, code, now=now):
        raise Refusal(reason, organisation=code)


def operators_among(codes: Collection[str], *, now: datetime) -> frozenset[str]:
    """Return those of the organisations that run this platform: the node's own, its people's."""
    own = {settings.NODE.platform_code, settings.NODE.service_code}
    return frozenset(own & set(codes)) | identity.acting_among(codes, roles=OPERATING, now=now)
