"""Deeds with tender notices."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

DRAFT = Permission("trading:notice:draft", "编写招标公告", frozenset({Role.CLERK}))
PUBLISH = Permission("trading:notice:publish", "发布招标公告", frozenset({Role.CLERK}))
READ = Permission(
    "trading:notice:read", "查看招标公告办理情况", frozenset({Role.CLERK, Role.OFFICER})
)
READ_LETTER = Permission(
    "trading:invitation:read",
    "查看投标邀请书",
    frozenset({Role.BIDDER, Role.CLERK, Role.OFFICER}),
)
CHANGE = Permission(
    "trading:notice:change", "澄清、修改招标公告和招标文件", frozenset({Role.CLERK})
)
ANNOUNCE_FAILURE = Permission("trading:failure:announce", "公告招标失败", frozenset({Role.CLERK}))
TERMINATE = Permission("trading:failure:terminate", "终止招标", frozenset({Role.CLERK}))
TERMINATE_IDLE = Permission(
    "trading:failure:terminate_idle", "终止闲置项目", frozenset({Role.OFFICER})
)
FIND_UNLAWFUL = Permission(
    "trading:failure:find_unlawful", "认定招标文件违法", frozenset({Role.CLERK})
)
SUSPEND = Permission("trading:failure:suspend", "暂停招标", frozenset({Role.OFFICER}))
RESUME = Permission("trading:failure:resume", "恢复招标", frozenset({Role.OFFICER}))
