"""What the committee must look at: heads, parties, consortia (A-11, A-12, J-01, J-02, W-24, W-39)."""

from collections.abc import Sequence
from itertools import permutations

import pytest

from gongheng.trading.evaluation import relations
from gongheng.trading.evaluation.kinds import Ground
from gongheng.trading.evaluation.relations import Bidding, Lead, Side, Unit, leads

ONE = Unit(code="91A", name="甲公司", head="张三")
TWO = Unit(code="91B", name="乙公司", head="李四")
THREE = Unit(code="91C", name="丙公司", head="王五")
LIKE_ONE = Unit(code="91D", name="丁公司", head="张　三 ")
UNKNOWN = Unit(code="91E", name="戊公司")
NOBODY = Unit(code="91F", name="己公司")
CODELESS = Unit(code="", name="无法识别的成员")


def found(*bids: Bidding, takes_consortia: bool | None = True, **sides: Side) -> list[Lead]:
    return leads(bids, sides=list(sides.values()), takes_consortia=takes_consortia)


def alone(*units: Unit) -> list[Bidding]:
    return [Bidding(bidder=unit) for unit in units]


def told(rows: Sequence[Lead]) -> list[tuple[str, str, Ground]]:
    return [(row.bidder_code, row.law.rule, row.ground) for row in rows]


def test_firms_that_have_nothing_to_do_with_each_other_give_nothing() -> None:
    assert found(*alone(ONE, TWO, THREE, UNKNOWN, NOBODY)) == []


def test_two_bids_with_a_head_of_the_same_name_are_both_shown_in_any_order() -> None:
    """W-39, J-05: the same head may not stand behind two bids; a name alone proves no person."""
    for bids in permutations(alone(ONE, TWO, LIKE_ONE)):
        rows = found(*bids)

        assert sorted(told(rows)) == [
            ("91A", "W-39", Ground.UNQUALIFIED),
            ("91D", "W-39", Ground.UNQUALIFIED),
        ]
        assert all("请核对是否同一人" in row.message for row in rows)
        assert any("丁公司" in row.message for row in rows if row.bidder_code == "91A")


def test_partners_of_one_bid_may_have_one_head_but_not_partners_of_two() -> None:
    together = Bidding(bidder=ONE, partners=(LIKE_ONE,))

    assert not [row for row in found(together, *alone(TWO)) if row.law.rule == "W-39"]
    apart = found(Bidding(bidder=TWO, partners=(LIKE_ONE,)), *alone(ONE))
    assert [code for code, rule, _ in told(apart) if rule == "W-39"] == ["91B", "91A"]


def test_a_partner_who_bids_alone_or_in_another_consortium_shows_in_every_such_bid() -> None:
    """J-02: all related bids are void; whether it is so, the committee says."""
    also_alone = found(Bidding(bidder=ONE, partners=(TWO,)), *alone(TWO, THREE))
    in_both = found(Bidding(bidder=ONE, partners=(THREE,)), Bidding(bidder=TWO, partners=(THREE,)))

    for rows in (also_alone, in_both):
        assert [code for code, rule, _ in told(rows) if rule == "J-02"] == ["91A", "91B"]


def test_partners_without_a_code_are_not_taken_for_each_other() -> None:
    rows = found(*(Bidding(bidder=unit, partners=(CODELESS,)) for unit in (ONE, TWO)))

    assert {rule for _, rule, _ in told(rows)} == {"J-01"}


@pytest.mark.parametrize(
    ("takes", "ground", "words"),
    [
        (False, Ground.UNRESPONSIVE, "不接受联合体投标"),
        (True, Ground.CONSORTIUM, "共同投标协议"),
        (None, Ground.CONSORTIUM, "没有查到招标公告"),
    ],
)
def test_a_consortium_is_measured_by_the_notice(
    *, takes: bool | None, ground: Ground, words: str
) -> None:
    """J-01, W-24: refused by the notice it does not respond; else its agreement is asked for."""
    rows = found(Bidding(bidder=ONE, partners=(TWO,)), *alone(THREE), takes_consortia=takes)

    assert told(rows) == [("91A", "J-01", ground)]
    assert words in rows[0].message
    assert "乙公司" in rows[0].message


@pytest.mark.parametrize(
    ("law", "rule"),
    [
        (relations.SAME_HEAD, "W-39"),
        (relations.AGENCY, "A-12"),
        (relations.OPERATOR, "A-11"),
    ],
)
def test_a_side_and_its_head_are_found_alone_and_among_partners(
    law: relations.Law, rule: str
) -> None:
    itself = Side(words="招标人", unit=TWO, law=law)
    headed = Side(words="招标人", unit=Unit(code="12X", name="某中心", head="李 四"), law=law)

    for bid in (Bidding(bidder=TWO), Bidding(bidder=ONE, partners=(TWO,))):
        for side in (itself, headed):
            rows = [row for row in found(bid, side=side) if row.law.rule == rule]
            assert [row.bidder_code for row in rows] == [bid.bidder.code]
            assert "乙公司" in rows[0].message
    assert found(*alone(ONE), itself=itself, headed=headed) == []


def test_a_lead_says_in_the_report_that_people_decide() -> None:
    row = found(Bidding(bidder=ONE, partners=(TWO,)), takes_consortia=False)[0]

    assert str(row).endswith("（《招标投标法》第三十一条，规则J-01，由评标委员会认定）")
