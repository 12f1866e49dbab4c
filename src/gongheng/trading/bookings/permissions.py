"""Who books rooms for a case."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

BOOK = Permission("trading:booking:book", "为项目预约场地", frozenset({Role.CLERK, Role.OFFICER}))
