"""Deeds with bid deposits."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

KEEP = Permission("trading:deposit:keep", "登记、退还投标保证金", frozenset({Role.OFFICER}))
REFUND = Permission("trading:deposit:refund", "确认投标保证金退还完毕", frozenset({Role.CLERK}))
REFUND_TERMINATED = Permission(
    "trading:deposit:refund_terminated", "终止后确认退还完毕", frozenset({Role.CLERK})
)
RETURN_BIDS = Permission(
    "trading:failure:return_bids", "招标失败后退还投标文件和保证金", frozenset({Role.OFFICER})
)
