"""The instruction for adding a rule, followed to the letter: one row, and every engine knows it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[3]
GUIDE = PACKAGE.parents[1] / "docs" / "how-to" / "add-a-validation-rule.md"

ASKED = """
import json, sys
import pyarrow as pa
from gongheng.data.bulk.arrow import texts_of
from gongheng.data.bulk.judging import Judge
from gongheng.data.standard import samples, validator

example = json.loads(sys.argv[1])
dataset = example["dataset"]
answers = {}
for name, change in (("right", {}), ("wrong", example["record"])):
    body = samples.valid(dataset, **change)
    one = [finding.rule for finding in validator.check(dataset, body)]
    columns = {code: texts_of(pa.array([value])) for code, value in body.items()}
    whole = {
        kernel: [found.rule for found in Judge(dataset, kernel=kernel).judged(1, columns)]
        for kernel in ("numba", "numpy")
    }
    answers[name] = [one, whole["numba"], whole["numpy"]]
print(json.dumps(answers))
"""


def blocks() -> list[str]:
    found = re.findall(r"```\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return [block.strip() for block in found]


def copied(folder: Path) -> Path:
    """Return a copy of the package whose tables may be changed; the rest is only pointed at."""
    data = folder / "src" / "gongheng" / "data"
    data.mkdir(parents=True)
    for source, target in ((PACKAGE, data.parent), (PACKAGE / "data", data)):
        for entry in source.iterdir():
            if entry.name not in {"data", "standard", "__pycache__"}:
                (target / entry.name).symlink_to(entry)
    shutil.copytree(PACKAGE / "data" / "standard", data / "standard")
    return data.parents[1]


def test_the_row_of_the_guide_binds_in_every_engine(tmp_path: Path) -> None:
    row, example = blocks()[:2]
    source = copied(tmp_path)
    rules = source / "gongheng" / "data" / "standard" / "tables" / "rules.csv"
    with rules.open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    environment = os.environ | {"PYTHONPATH": str(source)}

    run = subprocess.run(
        [sys.executable, "-c", ASKED, example],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    rule = f"std.order.{json.loads(example)['rule']}"
    assert json.loads(run.stdout) == {"right": [[], [], []], "wrong": [[rule], [rule], [rule]]}
