"""Who may look at and work on the lines to other platforms."""

from gongheng.web.routes import Permission

VIEW = Permission(
    "data:exchange:view", "查看数据交换", frozenset({"operator", "supervisor", "officer"})
)
OPERATE = Permission("data:exchange:operate", "处理数据交换", frozenset({"operator"}))
