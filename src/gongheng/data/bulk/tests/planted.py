"""Files of records with planted errors, and the key that says what they are: written by hand.

The key knows nothing of the engines: each plant names the one finding that it must give.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from gongheng.data.standard import samples

Record = dict[str, str | None]
Finding = tuple[int, str, str]
"""Row from 1, field, rule."""

_WRONG_USCC = "12530000MB1X000011"
_LONG = "招" * 601

PLANTS: Mapping[str, tuple[tuple[str, str | None, str], ...]] = {
    "PROJECT": (
        ("PROJECT_NAME", None, "std.required"),
        ("PROJECT_NAME", " \u3000\t", "std.required"),
        ("PROJECT_NAME", _LONG, "std.length"),
        ("ADDRESS", "昆明\x07", "std.control_character"),
        ("REGION_CODE", "539999", "std.region"),
        ("RELATE_CODE", "9", "std.code_list"),
        ("PLATFORM_CODE", _WRONG_USCC, "std.uscc"),
        ("CREATE_TIME", "20260230090000", "std.time"),
        ("CREATE_TIME", "20260901240000", "std.time"),
        ("INVEST_PROJECT_CODE", "", "std.conditional.PR-INVEST-PROJECT-CODE"),
    ),
    "TENDER_PROJECT": (
        ("TENDERER_NAME", None, "std.required"),
        ("TENDERER_ROLE", "77", "std.code_list"),
        ("TENDERER_CODE", "91530100MA6K000010", "std.subject_code"),
        ("TENDER_PROJECT_CODE", "E5301009999999999001", "std.nesting.TP-NEST"),
        ("TENDER_AGENCY_ROLE", "", "std.conditional.TP-TENDER-AGENCY-ROLE"),
        ("DATA_TIMESTAMP", "２０２６１０１２０９０５００", "std.time"),
    ),
    "SECTION": (
        ("CONTRACT_RECKON_PRICE", "1,000.00", "std.number"),
        ("CONTRACT_RECKON_PRICE", "0.00", "std.amount.SE-ESTIMATE"),
        ("CONTRACT_RECKON_PRICE", "3000000000.01", "std.amount.SE-LARGE"),
        ("UNIFIED_DEAL_CODE", samples.deal_code()[:-1] + "X", "std.deal_code_check"),
        ("BID_SECTION_CODE", samples.SECTION_CODE[:-1], "std.length"),
        ("TENDER_PROJECT_CLASSIFY_CODE", "d080300", "std.code_list"),
    ),
    "TENDER_ANN_QUA_INQUERY_ANN": (
        ("NOTICE_BID_NUM", "7", "std.count.TN-SECTIONS"),
        ("UNIFIED_DEAL_CODES", "A01;", "std.empty_part"),
        ("BID_OPEN_TIME", "20261101090000", "std.order.TN-OPENING"),
        ("DOC_GET_END_TIME", "20261014170000", "std.period.TN-SALE"),
        ("NOTICE_CONTENT", "", "std.required"),
    ),
    "TENDER_CANDIDATE": (
        ("WIN_CANDIDATE_ORDER", "4", "std.count.TC-NUMBER"),
        ("WIN_CANDIDATE_ORDER", "-1", "std.number"),
    ),
}
"""By dataset: field, value, and the rule that it breaks."""


@dataclass
class Planted:
    """Records of a dataset and the answers: what stands in ``key`` must be found and nothing else."""

    dataset: str
    records: list[Record]
    key: set[Finding]


@cache
def _right(dataset: str) -> Mapping[str, str]:
    return samples.valid(dataset)


def planted(dataset: str, *, count: int, share: float, seed: int) -> Planted:
    """Return so many records, a share of them wrong in one way each."""
    chance = random.Random(f"{dataset} {seed}")
    records: list[Record] = []
    key: set[Finding] = set()
    for row in range(1, count + 1):
        record: Record = dict(_right(dataset))
        if chance.random() < share:
            field, value, rule = chance.choice(PLANTS[dataset])
            record[field] = value
            key.add((row, field, rule))
            if rule == "std.order.TN-OPENING":  # a prequalification may open on another day
                record["BULLETIN_TYPE"] = "3"
        records.append(record)
    return Planted(dataset, records, key)


def all_planted(*, count: int, share: float, seed: int) -> Iterator[Planted]:
    """Yield such records of every dataset that has plants."""
    for dataset in PLANTS:
        yield planted(dataset, count=count, share=share, seed=seed)
