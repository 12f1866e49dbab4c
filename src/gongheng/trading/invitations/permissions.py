"""Deeds with invitations."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

NAME = Permission("trading:invitation:name", "确定被邀请的投标人", frozenset({Role.CLERK}))
