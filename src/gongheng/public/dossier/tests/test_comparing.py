"""The winner and the lists: names as people write them."""

import pytest

from gongheng.public.dossier.comparing import Standing, comparisons, folded, price_in, standing_of
from gongheng.public.dossier.kinds import Stage
from gongheng.public.dossier.papers import Paper
from gongheng.public.dossier.tests.papers_of import paper

LISTED = ["春城（云南）建设有限公司", "滇池建工有限公司、翠湖设计院有限公司"]


@pytest.mark.parametrize(
    ("winner", "standing"),
    [
        ("春城（云南）建设有限公司", Standing.LISTED),
        (" 春城(云南)建设 有限公司\u3000", Standing.LISTED),
        ("翠湖设计院有限公司；滇池建工有限公司", Standing.LISTED),
        ("滇池建工有限公司（联合体牵头人）", Standing.LISTED),
        ("滇池建工有限公司，金马设计院有限公司", Standing.IN_PART),
        ("春城建设有限公司", Standing.NOWHERE),
        ("滇池建工有限公司昆明分公司", Standing.NOWHERE),
    ],
)
def test_a_winner_is_looked_for_on_the_list(winner: str, standing: Standing) -> None:
    assert standing_of(winner, LISTED) is standing


def test_without_a_list_nothing_is_said() -> None:
    assert standing_of("春城（云南）建设有限公司", []) is Standing.NO_LIST


def _candidate(name: str, lot: str) -> Paper:
    return paper(
        Stage.CANDIDATES,
        dataset="TENDER_CANDIDATE",
        WIN_CANDIDATE_NAME=name,
        WIN_CANDIDATE_ORDER="1",
        BID_SECTION_CODE=lot,
    )


def test_a_winner_who_is_listed_for_another_lot_is_flagged() -> None:
    papers = [
        _candidate("甲公司", "1"),
        _candidate("乙公司", "2"),
        paper(Stage.AWARD, WIN_BIDDER_NAME="甲公司", BID_SECTION_CODE="2"),
    ]

    first, second = comparisons(papers)

    assert first.winners == []
    assert second.winners[0].standing is Standing.NOWHERE


def test_the_only_list_and_the_only_result_belong_together_whatever_their_titles() -> None:
    listed = [
        paper(
            Stage.CANDIDATES,
            title="滨河路人行天桥工程施工评标结果公示",
            FIRST_BIDDER_NAME="甲公司",
        )
    ]
    award = paper(Stage.AWARD, title="关于滨河路天桥的中标公告", WIN_BIDDER_NAME="乙公司")

    (found,) = comparisons([*listed, award])

    assert found.winners[0].standing is Standing.NOWHERE
    assert [one.name for one in found.candidates] == ["甲公司"]


@pytest.mark.parametrize(
    ("words", "price"),
    [
        (
            "第1名：甲公司（91530100MA6K000011）；投标报价 9,000,001.00 元；评标得分",
            "9,000,001.00 元",
        ),
        ("甲公司 投标报价：900.5 万元", "900.5 万元"),
        ("甲公司昆明分公司；投标报价 1 元", ""),
        ("甲公司没有报价", ""),
    ],
)
def test_a_price_stands_beside_its_name_in_the_words_of_the_publicity(
    words: str, price: str
) -> None:
    assert price_in([folded(words)], "甲公司") == price
