"""Histories of batches: versions of a few keys, out of order, repeated, withdrawn, some wrong."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from gongheng.data.bulk.tests.cases import Record, right_case, right_record

WORDS = {
    "PROJECT": "PROJECT_NAME",
    "TENDER_PROJECT": "TENDER_PROJECT_NAME",
    "SECTION": "BID_SECTION_NAME",
    "PURCHASE_PROJECT": "PURCHASE_PROJECT_NAME",
    "PURCHASE_QUALI_INQUERY_ANN": "BULLETIN_CONTENT",
}
"""Datasets, parents before children, and a field of each that may be corrected freely."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A version as it is sent."""

    dataset: str
    body: Record
    number: int
    operation: str


def history(*, seed: int, batches: int, size: int) -> list[list[Sent]]:
    """Return batches over the keys of three cases; some children name both their parents."""
    chance = random.Random(f"history {seed}")
    return [[_sent(chance) for _ in range(size)] for _ in range(batches)]


def _sent(chance: random.Random) -> Sent:
    dataset = chance.choice(list(WORDS))
    body = dict(body_of(dataset, chance.choice((1, 2, 3))))
    body[WORDS[dataset]] += chance.choice(("", "", "（更正）"))
    if dataset == "PURCHASE_QUALI_INQUERY_ANN" and chance.random() < 0.3:
        lots = [body_of("PURCHASE_PROJECT", n)["PURCHASE_SECTION_CODE"] for n in (1, 2)]
        chance.shuffle(lots)
        body["PURCHASE_SECTION_CODE"] = ";".join(lots)
        body["UNIFIED_DEAL_CODE"] = ";".join([body["UNIFIED_DEAL_CODE"]] * 2)
        body["BULLETIN_BID_NUM"] = "2"
    if chance.random() < 0.1:
        body[WORDS[dataset]] = ""
    operation = chance.choices(("insert", "update", "delete"), (6, 2, 2))[0]
    return Sent(dataset, body, chance.choice((1, 1, 2, 2, 3, 4)), operation)


def body_of(dataset: str, number: int) -> Record:
    """Return a right record of the case of that number."""
    case = right_case(number)
    if dataset in case:
        return case[dataset]
    code = right_record(dataset, 1)["PURCHASE_PROJECT_CODE"]
    return right_record(dataset, number) | {"PURCHASE_PROJECT_CODE": code}


def written(folder: Path, batch: list[Sent]) -> tuple[Path, ...]:
    """Write a batch as files that keep its order: a file for each run of one dataset."""
    paths: list[Path] = []
    lines: list[str] = []
    for place, sent in enumerate(batch):
        row = {**sent.body, "$number": sent.number or None, "$operation": sent.operation}
        lines.append(json.dumps(row, ensure_ascii=False))
        if place + 1 == len(batch) or batch[place + 1].dataset != sent.dataset:
            path = folder / f"{sent.dataset}-{len(paths)}.jsonl"
            path.write_text("\n".join(lines), encoding="utf-8")
            paths.append(path)
            lines = []
    return tuple(paths)
