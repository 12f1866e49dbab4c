"""Role templates: what each role is for, whose staff may have it, and for how long at most.

The software brings a first set; the province changes it and every node in it follows
(seed 001-22). A grant is made inside the granter's own area and always ends (seed 000-23).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from gongheng.trust.identity.kinds import Role

SHIPPED = 1
"""The number of the set that the software brings; the province's own begin with the next."""


class OrganisationType(StrEnum):
    """The three types of bodies that share the work (seed 001-6), and those who trade."""

    MANAGEMENT = "management"
    SUPERVISION = "supervision"
    OPERATION = "operation"
    PARTY = "party"
    PERSON = "person"

    @property
    def label(self) -> str:
        """Return the type in Chinese."""
        return _LABELS[self]


_LABELS = {
    OrganisationType.MANAGEMENT: "审批管理单位",
    OrganisationType.SUPERVISION: "行政监督单位",
    OrganisationType.OPERATION: "建设运营单位",
    OrganisationType.PARTY: "交易主体",
    OrganisationType.PERSON: "个人",
}


@dataclass(frozen=True, slots=True)
class RoleTemplate:
    """A role as it is granted; one that is not offered is granted to nobody."""

    role: Role
    organisation_type: OrganisationType
    longest: timedelta
    meaning: str
    is_offered: bool = True


Templates = Mapping[Role, RoleTemplate]


@cache
def shipped() -> Templates:
    """Return the templates that the software brings."""
    path = files("gongheng.trust.identity") / "data" / "role_templates.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return read(row | {"is_offered": True} for row in rows)


def read(rows: Iterable[Mapping[str, Any]]) -> Templates:
    """Return the templates of rows as they are kept and sent. Raises ``KeyError``, ``ValueError``.

    Roles that this software does not know are left out.
    """
    found = [
        RoleTemplate(
            Role(row["role"]),
            OrganisationType(row["organisation_type"]),
            timedelta(days=int(row["longest_days"])),
            str(row["meaning"]),
            bool(row["is_offered"]),
        )
        for row in rows
        if row["role"] in Role
    ]
    return {template.role: template for template in found}


def rows_of(templates: Templates) -> list[dict[str, Any]]:
    """Return templates as rows, in the order of the roles."""
    return [
        {
            "role": template.role.value,
            "organisation_type": template.organisation_type.value,
            "longest_days": template.longest.days,
            "meaning": template.meaning,
            "is_offered": template.is_offered,
        }
        for template in (templates[role] for role in Role if role in templates)
    ]


@dataclass(frozen=True, slots=True)
class Change:
    """What two sets say differently of a role, in words."""

    role: Role
    before: str
    after: str


def changes(before: Templates, after: Templates) -> list[Change]:
    """Return what differs between two sets, by role."""
    return [
        Change(role, _words(before[role]), _words(after[role]))
        for role in Role
        if before[role] != after[role]
    ]


def taken_away(before: Templates, after: Templates) -> list[Role]:
    """Return the roles that were offered and are no longer."""
    return [role for role in Role if before[role].is_offered and not after[role].is_offered]


def _words(template: RoleTemplate) -> str:
    if not template.is_offered:
        return "停止授予"
    kind, days = template.organisation_type.label, template.longest.days
    return f"{kind}，最长 {days} 天，{template.meaning}"
