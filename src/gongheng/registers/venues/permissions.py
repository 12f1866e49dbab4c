"""Who may do what with rooms."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

VIEW = Permission(
    code="registers:venue:view",
    label="查看场地安排",
    roles=frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR}),
)
RELEASE = Permission(
    code="registers:venue:release",
    label="取消场地预约",
    roles=frozenset({Role.CLERK, Role.OFFICER}),
)
OVERVIEW = Permission(
    code="registers:venue:overview",
    label="导出场地使用情况",
    roles=frozenset({Role.OFFICER, Role.SUPERVISOR}),
)
KEEP = Permission(
    code="registers:venue:keep",
    label="维护和调整场地",
    roles=frozenset({Role.OFFICER}),
)
