"""Deeds with tender documents."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

REVIEW = Permission("trading:documents:review", "编制和审查招标文件", frozenset({Role.CLERK}))
READ = Permission(
    "trading:documents:read", "查看招标文件办理情况", frozenset({Role.CLERK, Role.OFFICER})
)
