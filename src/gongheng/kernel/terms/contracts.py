"""Contract and performance (H)."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import TENDERING_REGULATION
from gongheng.kernel.terms.term import Kind, Term
from gongheng.kernel.units import Unit

SINCE_REGULATION = date(2012, 2, 1)

H_02 = Term(
    rule="H-02",
    name="中标人无正当理由不订立合同的罚款占中标金额的比例",
    value=1,
    unit=Unit.PERCENT,
    kind=Kind.MAX,
    law=Law(TENDERING_REGULATION, "第七十四条"),
    in_force_from=SINCE_REGULATION,
)
