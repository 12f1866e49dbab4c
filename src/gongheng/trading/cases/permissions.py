"""Deeds with cases and their procedures."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

READ = Permission(
    "trading:case:read",
    "查看项目办理流程",
    frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR}),
)
LOOK = Permission(
    "trading:case:look",
    "打开项目页面",
    READ.roles | {Role.BIDDER, Role.EXPERT},
)
HOLD = Permission(
    "trading:case:hold",
    "登记和解除监管暂停",
    frozenset({Role.SUPERVISOR}),
)
