"""Records checked in a second of processor time, beside jsonschema-rs on the schema we emit.

``python -m benchmarks.validator [--records N]``. Both judge the same parsed records and must name
every fault they see; the peer works on the JSON Schema of the same dataset, which cannot express
conditions, order in time, sums, nesting and check digits: those wrong records pass it, and are counted.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import cycle
from typing import Any

import jsonschema_rs

from benchmarks.measure import give, quantile, say, spending
from gongheng.data.standard import samples, validator
from gongheng.data.standard.schema import json_schema

Body = dict[str, str]
SHARES = (0.0, 0.03, 0.5)
ROUNDS = 5


@dataclass(frozen=True)
class Fault:
    """One way to spoil a right record."""

    name: str
    field: str
    value: str | None

    def spoil(self, body: Body) -> Body:
        spoilt = dict(body)
        if self.value is None:
            del spoilt[self.field]
        else:
            spoilt[self.field] = self.value
        return spoilt


_USCC_WRONG = "12530000MB1X000011"
FAULTS: dict[str, tuple[Fault, ...]] = {
    "TENDER_ANN_QUA_INQUERY_ANN": (
        Fault("field missing", "NOTICE_CONTENT", None),
        Fault("code not in list", "NOTICE_NATURE", "8"),
        Fault("hour 24", "BID_OPEN_TIME", "20261105240000"),
        Fault("too long", "NOTICE_NAME", "招" * 5000),
        Fault("check digit", "PLATFORM_CODE", _USCC_WRONG),
        Fault("order in time", "BID_OPEN_TIME", "20261101090000"),
        Fault("number of lots", "NOTICE_BID_NUM", "7"),
    ),
    "TENDER_PROJECT": (
        Fault("field missing", "TENDERER_NAME", None),
        Fault("code not in list", "TENDERER_ROLE", "77"),
        Fault("hour 24", "DATA_TIMESTAMP", "20261012240000"),
        Fault("check digit", "PLATFORM_CODE", _USCC_WRONG),
        Fault("not of the project", "TENDER_PROJECT_CODE", "E5301009999999999001"),
    ),
    "PROJECT": (
        Fault("field missing", "PROJECT_NAME", None),
        Fault("code not in list", "CLASS_VER_CODE", "9"),
        Fault("hour 24", "CREATE_TIME", "20260901240000"),
        Fault("check digit", "PLATFORM_CODE", _USCC_WRONG),
        Fault("condition", "INVEST_PROJECT_CODE", ""),
    ),
}


def records(dataset: str, count: int, share: float) -> Iterator[tuple[Body, str]]:
    """Yield right and wrong records in a steady mix, with the name of the fault."""
    faults = cycle(FAULTS[dataset])
    right = samples.full(dataset)
    owed = 0.0
    for number in range(count):
        # A text that differs in every record: nothing can be remembered from the one before.
        body = {
            **right,
            "DATA_TIMESTAMP": f"20261012{number // 3600 % 24:02}{number // 60 % 60:02}{number % 60:02}",
        }
        owed += share
        if owed >= 1:
            owed -= 1
            fault = next(faults)
            yield fault.spoil(body), fault.name
        else:
            yield body, ""


def best(judge: Callable[[Body], object], bodies: list[Body]) -> float:
    """Return processor seconds of the best of several rounds: the others were disturbed."""
    rounds: list[float] = []
    for _ in range(ROUNDS):
        with spending() as spent:
            for body in bodies:
                judge(body)
        rounds.append(spent.python)
    return quantile(rounds, 0)


def compare(dataset: str, count: int, share: float) -> dict[str, Any]:
    """Judge the same records by both and return the figures."""
    mixed = list(records(dataset, count, share))
    bodies = [body for body, _ in mixed]
    peer = jsonschema_rs.validator_for(json_schema(dataset))

    def ours(body: Body) -> list[Any]:
        return validator.check(dataset, body)

    def theirs(body: Body) -> list[Any]:
        return list(peer.iter_errors(body))

    for body, fault in mixed:
        if bool(ours(body)) != bool(fault):
            msg = f"{dataset}: {fault or 'a right record'} was misjudged: {ours(body)}"
            raise AssertionError(msg)
    unseen = [fault for body, fault in mixed if fault and not theirs(body)]
    own, other = best(ours, bodies), best(theirs, bodies)
    return {
        "dataset": dataset,
        "fields": len(bodies[0]),
        "wrong_share": share,
        "wrong": sum(1 for _, fault in mixed if fault),
        "records_per_cpu_s": round(count / own),
        "cpu_us_per_record": round(own / count * 1e6, 1),
        "peer_records_per_cpu_s": round(count / other),
        "peer_cpu_us_per_record": round(other / count * 1e6, 1),
        "ratio": round(other / own, 3),
        "wrong_unseen_by_peer": len(unseen),
        "kinds_unseen_by_peer": sorted(set(unseen)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=3000)
    asked = parser.parse_args()
    rows = [compare(dataset, asked.records, share) for dataset in FAULTS for share in SHARES]
    for row in rows:
        say(
            f"{row['dataset']:28} {row['wrong_share']:>4.0%} wrong"
            f"  ours {row['records_per_cpu_s']:>7}/s  peer {row['peer_records_per_cpu_s']:>7}/s"
            f"  ratio {row['ratio']:.2f}  unseen by peer {row['wrong_unseen_by_peer']}/{row['wrong']}"
        )
    give(
        "validator",
        {
            "records": asked.records,
            "peer": f"jsonschema-rs {version('jsonschema-rs')}",
            "lowest_ratio": min(row["ratio"] for row in rows),
            "rows": rows,
        },
    )


if __name__ == "__main__":
    main()
