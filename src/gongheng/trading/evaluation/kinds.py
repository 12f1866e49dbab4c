"""What a member is, what a verdict and an opinion may be, with their Chinese words. Plain Python."""

from enum import StrEnum

from gongheng.kernel.labels import Labelled
from gongheng.kernel.law import Law

REJECTION = Law("招标投标法实施条例", "第五十一条", rule="W-24")


class Group(StrEnum):
    """The groups of criteria in the tender documents, in the order in which they are judged."""

    FORM = "form"
    QUALIFICATION = "qualification"
    RESPONSE = "response"
    TECHNICAL = "technical"
    COMMERCIAL = "commercial"
    PRICE = "price"

    @property
    def label(self) -> str:
        """Return the group in Chinese."""
        return _GROUPS[self]


_GROUPS = {
    Group.FORM: "形式评审",
    Group.QUALIFICATION: "资格评审",
    Group.RESPONSE: "响应性评审",
    Group.TECHNICAL: "技术部分",
    Group.COMMERCIAL: "商务部分",
    Group.PRICE: "投标报价",
}


class Manner(StrEnum):
    """How a criterion is judged; ``QUANTITY`` counts what the documents turn into money (S-11)."""

    PASS = "pass"  # noqa: S105  no password: the word of the tender documents
    OBJECTIVE = "objective"
    SUBJECTIVE = "subjective"
    QUANTITY = "quantity"
    FORMULA = "formula"

    @property
    def must_be_equal(self) -> bool:
        """Tell whether all members must come to the same value (S-02)."""
        return self in {Manner.OBJECTIVE, Manner.QUANTITY}

    @property
    def label(self) -> str:
        """Return the manner in Chinese."""
        return _MANNERS[self]


_MANNERS = {
    Manner.PASS: "符合性审查",
    Manner.OBJECTIVE: "客观分，各成员评分应当一致",
    Manner.SUBJECTIVE: "主观分，各成员独立评分",
    Manner.QUANTITY: "折算数量，各成员应当一致",
    Manner.FORMULA: "由系统按公式计算",
}


class Method(StrEnum):
    """The evaluation methods that the documents may choose (W-41)."""

    LOWEST = "lowest"
    COMPREHENSIVE = "comprehensive"

    @property
    def label(self) -> str:
        """Return the method in Chinese."""
        return {Method.LOWEST: "经评审的最低投标价法", Method.COMPREHENSIVE: "综合评估法"}[self]


class Ground(Labelled):
    """The seven grounds on which the law lets a bid be rejected, and no other (W-24)."""

    UNSIGNED = "unsigned", "投标文件未经投标单位盖章和单位负责人签字"
    CONSORTIUM = "consortium", "投标联合体没有提交共同投标协议"
    UNQUALIFIED = "unqualified", "投标人不符合国家或者招标文件规定的资格条件"
    TWO_BIDS = "two_bids", "同一投标人提交两个以上不同的投标文件或者投标报价"
    PRICE = "price", "投标报价低于成本或者高于招标文件设定的最高投标限价"
    UNRESPONSIVE = "unresponsive", "投标文件没有对招标文件的实质性要求和条件作出响应"
    UNLAWFUL = "unlawful", "投标人有串通投标、弄虚作假、行贿等违法行为"


class MemberKind(Labelled):
    """Whence a member comes."""

    EXPERT = "expert", "随机抽取的专家"
    REPRESENTATIVE = "representative", "招标人代表"


class MemberState(Labelled):
    """Where a member stands; only those who declared judge."""

    INVITED = "invited", "待声明"
    ACTIVE = "active", "已声明无回避情形"
    AVOIDED = "avoided", "已回避"
    REPLACED = "replaced", "已更换"


STANDING = frozenset({MemberState.INVITED, MemberState.ACTIVE})
"""Members who belong to the committee: one who avoids or was replaced does not."""


class ReplacementCause(Labelled):
    """The causes for which a member may be replaced, and no other (W-22)."""

    AVOIDANCE = "avoidance", "有回避事由"
    ABSENCE = "absence", "擅离职守"
    ILLNESS = "illness", "因健康等原因不能继续评标"


class Opinion(Labelled):
    """What a member says to the report; ``NOTED`` is the chair's note of a refusal (W-27)."""

    AGREED = "agreed", "同意并签字"
    DISSENTED = "dissented", "签字并书面说明不同意见"
    REFUSED = "refused", "拒绝签字，未说明理由，视为同意"
    REFUSED_WITH_REASON = "refused_with_reason", "拒绝签字并书面说明不同意见和理由"
    NOTED = "noted", "拒绝签字又不说明，由负责人记录在案，视为同意"


class Conclusion(Labelled):
    """What an evaluation comes to; the values are the outcomes of the step."""

    RANKED = "ranked", "推荐中标候选人"
    NO_COMPETITION = "no_competition", "有效投标不足且明显缺乏竞争，否决全部投标"
    ALL_REJECTED = "all_rejected", "全部投标被否决"


class RequestKind(Labelled):
    """What the committee asks a bidder in writing (W-25, S-09)."""

    CLARIFICATION = "clarification", "澄清、说明"
    CORRECTION = "correction", "算术修正确认"
    LOW_PRICE = "low_price", "报价明显偏低的书面说明和证明"


class RequestState(Labelled):
    """What became of a request."""

    ASKED = "asked", "等待投标人答复"
    ANSWERED = "answered", "已答复"
    ACCEPTED = "accepted", "已书面确认"
    REFUSED = "refused", "未予确认"
    UNANSWERED = "unanswered", "期满未答复"
