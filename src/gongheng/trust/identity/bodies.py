"""Of which type a body is, and that its people get no role of another (seed 001-6, A-10)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from gongheng.kernel.reasons import Refusal
from gongheng.trust.identity import rules
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Body, Grant
from gongheng.trust.identity.roles import OrganisationType, shipped

CHOSEN = (
    OrganisationType.MANAGEMENT,
    OrganisationType.SUPERVISION,
    OrganisationType.OPERATION,
    OrganisationType.PARTY,
)
"""The types that a body may be of; a person alone is none."""


def type_of(organisation_code: str) -> OrganisationType | None:
    """Return the type of a body: as it was said, else that of the first role its people got."""
    if not organisation_code:
        return None
    row = _rows(organisation_code).first()
    return OrganisationType(row.organisation_type) if row else _by_grants(organisation_code)


def _rows(organisation_code: str) -> QuerySet[Body]:
    return Body.objects.filter(
        region_code=settings.NODE.region_code, organisation_code=organisation_code
    )


def _by_grants(organisation_code: str) -> OrganisationType | None:
    """Return the type by the oldest grant, for a body from before types were kept."""
    granted = Grant.objects.filter(account__organisation_code=organisation_code)
    roles = granted.order_by("starts_at", "id").values_list("role", flat=True)
    types = (shipped()[Role(role)].organisation_type for role in roles.iterator())
    return next((one for one in types if one is not OrganisationType.PERSON), None)


@transaction.atomic
def require_fit(
    *, organisation_code: str, wanted: OrganisationType, now: datetime, by: UUID | None
) -> None:
    """Refuse a role of another type than the body's; the first role settles the type of a new body.

    A person who acts for nobody may trade and sit on committees; who acts for a party may sit, too.
    Raises ``Refusal`` (rules.NO_BODY, OTHER_BODY).
    """
    if wanted is OrganisationType.PERSON or not organisation_code:
        rules.require_body(wanted=wanted, body=type_of(organisation_code))
        return
    row = _settled(organisation_code, wanted, now=now, by=by)
    rules.require_body(wanted=wanted, body=OrganisationType(row.organisation_type))


def _settled(
    organisation_code: str, wanted: OrganisationType, *, now: datetime, by: UUID | None
) -> Body:
    row, _ = Body.objects.select_for_update(of=("self",)).get_or_create(
        region_code=settings.NODE.region_code,
        organisation_code=organisation_code,
        defaults={
            "organisation_type": _by_grants(organisation_code) or wanted,
            "since": now,
            "said_by": by,
        },
    )
    return row


@transaction.atomic
def declare(
    *, organisation_code: str, organisation_type: OrganisationType, now: datetime, by: UUID
) -> None:
    """Say of which type a body is; while its people have roles of another it stays so.

    Raises ``Refusal`` (rules.BODY_SETTLED).
    """
    row = _settled(organisation_code, organisation_type, now=now, by=by)
    if row.organisation_type == organisation_type:
        return
    standing = Grant.objects.filter(
        account__organisation_code=organisation_code, ends_at__isnull=True
    ) | Grant.objects.filter(account__organisation_code=organisation_code, ends_at__gt=now)
    if standing.exists():
        raise Refusal(rules.BODY_SETTLED, body=OrganisationType(row.organisation_type).label)
    row.organisation_type, row.since, row.said_by = organisation_type, now, by
    row.save(update_fields=["organisation_type", "since", "said_by"])
