"""Who may have a file judged."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

USE = Permission("data:validations:use", "批量校验文件", frozenset({Role.OPERATOR}))
