"""Deeds with projects and lots."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

REGISTER = Permission("trading:project:register", "登记项目和标段", frozenset({Role.CLERK}))
ACCEPT = Permission("trading:project:accept", "受理项目登记", frozenset({Role.OFFICER}))
PLAN = Permission("trading:plan:publish", "发布招标计划", frozenset({Role.CLERK}))
ABANDON = Permission("trading:project:abandon", "公告前撤回登记", frozenset({Role.CLERK}))
DECIDE = Permission("trading:failure:decide", "决定重新招标或不再招标", frozenset({Role.CLERK}))
CLOSE_IDLE = Permission("trading:failure:close_idle", "关闭闲置项目", frozenset({Role.OFFICER}))
READ = Permission("trading:project:read", "查看项目和标段", frozenset({Role.CLERK, Role.OFFICER}))
