"""What tender documents must hold, and what they may not ask for."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from gongheng.kernel import terms
from gongheng.kernel.law import Law
from gongheng.kernel.money import CENT, rounded, yuan
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms import Term
from gongheng.kernel.terms.electronic import E_06, E_06_LONGEST
from gongheng.trading.documents.kinds import (
    PASSING,
    PRELIMINARY,
    CriterionFacts,
    DocumentFacts,
    EvaluationMethod,
    Group,
    Manner,
)

REGULATION = "招标投标法实施条例"
FULL_MARK = Decimal(100)

NOT_EDITABLE = Reason(
    code="documents.not_editable",
    message="招标文件已通过公平竞争审查或已经发出，不能直接修改。",
    law=Law(REGULATION, "第二十一条", rule="W-07"),
    remedy="发出后需要修改的，请办理澄清或修改，形成新的版本。",
)
STALE = Reason(
    code="documents.stale",
    message="在您填写期间，同单位的经办人修改了招标文件草稿。",
    remedy="您填写的内容仍在页面上；请打开新窗口核对现在的草稿，确认后再次保存。",
)
INCOMPLETE = Reason(
    code="documents.incomplete",
    message="招标文件还不完整，或有不符合规定的内容。",
    law=Law(REGULATION, "第四十九条", rule="W-41"),
    remedy="请按逐项提示修改后再继续。",
)
NO_DRAFT = Reason(
    code="documents.no_draft",
    message="这个标段还没有编制招标文件。",
    law=Law("招标投标法", "第十九条"),
    remedy="请先编制招标文件，并由另一人作公平竞争审查。",
)
POINTS_NOT_FULL = Reason(
    code="documents.points_not_full",
    message="综合评估法各项评分标准的满分之和必须是100分。",
    law=Law("评标委员会和评标方法暂行规定", "第三十五条", rule="S-02"),
    remedy="请调整技术、商务、报价各项的满分，使合计正好100分。",
)
PRICE_CRITERION = Reason(
    code="documents.price_criterion",
    message="综合评估法的投标报价部分应当有且只有一项按公式计算的评分标准。",
    law=Law("评标委员会和评标方法暂行规定", "第三十五条", rule="S-03"),
    remedy="请在“投标报价”组保留一项评分制标准。",
)
POINTS_IN_LOWEST = Reason(
    code="documents.points_in_lowest",
    message="经评审的最低投标价法不评分，技术和商务部分只作合格性审查。",
    law=Law("评标委员会和评标方法暂行规定", "第三十条", rule="S-11"),
    remedy="请把各项标准改为合格制，或改选综合评估法。",
)
POINTS_IN_PRELIMINARY = Reason(
    code="documents.points_in_preliminary",
    message="形式、资格和响应性评审是合格性审查，不能评分。",
    law=Law("招标投标法实施条例", "第五十一条", rule="W-24"),
    remedy="请把该项改为合格制，或移到技术、商务部分。",
)
POINTS_UNREADABLE = Reason(
    code="documents.points_unreadable",
    message="评分项的满分应当大于0、不超过100，最多两位小数；合格制的项目没有满分。",
    remedy="请核对该项的评审方式和满分。",
)
GROUP_EMPTY = Reason(
    code="documents.group_empty",
    message="缺少一组评审标准：没有载明的标准不得作为评标依据。",
    law=Law(REGULATION, "第四十九条", rule="W-41"),
    remedy="请在提示的组中至少载明一项标准。",
)
TITLE_TWICE = Reason(
    code="documents.title_twice",
    message="同一组中有两项名称相同的评审标准。",
    remedy="请合并或改名，使评委能够区分。",
)
BOND_TOO_HIGH = Reason(
    code="documents.bond_too_high",
    message="投标保证金超过法定限额。",
    law=Law(REGULATION, "第二十六条", rule="F-01"),
    remedy="请按提示的限额降低投标保证金。",
)
NO_VALIDITY = Reason(
    code="documents.no_validity",
    message="没有载明投标有效期。",
    law=Law(REGULATION, "第二十五条", rule="W-12"),
    remedy="请填写投标有效期的日历天数；有效期从投标截止之日起算，投标保证金有效期与其一致。",
)
NO_CEILING = Reason(
    code="documents.no_ceiling",
    message="最高投标限价应当为大于零的金额；没有定额的，应当载明计算方法。",
    law=Law(REGULATION, "第二十七条", rule="A-03"),
    remedy="请填写最高投标限价，或在说明中写明其计算方法；不设限价的，请在说明中写明不设。",
)
NO_CLAUSE = Reason(
    code="documents.no_clause",
    message="没有载明投标文件的两段式解密办法。",
    law=Law("电子招标投标办法", "第三十条", rule="E-31"),
    remedy="请保留模板中的两段式解密条款。",
)
DECRYPTION_TIME = Reason(
    code="documents.decryption_time",
    message="投标人解密时间不在规定的范围内。",
    law=Law("电子招标投标办法", "第三十条", rule="E-06"),
    remedy="请填写 30 至 60 分钟。",
)
NOTHING_SAID = Reason(
    code="documents.nothing_said",
    message="招标文件缺少法定内容。",
    law=Law("招标投标法", "第十九条"),
    remedy="请填写提示的内容。",
)
NOT_REVIEWED = Reason(
    code="documents.not_reviewed",
    message="招标文件还没有通过公平竞争审查，或审查后又作了修改。",
    law=Law("公平竞争审查条例", "第十四条", rule="W-38"),
    remedy="请由编制人以外的另一人审查现在的内容，写明结论和理由。",
)
SAME_REVIEWER = Reason(
    code="documents.same_reviewer",
    message="编制招标文件的人不能审查自己编制的内容。",
    law=Law("公共资源交易平台管理要求", "双人复核", rule="U-07"),
    remedy="请由本单位另一位经办人审查。",
)
NO_REASONS = Reason(
    code="documents.no_reasons",
    message="审查记录缺少理由；有例外情形的，还应写明例外情形及其依据。",
    law=Law("公平竞争审查条例", "第十二条"),
    remedy="请填写审查理由；结论为例外的，请写明适用的例外情形和法律依据。",
)
POLICY_BOUND = Reason(
    code="documents.policy_bound",
    message="本标段的投标文件加密方案已经确定，不能更换。",
    law=Law("电子招标投标办法", "第三十条", rule="E-31"),
    remedy="请使用已经确定的加密方案。",
)
NOT_ON_VIEW = Reason(
    code="documents.not_on_view",
    message="现在不是招标文件的获取时间。",
    law=Law(REGULATION, "第十六条", rule="W-03"),
    remedy="请在公告载明的获取时间内下载；时间已过的，可以查看招标公告和已公布的澄清修改。",
)


def bond_limits(on: date) -> tuple[Term, Term]:
    """Return the share of the estimate and the sum that no deposit for works may exceed (F-01)."""
    return terms.in_force("F-01", on), terms.in_force("F-01", on, "construction")


def highest_bond(estimate: Decimal, on: date) -> Decimal:
    """Return the highest lawful deposit of a lot of works, in yuan (F-01)."""
    share, most = bond_limits(on)
    return min(rounded(share.share_of(estimate)), yuan(str(most.value)))


def require_bond(bond: Decimal | None, *, estimate: Decimal, on: date) -> None:
    """Refuse a deposit above one of the two limits. Raises ``Refusal`` (BOND_TOO_HIGH)."""
    share, most = bond_limits(on)
    if bond is None:
        return
    if bond > share.share_of(estimate) or not most.admits(bond):
        raise Refusal(BOND_TOO_HIGH, highest=highest_bond(estimate, on), limits=(share, most))


def require_points(criteria: Sequence[CriterionFacts], *, method: str) -> None:
    """Refuse marks that the evaluation method does not know or that do not make up the full mark.

    Raises ``Refusal`` (POINTS_UNREADABLE, POINTS_IN_PRELIMINARY, POINTS_IN_LOWEST, PRICE_CRITERION,
    POINTS_NOT_FULL).
    """
    scored = [criterion for criterion in criteria if criterion.method == Manner.POINTS]
    for criterion in criteria:
        _require_readable(criterion)
    if any(criterion.group in PRELIMINARY for criterion in scored):
        raise Refusal(POINTS_IN_PRELIMINARY)
    if method == EvaluationMethod.LOWEST:
        if scored:
            raise Refusal(POINTS_IN_LOWEST)
        return
    prices = [criterion for criterion in criteria if criterion.group == Group.PRICE]
    if [criterion.method for criterion in prices] != [Manner.POINTS]:
        raise Refusal(PRICE_CRITERION)
    total = total_of(criteria)
    if total != FULL_MARK:
        raise Refusal(POINTS_NOT_FULL, total=total)


def total_of(criteria: Sequence[CriterionFacts]) -> Decimal:
    """Return what the full marks add up to."""
    return sum((criterion.points or Decimal(0) for criterion in criteria), Decimal(0))


def _require_readable(criterion: CriterionFacts) -> None:
    points = criterion.points
    if criterion.method == Manner.PASS:
        is_right = points is None
    else:
        is_right = (
            points is not None
            and points.is_finite()
            and 0 < points <= FULL_MARK
            and points == points.quantize(CENT)
        )
    if not is_right:
        raise Refusal(POINTS_UNREADABLE, title=criterion.title, points=points)


def require_groups(criteria: Sequence[CriterionFacts], *, method: str) -> None:
    """Refuse documents that leave a group without a criterion, or name one twice.

    The lowest price needs no criterion for the price: what is added to it stands in the price rule.
    Raises ``Refusal`` (GROUP_EMPTY, fact ``missing``; TITLE_TWICE).
    """
    needed = list(Group)
    if method == EvaluationMethod.LOWEST:
        needed = [Group.FORM, Group.QUALIFICATION, Group.RESPONSE, Group.TECHNICAL]
    present = {criterion.group for criterion in criteria}
    if missing := tuple(group.label for group in needed if group not in present):
        raise Refusal(GROUP_EMPTY, missing=missing)
    names = [(criterion.group, criterion.title.strip()) for criterion in criteria]
    if len(set(names)) != len(names):
        raise Refusal(TITLE_TWICE)


def require_contents(facts: DocumentFacts) -> None:
    """Refuse documents that leave out what the law asks for. Raises ``Refusal``."""
    said: Mapping[str, str] = {
        "招标范围": facts.scope,
        "技术和质量要求": facts.requirements,
        "合同主要条款": facts.contract_terms,
        "质量要求": facts.quality,
    }
    if missing := tuple(name for name, text in said.items() if not text.strip()):
        raise Refusal(NOTHING_SAID, missing=missing)
    if facts.duration_days <= 0:
        raise Refusal(NOTHING_SAID, missing=("工期",))
    if facts.validity_days <= 0:
        raise Refusal(NO_VALIDITY)
    has_ceiling = facts.ceiling is not None and facts.ceiling > 0
    if not has_ceiling and (facts.ceiling is not None or not facts.ceiling_note.strip()):
        raise Refusal(NO_CEILING)
    if "两段" not in facts.two_phase_clause:
        raise Refusal(NO_CLAUSE)
    if not E_06.periods <= facts.decryption_minutes <= E_06_LONGEST.periods:
        raise Refusal(DECRYPTION_TIME, minutes=facts.decryption_minutes)


def defects(
    facts: DocumentFacts, criteria: Sequence[CriterionFacts], *, estimate: Decimal, on: date
) -> list[Refusal]:
    """Return everything for which documents may not be issued; nothing when they are in order."""
    return list(_refused(facts, criteria, estimate=estimate, on=on))


def _refused(
    facts: DocumentFacts, criteria: Sequence[CriterionFacts], *, estimate: Decimal, on: date
) -> Iterator[Refusal]:
    method = facts.evaluation_method
    checks: tuple[Callable[[], None], ...] = (
        lambda: require_contents(facts),
        lambda: require_bond(facts.bond_amount, estimate=estimate, on=on),
        lambda: require_groups(criteria, method=method),
        lambda: require_points(criteria, method=method),
    )
    for check in checks:
        try:
            check()
        except Refusal as refusal:
            yield refusal


def require_complete(found: Sequence[Refusal]) -> None:
    """Refuse documents with defects. Raises ``Refusal`` (INCOMPLETE, fact ``defects``)."""
    if found:
        raise Refusal(INCOMPLETE, defects=tuple(str(refusal) for refusal in found))


def require_reviewed(*, conclusion: str | None, reviewed: str, current: str) -> None:
    """Refuse documents without a passing review of just these contents (digests of the body).

    Raises ``Refusal`` (NOT_REVIEWED).
    """
    if conclusion not in PASSING or reviewed != current:
        raise Refusal(NOT_REVIEWED, conclusion=conclusion)


def require_reasoned(*, reasons: str, exceptions: str, is_exception: bool) -> None:
    """Refuse a review without its reasons. Raises ``Refusal`` (NO_REASONS)."""
    if not reasons.strip() or (is_exception and not exceptions.strip()):
        raise Refusal(NO_REASONS)


def require_revision(*, stated: int, current: int) -> None:
    """Refuse to write over a draft that was not read. Raises ``Refusal`` (STALE)."""
    if stated != current:
        raise Refusal(STALE, stated=stated, current=current)
