"""Works tenders (W). Days without another word are calendar days (T-01)."""

from datetime import date
from fractions import Fraction

from gongheng.kernel.law import Law
from gongheng.kernel.terms.sources import (
    CONSTRUCTION_RULES,
    EVALUATION_RULES,
    TENDERING_LAW,
    TENDERING_REGULATION,
)
from gongheng.kernel.terms.term import Counting, Evidence, Kind, Term
from gongheng.kernel.units import Unit

SINCE_LAW = date(2000, 1, 1)
SINCE_REGULATION = date(2012, 2, 1)
SINCE_RULES = date(2013, 5, 1)
SINCE_EVALUATION_RULES = date(2001, 7, 5)

W_02 = Term(
    rule="W-02",
    name="邀请招标的被邀请人",
    value=3,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(TENDERING_LAW, "第十七条"),
    in_force_from=SINCE_LAW,
)
W_03 = Term(
    rule="W-03",
    name="资格预审文件或者招标文件的发售期",
    value=5,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BETWEEN,
    law=Law(TENDERING_REGULATION, "第十六条"),
    in_force_from=SINCE_REGULATION,
)
W_05 = Term(
    rule="W-05",
    name="自停止发售资格预审文件至提交资格预审申请文件的时间",
    value=5,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BETWEEN,
    law=Law(TENDERING_REGULATION, "第十七条"),
    in_force_from=SINCE_REGULATION,
)
W_06 = Term(
    rule="W-06",
    name="自招标文件开始发出至投标截止的时间",
    value=20,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BETWEEN,
    law=Law(TENDERING_LAW, "第二十四条"),
    in_force_from=SINCE_LAW,
)
W_07 = Term(
    rule="W-07",
    name="可能影响投标文件编制的澄清或者修改，距投标截止的时间",
    value=15,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BEFORE,
    law=Law(TENDERING_REGULATION, "第二十一条"),
    in_force_from=SINCE_REGULATION,
)
W_08 = Term(
    rule="W-08",
    name="可能影响资格预审申请文件编制的澄清或者修改，距提交截止的时间",
    value=3,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BEFORE,
    law=Law(TENDERING_REGULATION, "第二十一条"),
    in_force_from=SINCE_REGULATION,
)
W_09 = Term(
    rule="W-09",
    name="对招标文件提出异议，距投标截止的时间",
    value=10,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BEFORE,
    law=Law(TENDERING_REGULATION, "第二十二条"),
    in_force_from=SINCE_REGULATION,
)
W_09_PREQUALIFICATION = Term(
    rule="W-09",
    key="prequalification",
    name="对资格预审文件提出异议，距提交截止的时间",
    value=2,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.BEFORE,
    law=Law(TENDERING_REGULATION, "第二十二条"),
    in_force_from=SINCE_REGULATION,
)
W_10 = Term(
    rule="W-10",
    name="招标人答复异议的时间",
    value=3,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(TENDERING_REGULATION, "第二十二条"),
    in_force_from=SINCE_REGULATION,
)
W_14 = Term(
    rule="W-14",
    name="通过资格预审的申请人",
    value=3,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(TENDERING_REGULATION, "第十九条"),
    in_force_from=SINCE_REGULATION,
)
W_17 = Term(
    rule="W-17",
    name="投标人撤回投标文件后退还投标保证金的时间",
    value=5,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(TENDERING_REGULATION, "第三十五条"),
    in_force_from=SINCE_REGULATION,
)
W_18 = Term(
    rule="W-18",
    name="开标时间与投标截止时间的间隔",
    value=0,
    unit=Unit.MIN,
    kind=Kind.FIXED,
    counting=Counting.WITHIN,
    law=Law(TENDERING_LAW, "第三十四条"),
    in_force_from=SINCE_LAW,
)
W_19 = Term(
    rule="W-19",
    name="投标截止时的投标人",
    value=3,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(TENDERING_REGULATION, "第四十四条"),
    in_force_from=SINCE_REGULATION,
)
W_21 = Term(
    rule="W-21",
    name="评标委员会成员（单数）",
    value=5,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(TENDERING_LAW, "第三十七条"),
    in_force_from=SINCE_LAW,
)
W_21_EXPERTS = Term(
    rule="W-21",
    key="experts",
    name="评标委员会中技术、经济等方面专家的比例",
    value=Fraction(2, 3),
    unit=Unit.SHARE,
    kind=Kind.MIN,
    law=Law(TENDERING_LAW, "第三十七条"),
    in_force_from=SINCE_LAW,
)
W_23 = Term(
    rule="W-23",
    name="认为评标时间不够的评标委员会成员比例",
    value=Fraction(1, 3),
    unit=Unit.SHARE,
    kind=Kind.MIN,
    is_exclusive=True,
    law=Law(TENDERING_REGULATION, "第四十八条"),
    in_force_from=SINCE_REGULATION,
)
S_08 = Term(
    rule="S-08",
    name="提示可能低于成本的报价与有效报价平均值之比",
    value=85,
    unit=Unit.PERCENT,
    kind=Kind.RATE,
    law=Law(EVALUATION_RULES, "第二十一条"),
    in_force_from=SINCE_EVALUATION_RULES,
    evidence=Evidence.FROM_MEMORY,
)
W_26 = Term(
    rule="W-26",
    name="否决后不必判断是否明显缺乏竞争的有效投标",
    value=3,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(EVALUATION_RULES, "第二十七条"),
    in_force_from=SINCE_EVALUATION_RULES,
    evidence=Evidence.FROM_MEMORY,
)
W_27 = Term(
    rule="W-27",
    name="中标候选人",
    value=3,
    unit=Unit.COUNT,
    kind=Kind.MAX,
    law=Law(TENDERING_REGULATION, "第五十三条"),
    in_force_from=SINCE_REGULATION,
)
W_28 = Term(
    rule="W-28",
    name="中标候选人公示期",
    value=3,
    unit=Unit.CD,
    kind=Kind.MIN,
    counting=Counting.ON_VIEW,
    law=Law(TENDERING_REGULATION, "第五十四条"),
    in_force_from=SINCE_REGULATION,
)
W_28_START = Term(
    rule="W-28",
    key="start",
    name="自收到评标报告至公示中标候选人的时间",
    value=3,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(TENDERING_REGULATION, "第五十四条"),
    in_force_from=SINCE_REGULATION,
)
W_32 = Term(
    rule="W-32",
    name="自确定中标人至向监督部门提交书面报告的时间",
    value=15,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(TENDERING_LAW, "第四十七条"),
    in_force_from=SINCE_LAW,
)
W_33 = Term(
    rule="W-33",
    name="自中标通知书发出至订立书面合同的时间",
    value=30,
    unit=Unit.CD,
    kind=Kind.MAX,
    counting=Counting.WITHIN,
    law=Law(TENDERING_LAW, "第四十六条"),
    in_force_from=SINCE_LAW,
)
W_37 = Term(
    rule="W-37",
    name="可以不再招标的招标失败次数",
    value=2,
    unit=Unit.COUNT,
    kind=Kind.MIN,
    law=Law(CONSTRUCTION_RULES, "第三十八条"),
    in_force_from=SINCE_RULES,
    evidence=Evidence.FROM_MEMORY,
)
