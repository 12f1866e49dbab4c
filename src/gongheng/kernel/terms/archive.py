"""Archive (Z)."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import ARCHIVE_STANDARD, BULLETIN_RULES, HOUSE_RULES
from gongheng.kernel.terms.term import Counting, Evidence, Kind, Term
from gongheng.kernel.units import Unit

SINCE_BULLETIN_RULES = date(2018, 1, 1)
SINCE_STANDARD = date(2024, 1, 1)

Z_02 = Term(
    rule="Z-02",
    name="必须招标项目档案的保存期限",
    value=30,
    unit=Unit.Y,
    kind=Kind.MIN,
    counting=Counting.KEPT,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE_STANDARD,
    evidence=Evidence.OWN_DECISION,
)
Z_02_FLOOR = Term(
    rule="Z-02",
    key="floor",
    name="项目档案保存期限的下限",
    value=15,
    unit=Unit.Y,
    kind=Kind.MIN,
    counting=Counting.KEPT,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE_STANDARD,
    evidence=Evidence.OWN_DECISION,
)
Z_02_PLATFORM = Term(
    rule="Z-02",
    key="platform",
    name="平台留存电子档案副本的时间",
    value=3,
    unit=Unit.Y,
    kind=Kind.MIN,
    counting=Counting.KEPT,
    law=Law(ARCHIVE_STANDARD),
    in_force_from=SINCE_STANDARD,
    evidence=Evidence.SECOND_HAND,
)
Z_05 = Term(
    rule="Z-05",
    name="公告公示信息可追溯的时间",
    value=10,
    unit=Unit.Y,
    kind=Kind.MIN,
    counting=Counting.KEPT,
    law=Law(BULLETIN_RULES, "第十二条"),
    in_force_from=SINCE_BULLETIN_RULES,
    evidence=Evidence.FROM_MEMORY,
)
