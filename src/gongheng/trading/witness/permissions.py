"""Who witnesses, and who reads what was witnessed. A witness has no other deed in a trade."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

WITNESS = Permission("trading:witness:record", "见证开标、评标", frozenset({Role.WITNESS}))
READ = Permission(
    "trading:witness:read",
    "查看见证记录",
    frozenset({Role.WITNESS, Role.CLERK, Role.OFFICER, Role.SUPERVISOR}),
)
