"""Deeds between the report and the contract."""

from gongheng.trust.identity.kinds import Role
from gongheng.web.routes import Permission

_CLERK = frozenset({Role.CLERK})
PUBLISH_CANDIDATES = Permission("trading:award:publish_candidates", "公示中标候选人", _CLERK)
RECHECK = Permission("trading:award:recheck", "交原评标委员会复核", _CLERK)
DECIDE = Permission("trading:award:decide", "确定中标人", _CLERK)
NOTIFY = Permission("trading:award:notify", "发出中标通知书和结果通知", _CLERK)
PUBLISH_RESULT = Permission("trading:award:publish_result", "公告中标结果", _CLERK)
REPORT = Permission("trading:award:report", "向监督部门提交书面报告", _CLERK)
READ_EVIDENCE = Permission(
    "trading:award:read_evidence",
    "查看不能中标和复核事由的证明材料",
    frozenset({Role.CLERK, Role.SUPERVISOR}),
)
READ_REPORT = Permission(
    "trading:award:read_report",
    "查看招标投标情况书面报告",
    frozenset({Role.CLERK, Role.SUPERVISOR}),
)
READ_RESULT = Permission(
    "trading:award:read_result", "查看本单位的中标结果通知", frozenset({Role.BIDDER})
)
