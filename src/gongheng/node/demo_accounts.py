"""The demonstration's accounts as ``gongheng up`` tells them, noted when they were made.

The supervisor has no Django and so cannot ask the node who may sign in.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from gongheng.node import secret_files

_FILE = "accounts.json"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account, what it is for, and its published password."""

    username: str
    display_name: str
    task: str
    password: str


def write(state_dir: Path, accounts: Sequence[DemoAccount]) -> None:
    """Note the accounts of a node."""
    text = json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=1)
    secret_files.write(state_dir / _FILE, text)


def read(state_dir: Path) -> list[DemoAccount]:
    """Return the accounts of a node, none when it is no demonstration."""
    with suppress(OSError):
        return [DemoAccount(**row) for row in json.loads((state_dir / _FILE).read_text("utf-8"))]
    return []
