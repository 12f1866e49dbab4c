"""From which sum a contract must be tendered (W-01): what the trading catalogue rests on."""

from datetime import date

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import COMPULSORY_RULES
from gongheng.kernel.terms.term import Evidence, Kind, Term
from gongheng.kernel.units import Unit

SINCE_SCOPE = date(2018, 6, 1)

W_01_WORKS = Term(
    rule="W-01",
    key="works",
    name="必须招标的施工单项合同估算价",
    value=4_000_000,
    unit=Unit.YUAN,
    kind=Kind.MIN,
    law=Law(COMPULSORY_RULES, "第五条"),
    in_force_from=SINCE_SCOPE,
    evidence=Evidence.FROM_MEMORY,
)
W_01_GOODS = Term(
    rule="W-01",
    key="goods",
    name="必须招标的重要设备、材料采购单项合同估算价",
    value=2_000_000,
    unit=Unit.YUAN,
    kind=Kind.MIN,
    law=Law(COMPULSORY_RULES, "第五条"),
    in_force_from=SINCE_SCOPE,
    evidence=Evidence.FROM_MEMORY,
)
W_01_SERVICES = Term(
    rule="W-01",
    key="services",
    name="必须招标的勘察、设计、监理等服务单项合同估算价",
    value=1_000_000,
    unit=Unit.YUAN,
    kind=Kind.MIN,
    law=Law(COMPULSORY_RULES, "第五条"),
    in_force_from=SINCE_SCOPE,
    evidence=Evidence.FROM_MEMORY,
)
