"""Actors and secrecy (A)."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import DUTIES, HOUSE_RULES, TENDERING_REGULATION
from gongheng.kernel.terms.term import Evidence, Kind, Term
from gongheng.kernel.units import Unit

SINCE_REGULATION = date(2012, 2, 1)
# The clauses name no day that we could quote: in force from the first day of our calendar.
SINCE_DUTIES = date(2019, 1, 1)

A_02 = Term(
    rule="A-02",
    name="标底",
    value=1,
    unit=Unit.COUNT,
    kind=Kind.MAX,
    law=Law(TENDERING_REGULATION, "第二十七条"),
    in_force_from=SINCE_REGULATION,
)
A_10 = Term(
    rule="A-10",
    name="系统管理、安全管理、审计管理的分设人员",
    value=3,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(DUTIES, "000-22"),
    in_force_from=SINCE_DUTIES,
)
A_13 = Term(
    rule="A-13",
    name="提前开启保密事项的批准人",
    value=2,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE_DUTIES,
    evidence=Evidence.OWN_DECISION,
)
