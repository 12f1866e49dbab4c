"""The portal's entries of the head and the foot of every page; plain data for the settings."""

from gongheng.web.navigation import Entry

HEAD = (
    Entry("首页", "portal-home"),
    Entry("交易信息", "search"),
    Entry("开标安排", "portal-openings"),
    Entry("数据分析", "portal-statistics"),
    Entry("公告核验", "portal-verify"),
)
FOOT = (
    Entry("开放数据接口", "api"),
    Entry("公告证明说明", "portal-proof-explained"),
    Entry("无障碍说明", "portal-accessibility"),
    Entry("网站地图", "portal-site-map"),
    Entry("联系我们", "portal-site-map", anchor="#contact"),
    Entry("网站纠错", "portal-site-map", anchor="#correction"),
)
