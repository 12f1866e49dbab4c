"""Role templates: what each role is for, whose staff may have it, and for how long at most.

They are set once for the province and used by every node in it (seed 001-22); a grant is made
inside the granter's own area and always ends (seed 000-23).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from gongheng.trust.identity.kinds import Role


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
    """A role as it is granted."""

    role: Role
    organisation_type: OrganisationType
    longest: timedelta
    meaning: str


@cache
def templates() -> Mapping[Role, RoleTemplate]:
    """Return the template of every role."""
    path = files("gongheng.trust.identity") / "data" / "role_templates.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {
        Role(row["role"]): RoleTemplate(
            Role(row["role"]),
            OrganisationType(row["organisation_type"]),
            timedelta(days=int(row["longest_days"])),
            row["meaning"],
        )
        for row in rows
    }
