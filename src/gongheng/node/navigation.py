"""The entries of every page's head and foot; a node without the route leaves an entry out."""

from gongheng.data.exchange.permissions import VIEW as SEE_EXCHANGE
from gongheng.public.portal import navigation as portal
from gongheng.web.navigation import Entry
from gongheng.web.routes import SIGNED_IN

HEAD: tuple[Entry, ...] = (
    *portal.HEAD,
    Entry("业务工作台", "desk", SIGNED_IN),
    Entry("数据交换", "exchange-lines", SEE_EXCHANGE),
)
FOOT: tuple[Entry, ...] = portal.FOOT
