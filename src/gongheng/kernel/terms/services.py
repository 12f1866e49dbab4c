"""Common service steps (U) and the drift of the clock (T-10)."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import HOUSE_RULES
from gongheng.kernel.terms.term import Counting, Evidence, Kind, Term
from gongheng.kernel.units import Unit

# The clauses name no day that we could quote: in force from the first day of our calendar.
SINCE = date(2019, 1, 1)

T_10 = Term(
    rule="T-10",
    name="服务器时钟与国家授时的偏差",
    value=1,
    unit=Unit.SECOND,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE,
    evidence=Evidence.OWN_DECISION,
)
U_01 = Term(
    rule="U-01",
    name="自提交登记资料至作出受理决定的服务目标",
    value=1,
    unit=Unit.WD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE,
    evidence=Evidence.FROM_MEMORY,
)
U_05 = Term(
    rule="U-05",
    name="项目登记后无进展即予提醒的时间",
    value=90,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE,
    evidence=Evidence.SECOND_HAND,
)
U_05_CLOSE = Term(
    rule="U-05",
    key="close",
    name="提醒后仍无进展即予关闭的时间",
    value=7,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE,
    evidence=Evidence.SECOND_HAND,
)
U_07 = Term(
    rule="U-07",
    name="发布、开标、定标、终止和冻结退款的经办与复核人员",
    value=2,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(HOUSE_RULES),
    in_force_from=SINCE,
    evidence=Evidence.OWN_DECISION,
)
