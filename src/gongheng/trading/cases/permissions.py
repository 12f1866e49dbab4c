"""Deeds with cases and their procedures."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

READ = Permission(
    "trading:case:read",
    "查看项目办理流程",
    frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR}),
)
