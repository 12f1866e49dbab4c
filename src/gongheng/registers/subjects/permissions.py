"""Who may do what with subjects."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

VERIFY = Permission(
    code="registers:subject:verify",
    label="核验主体登记",
    roles=frozenset({Role.OFFICER}),
)
LOOK_UP = Permission(
    code="registers:subject:look_up",
    label="查询主体库",
    roles=frozenset({Role.OFFICER, Role.OPERATOR, Role.SUPERVISOR}),
)
ACT = Permission(
    code="registers:subject:act",
    label="办理本单位主体业务",
    roles=frozenset({Role.CLERK, Role.BIDDER}),
)
"""For whom the register has opened an account: whoever merely signed up claims to be of the firm."""
AGREE = Permission(
    code="registers:agreement:register",
    label="登记和确认委托协议",
    roles=frozenset({Role.CLERK}),
)
