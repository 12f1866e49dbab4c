"""Schemathesis asks every operation what its description allows and forbids: all checks clean."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.scope import IS_FULL

PHASES, EXAMPLES = ("examples,coverage,fuzzing", "10") if IS_FULL else ("examples,fuzzing", "3")
"""The coverage of every boundary of every parameter takes most of the time: ``--full`` has it."""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("world")
def test_the_interface_does_what_its_description_says(live_server: Any, tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("schemathesis")
    kept = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}

    done = subprocess.run(
        [
            *(command, "run", f"{live_server.url}/api/v1/openapi.json"),
            *("--checks", "all", "--phases", PHASES),
            *("--max-examples", EXAMPLES, "--seed", "1", "--no-color", "--workers", "1"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=kept,
    )

    assert done.returncode == 0, done.stdout + done.stderr
