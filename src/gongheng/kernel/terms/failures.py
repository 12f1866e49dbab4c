"""Failure and re-tender (Q). Q-01 says what W-19 fixes."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import HOUSE_RULES
from gongheng.kernel.terms.term import Evidence, Kind, Term
from gongheng.kernel.units import Unit

SINCE_RULES = date(2013, 5, 1)

Q_08 = Term(
    rule="Q-08",
    name="成功解密的投标文件",
    value=3,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE_RULES,
    evidence=Evidence.OWN_DECISION,
)
