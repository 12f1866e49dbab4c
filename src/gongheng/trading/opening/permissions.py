"""Deeds at an opening."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

ATTEND = Permission(
    "trading:opening:attend",
    "参加开标",
    frozenset({Role.CLERK, Role.OFFICER, Role.SUPERVISOR, Role.BIDDER}),
)
OPEN = Permission("trading:opening:open", "主持开标", frozenset({Role.CLERK, Role.OFFICER}))
PUBLISH = Permission(
    "trading:opening:publish", "公布开标记录", frozenset({Role.CLERK, Role.OFFICER})
)
ANSWER = Permission("trading:opening:answer", "答复开标记录", frozenset({Role.CLERK, Role.BIDDER}))
"""The record waits for the tenderer's clerk, too (E-11)."""
RELEASE = Permission("trading:opening:release", "解密本单位投标文件", frozenset({Role.BIDDER}))
