"""A whole works tender, walked over HTTP by the people who do it, compared in three databases.

It stands last: it moves the legal time that all journeys share.
"""

import json
import subprocess
import sys

import pytest

from tests.nodes import Nodes, clean_environment

pytestmark = pytest.mark.journey

STEPS = 19


def test_a_case_goes_from_registration_to_archive_and_every_figure_agrees(
    three_nodes: Nodes,
) -> None:
    city = three_nodes.city
    done = subprocess.run(
        [
            *(sys.executable, "-m", "gongheng.node.rehearsal"),
            *(city.url, str(three_nodes.state), city.password),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=clean_environment(),
    )

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["steps"]) == STEPS
    assert told["differences"] == []
    assert told["records"]["city"] == told["records"]["province"] == told["records"]["nation"] > 0
    assert set(told["deliveries"]) <= {"accepted", "repaired"}
    assert len(told["scores"]) == 3
    assert set(told["refused"]) == {
        "提交人不能自己复核",
        "截止后不收投标文件",
        "第二名不能直接中标",
        "合同价款须与中标价一致",
    }
