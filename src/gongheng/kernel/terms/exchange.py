"""What the nation measures of a province's uploads (KM)."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import DUTIES
from gongheng.kernel.terms.term import Counting, Kind, Term
from gongheng.kernel.units import Unit

# The clauses name no day that we could quote: in force from the first day of our calendar.
SINCE = date(2019, 1, 1)

KM_01 = Term(
    rule="KM-01",
    name="上传数据合格率",
    value=95,
    unit=Unit.PERCENT,
    kind=Kind.MIN,
    law=Law(DUTIES, "000-8"),
    in_force_from=SINCE,
)
KM_02 = Term(
    rule="KM-02",
    name="本地发布至上传国家平台的间隔（恰为该时长即为超时）",
    value=10,
    unit=Unit.MIN,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    is_exclusive=True,
    law=Law(DUTIES, "000-9"),
    in_force_from=SINCE,
)
KM_03 = Term(
    rule="KM-03",
    name="数据及时报送率",
    value=95,
    unit=Unit.PERCENT,
    kind=Kind.MIN,
    law=Law(DUTIES, "000-9"),
    in_force_from=SINCE,
)
KM_04 = Term(
    rule="KM-04",
    name="退回数据修复成功率",
    value=90,
    unit=Unit.PERCENT,
    kind=Kind.MIN,
    law=Law(DUTIES, "000-11"),
    in_force_from=SINCE,
)
KM_05 = Term(
    rule="KM-05",
    name="交换前置系统可用率",
    value=98,
    unit=Unit.PERCENT,
    kind=Kind.MIN,
    law=Law(DUTIES, "000-13"),
    in_force_from=SINCE,
)
KM_06 = Term(
    rule="KM-06",
    name="网络年可用率",
    value=99,
    unit=Unit.PERCENT,
    kind=Kind.MIN,
    law=Law(DUTIES, "000-18"),
    in_force_from=SINCE,
)
KM_07 = Term(
    rule="KM-07",
    name="省级平台年可用率",
    value=99,
    unit=Unit.PERCENT,
    kind=Kind.MIN,
    law=Law(DUTIES, "000-27"),
    in_force_from=SINCE,
)
