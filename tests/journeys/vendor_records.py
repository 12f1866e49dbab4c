"""What the other vendor's system sends: invented works tenders of Qujing, right, wrong and late."""

from collections.abc import Iterator
from typing import Any

from gongheng.data.standard import samples

Record = dict[str, Any]
NOTICE = "TENDER_ANN_QUA_INQUERY_ANN"
WORKS = ("PROJECT", "TENDER_PROJECT", "SECTION", NOTICE)


def tender(serial: int, *, region: str = "530300", town: str = "曲靖市") -> Iterator[Record]:
    """Yield the four records of one tender, parents first."""
    project = f"E{region}0001{serial:06d}"
    works = f"{town}示例道路改造工程第{serial}期"
    deal_code = samples.deal_code("A01", 500_000 + serial)
    codes = {
        "PROJECT_CODE": project,
        "TENDER_PROJECT_CODE": f"{project}001",
        "BID_SECTION_CODE": f"{project}001001",
        "BID_SECTION_CODES": f"{project}001001",
        "UNIFIED_DEAL_CODE": deal_code,
        "UNIFIED_DEAL_CODES": deal_code,
        "PROJECT_NAME": works,
        "TENDER_PROJECT_NAME": f"{works}施工",
        "BID_SECTION_NAME": f"{works}施工一标段",
        "NOTICE_NAME": f"{works}施工招标公告",
    }
    for dataset in WORKS:
        body = samples.valid(dataset)
        yield {
            "dataset": dataset,
            "number": 1,
            "operation": "insert",
            "body": body | {name: value for name, value in codes.items() if name in body},
        }


WRONG_VALUES = (
    ("SECTION", "REGION_CODE", "999999"),
    ("SECTION", "CONTRACT_RECKON_PRICE", "１２３４"),
    (NOTICE, "BID_DOC_REFER_END_TIME", "20261110240000"),
    (NOTICE, "TENDERER_CODE", "91530100MA6K000011"),
    (NOTICE, "NOTICE_CONTENT", ""),
)


def good() -> list[Record]:
    """Return twenty right records: five whole tenders."""
    return [record for serial in range(1, 6) for record in tender(serial)]


def wrong() -> list[Record]:
    """Return five records with one fault each; their parents are right and among ``good``."""
    found = []
    for serial, (dataset, field, value) in enumerate(WRONG_VALUES, start=1):
        record = next(record for record in tender(serial) if record["dataset"] == dataset)
        suffix = f"{serial + 100}"
        body = record["body"] | _other_key(dataset, record["body"], suffix) | {field: value}
        found.append(record | {"body": body})
    return found


def _other_key(dataset: str, body: dict[str, str], suffix: str) -> dict[str, str]:
    if dataset == "SECTION":
        return {"BID_SECTION_CODE": body["TENDER_PROJECT_CODE"] + suffix}
    return {"NOTICE_NAME": body["NOTICE_NAME"] + suffix}


def corrected(records: list[Record]) -> list[Record]:
    """Return the wrong records with their faults mended, as new versions."""
    mended = []
    for record, (dataset, field, _) in zip(records, WRONG_VALUES, strict=True):
        body = record["body"] | {field: samples.valid(dataset)[field]}
        mended.append(record | {"body": body, "number": 2, "operation": "update"})
    return mended


def late() -> tuple[Record, list[Record]]:
    """Return a lot whose project comes later, and the two records it waits for."""
    project, tender_project, section, _ = tender(6)
    return section, [project, tender_project]
