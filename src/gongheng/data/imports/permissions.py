"""Who may look at the quality of what was imported."""

from gongheng.web.routes import Permission

VIEW = Permission(
    "data:imports:view", "查看历史导入质量", frozenset({"operator", "supervisor", "officer"})
)
