"""Deposits and bonds (F)."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import (
    CONSTRUCTION_RULES,
    HOUSE_RULES,
    SURVEY_RULES,
    TENDERING_REGULATION,
)
from gongheng.kernel.terms.term import Counting, Evidence, Kind, Term
from gongheng.kernel.units import Unit

SINCE_SURVEY = date(2003, 8, 1)
SINCE_REGULATION = date(2012, 2, 1)
SINCE_RULES = date(2013, 5, 1)

F_01 = Term(
    rule="F-01",
    name="投标保证金占招标项目估算价的比例",
    value=2,
    unit=Unit.PERCENT,
    kind=Kind.MAX,
    law=Law(TENDERING_REGULATION, "第二十六条"),
    in_force_from=SINCE_REGULATION,
)
F_01_CONSTRUCTION = Term(
    rule="F-01",
    key="construction",
    name="施工和货物招标的投标保证金",
    value=800_000,
    unit=Unit.YUAN,
    kind=Kind.MAX,
    law=Law(CONSTRUCTION_RULES, "第三十七条"),
    in_force_from=SINCE_RULES,
    evidence=Evidence.FROM_MEMORY,
)
F_01_SURVEY = Term(
    rule="F-01",
    key="survey",
    name="勘察设计招标的投标保证金",
    value=100_000,
    unit=Unit.YUAN,
    kind=Kind.MAX,
    law=Law(SURVEY_RULES, "第二十四条"),
    in_force_from=SINCE_SURVEY,
    evidence=Evidence.FROM_MEMORY,
)
F_03 = Term(
    rule="F-03",
    name="自合同签订至退还投标保证金及利息的时间",
    value=5,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(TENDERING_REGULATION, "第五十七条"),
    in_force_from=SINCE_REGULATION,
)
F_05 = Term(
    rule="F-05",
    name="履约保证金占中标合同金额的比例",
    value=10,
    unit=Unit.PERCENT,
    kind=Kind.MAX,
    law=Law(TENDERING_REGULATION, "第五十八条"),
    in_force_from=SINCE_REGULATION,
)
F_10 = Term(
    rule="F-10",
    name="退还期限届满前发出提醒的时点",
    value=60,
    unit=Unit.PERCENT,
    kind=Kind.RATE,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE_RULES,
    evidence=Evidence.OWN_DECISION,
)
