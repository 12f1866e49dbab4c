"""Government procurement by tender (G): what follows the notice of award."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import PROCUREMENT_LAW, PROCUREMENT_REGULATION
from gongheng.kernel.terms.term import Counting, Kind, Term
from gongheng.kernel.units import Unit

SINCE_LAW = date(2003, 1, 1)
SINCE_REGULATION = date(2015, 3, 1)

G_07_CONTRACT = Term(
    rule="G-07",
    key="contract",
    name="自中标、成交通知书发出至签订政府采购合同的时间",
    value=30,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(PROCUREMENT_LAW, "第四十六条"),
    in_force_from=SINCE_LAW,
)
G_07_BULLETIN = Term(
    rule="G-07",
    key="bulletin",
    name="自政府采购合同签订至公告合同的时间",
    value=2,
    unit=Unit.WD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(PROCUREMENT_REGULATION, "第五十条"),
    in_force_from=SINCE_REGULATION,
)
