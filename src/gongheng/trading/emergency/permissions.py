"""Deeds with early looks: supervisors ask, approve and look; the auditor reads that they did."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

ASK = Permission("trading:emergency:ask", "申请、批准和进行应急查阅", frozenset({Role.SUPERVISOR}))
READ = Permission(
    "oversight:emergency:read",
    "查看应急查阅的申请和记录",
    frozenset({Role.SUPERVISOR, Role.AUDITOR}),
)
