"""Deeds with the calendar: who keeps the platform running loads, another officer confirms (U-07)."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

LOAD = Permission("registers:calendar:load", "载入节假日安排", frozenset({Role.OPERATOR}))
CONFIRM = Permission(
    "registers:calendar:confirm", "确认节假日安排", frozenset({Role.ADMINISTRATOR})
)
