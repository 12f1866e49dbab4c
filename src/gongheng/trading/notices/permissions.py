"""Deeds with tender notices."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

DRAFT = Permission("trading:notice:draft", "编写招标公告", frozenset({Role.CLERK}))
PUBLISH = Permission("trading:notice:publish", "发布招标公告", frozenset({Role.CLERK}))
READ = Permission(
    "trading:notice:read", "查看招标公告办理情况", frozenset({Role.CLERK, Role.OFFICER})
)
