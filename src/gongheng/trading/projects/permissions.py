"""Deeds with projects and lots."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

REGISTER = Permission("trading:project:register", "登记项目和标段", frozenset({Role.CLERK}))
READ = Permission("trading:project:read", "查看项目和标段", frozenset({Role.CLERK, Role.OFFICER}))
