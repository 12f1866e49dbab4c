"""Deeds with sealed bids and with the rules of their opening."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

SUBMIT = Permission("trading:bid:submit", "递交、替换或撤回投标文件", frozenset({Role.BIDDER}))
CLOSE = Permission("trading:bid:close", "办理投标截止", frozenset({Role.OFFICER}))
POLICY = Permission("trading:bid:policy", "订立投标文件开启规则", frozenset({Role.CLERK}))
POLICY_READ = Permission(
    "trading:bid:policy_read",
    "查看投标文件开启规则",
    frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR}),
)
