"""The how-to pages as texts: their files and the code that they tell people to write."""

import re
import textwrap
from pathlib import Path

from gongheng.trading.cases.declaration import Procedure

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
_FILE = re.compile(r"Write `src/gongheng/procedures/(\w+\.py)`")
_PYTHON = re.compile(r"^   ```python\n(.*?)^   ```$", re.DOTALL | re.MULTILINE)


def page(name: str) -> str:
    """Return the text of a page."""
    return (HOW_TO / f"{name}.md").read_text(encoding="utf-8")


def trade_type() -> tuple[str, str]:
    """Return the name and the text of the file that the page on trade types lets one write."""
    text = page("add-a-trade-type")
    name, block = _FILE.search(text), _PYTHON.search(text)
    assert name, "the page names its file"
    assert block, "the page has its code"
    return name[1], textwrap.dedent(block[1])


def by_invitation() -> Procedure:
    """Return the procedure of that file: the works tender by invitation."""
    names: dict[str, object] = {}
    exec(trade_type()[1], names)  # noqa: S102  the page of our own
    procedure = names["PROCEDURE"]
    assert isinstance(procedure, Procedure)
    return procedure


_ROWS = re.compile(
    r"`(?:src/gongheng/data/standard/tables/)?(\w+\.csv)`[^`]*?\n   ```\n(.*?)^   ```$",
    re.DOTALL | re.MULTILINE,
)


def rows(name: str) -> list[tuple[str, str]]:
    """Return each table that a page lets one add to, with the rows."""
    return [(table, textwrap.dedent(block)) for table, block in _ROWS.findall(page(name))]
