"""Deeds with the calendar: who keeps the platform running loads, another officer confirms (U-07).

Which deadlines a notice moved is seen, case by case, by those who may see every case of their area.
"""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

LOAD = Permission("registers:calendar:load", "载入节假日安排", frozenset({Role.OPERATOR}))
CONFIRM = Permission(
    "registers:calendar:confirm", "确认节假日安排", frozenset({Role.ADMINISTRATOR})
)
MOVED = Permission(
    "registers:calendar:moved",
    "查看因节假日安排延长的期限",
    frozenset({Role.OFFICER, Role.SUPERVISOR}),
)
