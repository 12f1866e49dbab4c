"""Deeds with contracts and archives."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

SIGN = Permission("trading:contract:sign", "订立合同", frozenset({Role.CLERK}))
SIGN_AS_WINNER = Permission(
    "trading:contract:sign_as_winner", "以中标人身份签署合同", frozenset({Role.BIDDER})
)
PUBLISH = Permission("trading:contract:publish", "公开合同订立信息", frozenset({Role.CLERK}))
READ = Permission(
    "trading:contract:read",
    "查看合同",
    frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR, Role.BIDDER}),
)
CLOSE_ARCHIVE = Permission("trading:archive:close", "归档", frozenset({Role.OFFICER}))
READ_ARCHIVE = Permission(
    "trading:archive:read",
    "查看归档清单",
    frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR}),
)
