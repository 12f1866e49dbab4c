"""Deeds of an evaluation."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

FORM = Permission("trading:committee:form", "组建评标委员会", frozenset({Role.CLERK}))
CONCLUDE = Permission("trading:evaluation:conclude", "评标", frozenset({Role.EXPERT}))
RECEIVE = Permission("trading:evaluation:receive", "接收评标报告", frozenset({Role.CLERK}))
EXPORT = Permission(
    "trading:evaluation:export", "导出评标数据", frozenset({Role.CLERK, Role.SUPERVISOR})
)
ANSWER = Permission(
    "trading:evaluation:answer", "答复评标委员会的澄清要求", frozenset({Role.BIDDER})
)
