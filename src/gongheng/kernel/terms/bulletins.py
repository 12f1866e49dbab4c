"""Bulletins (B) and how long they can be traced (Z-05).

B-04 and B-06 say what W-07 and W-28 fix; their numbers stand there only.
"""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import (
    BULLETIN_RULES,
    HOUSE_RULES,
    MARKET_OPINION,
    OPENNESS_OPINION,
)
from gongheng.kernel.terms.term import Counting, Evidence, Kind, Term
from gongheng.kernel.units import Unit

SINCE_OPENNESS_OPINION = date(2017, 12, 19)
SINCE_BULLETIN_RULES = date(2018, 1, 1)
SINCE_MARKET_OPINION = date(2024, 5, 2)

B_01 = Term(
    rule="B-01",
    name="招标计划先于招标公告发布的时间",
    value=30,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BEFORE,
    law=Law(MARKET_OPINION),
    in_force_from=SINCE_MARKET_OPINION,
    evidence=Evidence.FROM_MEMORY,
)
B_02 = Term(
    rule="B-02",
    name="资格预审公告的发布时间",
    value=5,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BETWEEN,
    law=Law(BULLETIN_RULES, "第五条"),
    in_force_from=SINCE_BULLETIN_RULES,
    evidence=Evidence.SECOND_HAND,
)
B_03 = Term(
    rule="B-03",
    name="招标公告的发布时间",
    value=5,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BETWEEN,
    law=Law(BULLETIN_RULES, "第五条"),
    in_force_from=SINCE_BULLETIN_RULES,
    evidence=Evidence.SECOND_HAND,
)
B_09 = Term(
    rule="B-09",
    name="自合同签订至公开合同订立信息的时间",
    value=20,
    unit=Unit.WD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(OPENNESS_OPINION),
    in_force_from=SINCE_OPENNESS_OPINION,
    evidence=Evidence.SECOND_HAND,
)
B_09_TARGET = Term(
    rule="B-09",
    key="target",
    name="自合同签订至公开合同订立信息的服务目标",
    value=2,
    unit=Unit.WD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE_OPENNESS_OPINION,
    evidence=Evidence.OWN_DECISION,
)
B_10 = Term(
    rule="B-10",
    name="自履约事项发生至公开履约信息的时间",
    value=20,
    unit=Unit.WD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(OPENNESS_OPINION),
    in_force_from=SINCE_OPENNESS_OPINION,
    evidence=Evidence.SECOND_HAND,
)
B_90 = Term(
    rule="B-90",
    name="自作出行政处罚决定至公开的时间",
    value=7,
    unit=Unit.WD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(OPENNESS_OPINION),
    in_force_from=SINCE_OPENNESS_OPINION,
    evidence=Evidence.SECOND_HAND,
)
B_90_OTHER = Term(
    rule="B-90",
    key="other",
    name="自其他处理信息形成至公开的时间",
    value=20,
    unit=Unit.WD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(OPENNESS_OPINION),
    in_force_from=SINCE_OPENNESS_OPINION,
    evidence=Evidence.SECOND_HAND,
)
