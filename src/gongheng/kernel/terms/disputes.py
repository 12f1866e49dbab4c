"""Objections and complaints (D), the chain of the tendering law.

D-01 says what W-09, W-10 and W-28 fix; its numbers stand there only.
"""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import TENDERING_REGULATION
from gongheng.kernel.terms.term import Counting, Kind, Term
from gongheng.kernel.units import Unit

SINCE_REGULATION = date(2012, 2, 1)

D_02 = Term(
    rule="D-02",
    name="自知道或者应当知道之日起投诉的时间",
    value=10,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(TENDERING_REGULATION, "第六十条"),
    in_force_from=SINCE_REGULATION,
)
D_03 = Term(
    rule="D-03",
    name="自受理投诉至作出处理决定的时间",
    value=30,
    unit=Unit.WD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(TENDERING_REGULATION, "第六十一条"),
    in_force_from=SINCE_REGULATION,
)
D_03_ACCEPTANCE = Term(
    rule="D-03",
    key="acceptance",
    name="自收到投诉至决定是否受理的时间",
    value=3,
    unit=Unit.WD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(TENDERING_REGULATION, "第六十一条"),
    in_force_from=SINCE_REGULATION,
)
