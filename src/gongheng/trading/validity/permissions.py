"""Deeds with the validity of bids."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

ASK = Permission("trading:validity:ask", "要求延长投标有效期", frozenset({Role.CLERK}))
REPLY = Permission("trading:validity:reply", "答复投标有效期的延长", frozenset({Role.BIDDER}))
