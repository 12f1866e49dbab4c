"""Who may sit on an evaluation committee (W-21, W-22): decided without tables, clock or network."""

from collections.abc import Collection, Sequence
from datetime import date
from fractions import Fraction

from gongheng.kernel import terms
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.evaluation.kinds import MemberKind

COMMITTEE_LAW = Law("招标投标法", "第三十七条", rule="W-21")

SIZE = Reason(
    code="evaluation.committee_size",
    message="评标委员会成员人数应为五人以上单数。",
    law=COMMITTEE_LAW,
    remedy="请增加或减少成员后重新提交。",
)
MIX = Reason(
    code="evaluation.committee_mix",
    message="评标委员会中技术、经济等方面的专家不得少于成员总数的三分之二。",
    law=COMMITTEE_LAW,
    remedy="请增加专家或减少招标人代表。",
)
TWICE = Reason(
    code="evaluation.member_twice",
    message="同一账号不能在评标委员会中出现两次。",
    law=COMMITTEE_LAW,
    remedy="请删去重复的成员。",
)
NO_EXPERT = Reason(
    code="evaluation.no_expert",
    message="没有这个评标专家账号，或账号当前没有评标专家角色。",
    remedy="请按抽取函核对账号；招标人代表也须先开通评标账号。",
)
SAME_ORGANISATION = Reason(
    code="evaluation.same_organisation",
    message="与招标人、代理机构或者投标人同属一个单位的人员不能作为本项目的评标专家。",
    law=Law("招标投标法", "第三十七条", rule="W-22"),
    remedy="请由抽取机构补充抽取；已进入评标委员会的，请办理回避。",
)
NOT_OF_TENDERER = Reason(
    code="evaluation.not_of_tenderer",
    message="招标人代表应当是招标人本单位的人员。",
    law=COMMITTEE_LAW,
    remedy="请改为招标人本单位的代表，或按随机抽取的专家填写。",
)


def require_committee(kinds: Sequence[str], *, on: date) -> None:
    """Refuse a committee of an unlawful size or mix (W-21). Raises ``Refusal`` (SIZE, MIX)."""
    size = len(kinds)
    if not terms.in_force("W-21", on).admits(size) or size % 2 == 0:
        raise Refusal(SIZE, size=size)
    experts = sum(1 for kind in kinds if kind == MemberKind.EXPERT)
    if not terms.in_force("W-21", on, "experts").admits(Fraction(experts, size)):
        raise Refusal(MIX, size=size, experts=experts)


def require_unbiased(
    kind: str, *, organisation: str, tenderer: str, agency: str, bidders: Collection[str] = ()
) -> None:
    """Refuse a member who belongs to a party of the case (W-22, W-21).

    Raises ``Refusal`` (SAME_ORGANISATION, NOT_OF_TENDERER).
    """
    if organisation and organisation in bidders:
        raise Refusal(SAME_ORGANISATION)
    if kind == MemberKind.REPRESENTATIVE:
        if organisation != tenderer:
            raise Refusal(NOT_OF_TENDERER)
    elif organisation and organisation in {tenderer, agency}:
        raise Refusal(SAME_ORGANISATION)
