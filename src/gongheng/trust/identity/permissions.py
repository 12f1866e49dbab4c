"""Deeds with accounts, roles and the audit trail: each officer has one (A-10)."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

LOOK = Permission(
    "trust:account:look",
    "查看账号和角色",
    frozenset({Role.ADMINISTRATOR, Role.SECURITY, Role.AUDITOR}),
)
OPEN = Permission("trust:account:open", "开立、停用账号，重置密码", frozenset({Role.ADMINISTRATOR}))
GRANT = Permission("trust:role:grant", "授予、收回角色", frozenset({Role.SECURITY}))
PROPOSE = Permission("trust:role_template:propose", "提出修改角色模板", frozenset({Role.SECURITY}))
CONFIRM = Permission(
    "trust:role_template:confirm", "确认角色模板的修改", frozenset({Role.ADMINISTRATOR})
)
AUDIT = Permission("trust:audit:read", "查看审计记录", frozenset({Role.AUDITOR}))
