"""Deeds with objections."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

OBJECT_DOCUMENTS = Permission(
    "trading:dispute:object_documents", "对招标文件提出异议", frozenset({Role.BIDDER})
)
OBJECT_OPENING = Permission(
    "trading:dispute:object_opening", "对开标提出异议", frozenset({Role.BIDDER})
)
OBJECT_RESULT = Permission(
    "trading:dispute:object_result", "对评标结果提出异议", frozenset({Role.BIDDER})
)
ANSWER = Permission("trading:dispute:answer", "答复异议", frozenset({Role.CLERK}))
READ = Permission(
    "trading:dispute:read",
    "查看异议和答复",
    frozenset({Role.BIDDER, Role.CLERK, Role.OFFICER, Role.SUPERVISOR}),
)
READ_OWN = Permission("trading:dispute:read_own", "查看本单位的异议", frozenset({Role.BIDDER}))
