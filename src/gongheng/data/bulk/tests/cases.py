"""Many works cases with planted errors between their records, and the plain judge of such files.

The judge knows the meaning alone: rows by key, the way up, the only rows of a case. It shares no
code with the engine but the rules of one record.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from gongheng.data.standard import keys, registry, samples, summary, validator
from gongheng.data.standard.expressions import Lookup
from gongheng.data.standard.values import parts_of

Record = dict[str, str]
Files = dict[str, list[Record]]
Finding = tuple[str, int, str]
"""Dataset, row from 1, rule."""

PLANTS: tuple[tuple[str, Record, str], ...] = (
    ("TENDER_PROJECT", {"CREATE_TIME": "20260831090000"}, "std.order.TP-AFTER-PROJECT"),
    ("TENDER_PROJECT", {"PROJECT_CODE": "E5301009999999999"}, "std.parent_missing"),
    ("SECTION", {"CREATE_TIME": "20260909235959"}, "std.order.SE-AFTER-TENDER-PROJECT"),
    ("SECTION", {"UNIFIED_DEAL_CODE": samples.deal_code("B01")}, "std.code.SE-CATEGORY"),
    (
        "TENDER_ANN_QUA_INQUERY_ANN",
        {"TENDER_AGENCY_PHONE_NUMBER": " \u3000"},
        "std.conditional.TN-TENDER-AGENCY-PHONE-NUMBER",
    ),
    ("TENDER_LIST", {"CHECKIN_TIME": "20261105090000"}, "std.order.TL-IN-TIME"),
    ("BID_OPENING_RECORD", {"BID_OPENING_TIME": "20261105085959"}, "std.order.BO-AFTER-DEADLINE"),
    ("TENDER_CANDIDATE", {"WIN_CANDIDATE_CODE": samples.firm(8)}, "std.exists.TC-BIDDER"),
    ("WIN_RESULT_ANNO", {"WIN_BIDDER_CODE": samples.firm(9)}, "std.exists.WR-BIDDER"),
    (
        "WIN_RESULT_ANNO",
        {"WIN_BIDDER_CODE": f"{samples.firm(3)};{samples.firm(9)}"},
        "std.exists.WR-BIDDER",
    ),
    ("CONTRACT_PERFORMANCE", {"CONTRACT_SIGN_TIME": "20261116085959"}, "std.order.CP-AFTER-AWARD"),
)
"""A record of a case, what is changed in it, and the one rule across records that it breaks."""


@cache
def _case() -> dict[str, Record]:
    return samples.works_case()


def _named(body: Record, number: int) -> Record:
    code = f"E53010000011{number:05d}"
    return {field: value.replace(samples.PROJECT_CODE, code) for field, value in body.items()}


def right_case(number: int) -> dict[str, Record]:
    """Return the records of a case of that number."""
    return {dataset: _named(body, number) for dataset, body in _case().items()}


def right_record(dataset: str, number: int) -> Record:
    """Return a record of any dataset, of a case of that number."""
    found = registry.dataset(dataset)
    body = _named(samples.valid(dataset), number)
    for field in (*found.key, *found.parent_key):
        if samples.PROJECT_CODE not in samples.valid(dataset).get(field, samples.PROJECT_CODE):
            body[field] = str(number).zfill(min(36, found.field(field).length.size or 36))
    return body


def planted(*, cases: int, share: float, seed: int) -> tuple[Files, set[Finding]]:
    """Return the files of so many cases, a share of them wrong in one way, and what must be found."""
    chance = random.Random(f"cases {seed}")
    files: Files = defaultdict(list)
    key: set[Finding] = set()
    for number in range(1, cases + 1):
        plant = chance.choice(PLANTS) if chance.random() < share else None
        for dataset, body in right_case(number).items():
            if plant and plant[0] == dataset:
                body.update(plant[1])
                key.add((dataset, number, plant[2]))
            files[dataset].append(body)
    return files, key


class Plain:
    """Judges files record by record."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.first: dict[tuple[str, str], Record] = {}
        self.later: set[tuple[str, int]] = set()
        self.by_case: dict[str, dict[str, list[Record]]] = defaultdict(lambda: defaultdict(list))
        for dataset, bodies in files.items():
            for row, body in enumerate(bodies, 1):
                name = dataset, keys.key_of(dataset, body)
                if not name[1].strip("/"):
                    continue
                if name in self.first:
                    self.later.add((dataset, row))
                    continue
                self.first[name] = body
                self.by_case[summary.describe(dataset, body).case_code][dataset].append(body)

    def found(self) -> Iterator[Finding]:
        for dataset, bodies in self.files.items():
            for row, body in enumerate(bodies, 1):
                if (dataset, row) in self.later:
                    yield dataset, row, "std.duplicate"
                for rule in self.rules(dataset, body):
                    yield dataset, row, rule

    def rules(self, dataset: str, body: Record) -> set[str]:
        above = registry.dataset(dataset).parent
        wanted = [key for key in keys.parent_keys_of(dataset, body) if key.strip("/")]
        if above in self.files and any((above, key) not in self.first for key in wanted):
            return {"std.parent_missing"}
        parents = self.parents(dataset, body)
        found = validator.check_in_context(dataset, body, parents=parents, among=self.among)
        return {finding.rule for finding in found} - {"std.parent_missing"}

    def parents(self, dataset: str, body: Record) -> dict[str, Record]:
        code = summary.describe(dataset, body).case_code
        rest = self.by_case[code] if code else {}
        found = {d: bodies[0] for d, bodies in rest.items() if len(bodies) == 1 and d != dataset}
        above: Record | None = body
        while above is not None:
            name = registry.dataset(dataset).parent, keys.parent_key_of(dataset, above)
            above = self.first.get(name)
            if above is not None:
                dataset = name[0]
                found[dataset] = above
        return found

    def among(self, lookup: Lookup, values: tuple[str, ...]) -> bool:
        return any(
            all(
                value in parts_of(body.get(field) or "")
                for field, value in zip(lookup.fields, values, strict=True)
            )
            for body in self.files[lookup.dataset]
        )
