from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.documents import restrictions, rules
from gongheng.trading.documents.kinds import (
    TWO_PHASE_CLAUSE,
    Conclusion,
    CriterionFacts,
    DocumentFacts,
    EvaluationMethod,
    Group,
    Manner,
)
from gongheng.trading.documents.templates_of_works import criteria as usual_criteria

TODAY = date(2026, 10, 12)
FACTS = DocumentFacts(
    evaluation_method=EvaluationMethod.COMPREHENSIVE,
    validity_days=90,
    duration_days=180,
    quality="合格",
    scope="道路工程施工",
    requirements="符合国家标准",
    contract_terms="采用示范文本",
    ceiling=Decimal("13500000.00"),
)
COMPREHENSIVE, LOWEST = EvaluationMethod.COMPREHENSIVE, EvaluationMethod.LOWEST


def _points(group: Group, title: str, points: Any) -> CriterionFacts:
    mark = None if points is None else Decimal(points)
    return CriterionFacts(
        group=group, title=title, text="见标准", method=Manner.POINTS, points=mark
    )


def _refused(expected: Reason, check: Any, *arguments: Any, **more: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        check(*arguments, **more)
    assert refusal.value.reason is expected


@pytest.mark.parametrize("method", list(EvaluationMethod))
def test_the_usual_criteria_of_both_methods_are_in_order(method: EvaluationMethod) -> None:
    facts = replace(FACTS, evaluation_method=method)

    assert (
        rules.defects(facts, usual_criteria(method), estimate=Decimal(13_500_000), on=TODAY) == []
    )


@pytest.mark.parametrize(
    ("price", "technical", "is_right"),
    [("40", "60", True), ("40.01", "59.99", True), ("40", "59.99", False), ("40", "60.01", False)],
)
def test_full_marks_are_a_hundred_to_the_cent(price: str, technical: str, is_right: bool) -> None:  # noqa: FBT001
    criteria = [_points(Group.PRICE, "报价", price), _points(Group.TECHNICAL, "方案", technical)]

    if is_right:
        rules.require_points(criteria, method=COMPREHENSIVE)
    else:
        _refused(rules.POINTS_NOT_FULL, rules.require_points, criteria, method=COMPREHENSIVE)


@pytest.mark.parametrize("points", ["0", "-1", "100.01", "1.005", "NaN", "Infinity", None])
def test_a_mark_that_nobody_could_give_is_refused(points: str | None) -> None:
    criteria = [_points(Group.PRICE, "报价", "100"), _points(Group.TECHNICAL, "方案", points)]

    _refused(rules.POINTS_UNREADABLE, rules.require_points, criteria, method=COMPREHENSIVE)


def test_what_is_only_passed_has_no_mark() -> None:
    criterion = replace(_points(Group.FORM, "签章", "5"), method=Manner.PASS)

    _refused(rules.POINTS_UNREADABLE, rules.require_points, [criterion], method=LOWEST)


@pytest.mark.parametrize("group", [Group.FORM, Group.QUALIFICATION, Group.RESPONSE])
def test_a_preliminary_review_gives_no_marks(group: Group) -> None:
    criteria = [_points(Group.PRICE, "报价", "90"), _points(group, "资质", "10")]

    _refused(rules.POINTS_IN_PRELIMINARY, rules.require_points, criteria, method=COMPREHENSIVE)


def test_the_lowest_price_gives_no_marks_at_all() -> None:
    criteria = [_points(Group.TECHNICAL, "方案", "100")]

    _refused(rules.POINTS_IN_LOWEST, rules.require_points, criteria, method=LOWEST)


@pytest.mark.parametrize("count", [0, 2])
def test_one_formula_gives_the_marks_of_the_price(count: int) -> None:
    prices = [_points(Group.PRICE, f"报价{number}", "20") for number in range(count)]
    rest = _points(Group.TECHNICAL, "方案", 100 - 20 * count)

    _refused(rules.PRICE_CRITERION, rules.require_points, [*prices, rest], method=COMPREHENSIVE)


@given(st.lists(st.decimals(min_value="0.01", max_value="99.99", places=2), max_size=12))
def test_documents_pass_exactly_when_the_marks_are_a_hundred(marks: list[Decimal]) -> None:
    criteria = [_points(Group.TECHNICAL, f"因素{n}", mark) for n, mark in enumerate(marks)]
    rest = Decimal(100) - sum(marks, Decimal(0))
    price = rest if 0 < rest <= 100 else Decimal(50)
    criteria.append(_points(Group.PRICE, "报价", price))

    if price == rest:
        rules.require_points(criteria, method=COMPREHENSIVE)
    else:
        _refused(rules.POINTS_NOT_FULL, rules.require_points, criteria, method=COMPREHENSIVE)


@pytest.mark.parametrize("missing", list(Group))
def test_each_group_has_its_criteria(missing: Group) -> None:
    criteria = [one for one in usual_criteria(COMPREHENSIVE) if one.group != missing]

    _refused(rules.GROUP_EMPTY, rules.require_groups, criteria, method=COMPREHENSIVE)


def test_two_criteria_of_a_name_are_refused() -> None:
    criteria = usual_criteria(COMPREHENSIVE)

    _refused(
        rules.TITLE_TWICE, rules.require_groups, [*criteria, criteria[0]], method=COMPREHENSIVE
    )


@pytest.mark.parametrize(
    ("estimate", "bond", "is_right"),
    [
        ("13500000.00", "270000.00", True),
        ("13500000.00", "270000.01", False),
        ("40000000.00", "800000.00", True),
        ("99000000.00", "800000.01", False),
        ("99000000.00", None, True),
    ],
)
def test_a_deposit_is_two_percent_and_eight_hundred_thousand_at_most(
    estimate: str,
    bond: str | None,
    is_right: bool,  # noqa: FBT001
) -> None:
    asked = {"estimate": Decimal(estimate), "on": TODAY}
    amount = None if bond is None else Decimal(bond)

    if is_right:
        rules.require_bond(amount, **asked)
    else:
        _refused(rules.BOND_TOO_HIGH, rules.require_bond, amount, **asked)


@given(st.decimals(min_value="0.01", max_value="1e9", places=2))
def test_the_highest_deposit_is_itself_lawful_unless_rounding_lifts_it(estimate: Decimal) -> None:
    highest = rules.highest_bond(estimate, TODAY)

    assert highest <= Decimal(800_000)
    assert highest - estimate * Decimal("0.02") <= Decimal("0.005")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"validity_days": 0}, rules.NO_VALIDITY),
        ({"ceiling": None}, rules.NO_CEILING),
        ({"ceiling": Decimal(0), "ceiling_note": "见清单"}, rules.NO_CEILING),
        ({"scope": " "}, rules.NOTHING_SAID),
        ({"duration_days": 0}, rules.NOTHING_SAID),
        ({"two_phase_clause": "按惯例开标"}, rules.NO_CLAUSE),
        ({"decryption_minutes": 29}, rules.DECRYPTION_TIME),
        ({"decryption_minutes": 61}, rules.DECRYPTION_TIME),
    ],
)
def test_what_the_law_asks_for_is_said(changes: dict[str, Any], reason: Reason) -> None:
    rules.require_contents(FACTS)
    rules.require_contents(replace(FACTS, ceiling=None, ceiling_note="按评审基准价的百分之九十五"))

    _refused(reason, rules.require_contents, replace(FACTS, **changes))


@pytest.mark.parametrize(
    ("conclusion", "reviewed", "is_right"),
    [
        (Conclusion.PASSED, "aa", True),
        (Conclusion.EXCEPTION, "aa", True),
        (Conclusion.FAILED, "aa", False),
        (Conclusion.PASSED, "bb", False),
        (None, "", False),
    ],
)
def test_only_a_passing_review_of_just_these_contents_counts(
    conclusion: Conclusion | None,
    reviewed: str,
    is_right: bool,  # noqa: FBT001
) -> None:
    asked = {"conclusion": conclusion, "reviewed": reviewed, "current": "aa"}

    if is_right:
        rules.require_reviewed(**asked)  # type: ignore[arg-type]
    else:
        _refused(rules.NOT_REVIEWED, rules.require_reviewed, **asked)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("只向入选单位提供图纸", "unequal_information"),
        ("只组织入围单位踏勘现场", "site_visit"),
        ("招标人将分别组织踏勘", "site_visit"),
        ("投标人必须参加现场踏勘", "site_visit"),
        ("未参加踏勘的，其投标将被否决", "site_visit"),
        ("须提交踏勘证明", "site_visit"),
        ("中标人可以转包", "subcontract"),
        ("主体工程可以依法分包", "subcontract"),
        ("分包人可将其再次分包", "subcontract"),
        ("由招标人指定分包人", "subcontract"),
        ("投标人注册资本金不低于5000万元", "irrelevant_condition"),
        ("近三年营业收入达到1亿元", "irrelevant_condition"),
        ("具有本市同类业绩的加3分", "regional_award"),
        ("获得市级优质工程奖的得2分", "regional_award"),
        ("外地企业须具备一级资质", "unequal_standard"),
        ("本地企业优先", "unequal_standard"),
        ("必须采用海螺品牌水泥", "brand"),
        ("指定供应商供货", "brand"),
        ("国有企业优先", "ownership"),
        ("仅限国企参加", "ownership"),
        ("在本市注册设立分公司", "ownership"),
        ("须从名录库中选取", "list_or_registration"),
        ("投标人应当现场报名", "list_or_registration"),
        ("设最低投标限价800万元", "floor_price"),
        ("投标报价不得低于800万元", "floor_price"),
        ("报价最接近标底的投标人中标", "base_price"),
        ("超出标底上下浮动5%范围的，否决其投标", "base_price"),
        ("投标报价低于标底85%的按无效投标处理", "base_price"),
        ("设两个标底，以算术平均值评标", "base_price"),
    ],
)
def test_a_restriction_is_pointed_out_with_its_law(text: str, code: str) -> None:
    """W-11, W-38, J-06; A-03: a floor price is forbidden; A-02: a base price decides nothing."""
    found = list(restrictions.suspicions([("资格", text)]))

    assert code in {one.restriction.code for one in found}
    assert all(one.restriction.law.article for one in found)
    assert all(one.phrase in text for one in found)


def test_what_the_law_allows_is_left_alone() -> None:
    texts = [(one.title, f"{one.title}。{one.text}") for one in usual_criteria(COMPREHENSIVE)]
    allowed = [
        "具有市政公用工程施工总承包二级及以上资质",
        "投标报价不得低于成本",
        "投标截止前五年内完成的同类工程业绩，不限地区和行业",
        "可以采用相当或者更好的产品",
        "设有一个标底，开标时公布，仅作为评标参考",
        TWO_PHASE_CLAUSE,
        "招标人不统一组织踏勘，投标人可以自行踏勘现场",
        "中标人不得转包；非主体、非关键性工作可以分包，分包人不得再次分包",
        "不允许转包",
    ]

    assert list(restrictions.suspicions([*texts, *(("资格", text) for text in allowed)])) == []
