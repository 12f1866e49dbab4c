"""Which role templates count here: the province's newest set, or a city's signed copy of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from gongheng.kernel.reasons import Refusal
from gongheng.trust.crypto import sm2
from gongheng.trust.identity import role_statement, roles
from gongheng.trust.identity.kinds import Role, SetState
from gongheng.trust.identity.models import RoleTemplateSet
from gongheng.trust.identity.role_statement import FORGED_TEMPLATES
from gongheng.trust.identity.roles import RoleTemplate, Templates


@dataclass(frozen=True, slots=True)
class Standing:
    """The set that counts: its number, its templates, and when this node learnt it, if a copy."""

    number: int
    templates: Templates
    confirmed_at: datetime | None = None
    learnt_at: datetime | None = None

    def of(self, role: Role) -> RoleTemplate:
        """Return a role's template."""
        return self.templates[role]


def standing() -> Standing:
    """Return the set that grants are made by now.

    A copy counts as far as the keeper's signature says the same. Raises ``Refusal``
    (FORGED_TEMPLATES).
    """
    row = confirmed().first()
    if row is None:
        return Standing(roles.SHIPPED, roles.shipped())
    templates = {**roles.shipped(), **roles.read(row.rows)}
    keeper = role_statement.keeper()
    if keeper is not None:
        stated = role_statement.read(row.statement, by=keeper)
        if (stated.number, roles.read(row.rows)) != (row.number, stated.templates):
            raise Refusal(FORGED_TEMPLATES, number=row.number)
    return Standing(row.number, templates, row.decided_at, row.learnt_at)


def confirmed() -> QuerySet[RoleTemplateSet]:
    """Return every set that counted or counts, the newest first."""
    return RoleTemplateSet.objects.filter(state=SetState.CONFIRMED).order_by("-number")


def proposed() -> RoleTemplateSet | None:
    """Return the proposal that waits for its second officer."""
    return RoleTemplateSet.objects.filter(state=SetState.PROPOSED).first()


def rejected() -> QuerySet[RoleTemplateSet]:
    """Return the proposals that the second officer did not confirm, the newest first."""
    return RoleTemplateSet.objects.filter(state=SetState.REJECTED).order_by("-decided_at")


def before(row: RoleTemplateSet) -> Templates:
    """Return the templates that a set followed."""
    earlier = confirmed().filter(number__lt=row.number).first()
    return {**roles.shipped(), **(roles.read(earlier.rows) if earlier else {})}


def statement(*, code: str, key: sm2.PrivateKey) -> str:
    """Return what this node, as keeper, signs of its newest set; empty while it is the shipped one."""
    row = confirmed().first()
    if row is None or row.decided_at is None:
        return ""
    payload = {
        "keeper": code,
        "number": row.number,
        "rows": roles.rows_of(roles.read(row.rows)),
        "words": row.words,
        "proposed_by": row.proposed_by_name,
        "confirmed_by": row.decided_by_name,
        "confirmed_at": row.decided_at.isoformat(),
    }
    return role_statement.sign(payload, key)


def shown() -> tuple[Standing, str]:
    """Return the set to show, and why it cannot be granted by, if its signature does not fit."""
    try:
        return standing(), ""
    except Refusal as refusal:
        return Standing(roles.SHIPPED, roles.shipped()), str(refusal)
