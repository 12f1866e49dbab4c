"""The entries of every page's head and foot; a node without the route leaves an entry out."""

from gongheng.data.exchange.permissions import VIEW as SEE_EXCHANGE
from gongheng.web.navigation import Entry

HEAD: tuple[Entry, ...] = (
    Entry("首页", "portal-home"),
    Entry("交易公告", "portal-notices"),
    Entry("数据统计", "portal-statistics"),
    Entry("数据交换", "exchange-lines", SEE_EXCHANGE),
)
FOOT: tuple[Entry, ...] = (Entry("透明日志", "log-checkpoint"),)
