"""Electronic procedure (E)."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import CYBERSECURITY_LAW, DUTIES, ELECTRONIC_RULES, HOUSE_RULES
from gongheng.kernel.terms.term import Counting, Evidence, Kind, Term
from gongheng.kernel.units import Unit

SINCE_RULES = date(2013, 5, 1)
SINCE_NETWORK_LAW = date(2017, 6, 1)

E_02 = Term(
    rule="E-02",
    name="自投标文件完整上传至签发回执的服务目标",
    value=2,
    unit=Unit.SECOND,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(ELECTRONIC_RULES, "第二十七条"),
    in_force_from=SINCE_RULES,
    evidence=Evidence.OWN_DECISION,
)
E_06 = Term(
    rule="E-06",
    name="投标文件解密时间",
    value=30,
    unit=Unit.MIN,
    kind=Kind.MIN,
    counting=Counting.BETWEEN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE_RULES,
    evidence=Evidence.FROM_MEMORY,
)
E_06_LONGEST = Term(
    rule="E-06",
    key="longest",
    name="投标文件解密最长时间",
    value=60,
    unit=Unit.MIN,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE_RULES,
    evidence=Evidence.FROM_MEMORY,
)
E_11 = Term(
    rule="E-11",
    name="投标人确认开标记录的时间",
    value=10,
    unit=Unit.MIN,
    kind=Kind.MIN,
    counting=Counting.BETWEEN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE_RULES,
    evidence=Evidence.OWN_DECISION,
)
E_17_AUDIT = Term(
    rule="E-17",
    key="audit",
    name="审计日志保存时间",
    value=1,
    unit=Unit.Y,
    kind=Kind.MIN,
    counting=Counting.KEPT,
    law=Law(DUTIES, "000-24"),
    in_force_from=SINCE_NETWORK_LAW,
)
E_17_NETWORK = Term(
    rule="E-17",
    key="network",
    name="网络日志留存时间",
    value=6,
    unit=Unit.M,
    kind=Kind.MIN,
    counting=Counting.KEPT,
    law=Law(CYBERSECURITY_LAW, "第二十一条"),
    in_force_from=SINCE_NETWORK_LAW,
)
