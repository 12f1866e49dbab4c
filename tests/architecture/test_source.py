"""What the source itself promises: one clock, one table of tiers, short files, used templates."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.template.loader import get_template

from gongheng.kernel.reasons import catalogue

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "gongheng"
LONGEST_FILE = 420
CHINESE = re.compile("[\u4e00-\u9fff]")
CLOCKS = {"now", "utcnow", "today"}
CLOCK_OWNERS = {"datetime", "timezone", "date"}
CLOCK_WORDS = re.compile("now|today", re.IGNORECASE)
TIER_WORD = re.compile("tier")
SQL_CLOCK = re.compile(
    r"\b(now\(\)|current_timestamp|clock_timestamp|localtimestamp|current_date)", re.IGNORECASE
)


def _sources() -> list[Path]:
    return sorted(
        path
        for path in PACKAGE.rglob("*.py")
        if not {"migrations", "tests"} & set(path.relative_to(PACKAGE).parts)
    )


def _tree(path: Path, words: re.Pattern[str]) -> ast.Module:
    """Return the tree of a module; an empty one when what is looked for is not in its text."""
    text = path.read_text(encoding="utf-8")
    return ast.parse(text if words.search(text) else "")


def _name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


SOURCES = _sources()


def _clock_readings(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path, CLOCK_WORDS)):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            owner = node.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if name in CLOCK_OWNERS:
                yield f"{_name(path)}:{node.lineno} {name}.{node.attr}"
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if node.module in {"django.utils.timezone", "django.db.models.functions"}:
                yield from (f"{_name(path)}:{node.lineno} {n}" for n in names & {"now", "Now"})


def test_only_the_kernels_clock_reads_a_clock() -> None:
    readings = [
        reading
        for path in SOURCES
        if _name(path) != "kernel/clock.py"
        for reading in _clock_readings(path)
    ]

    assert readings == []


def _sql_clocks(path: Path) -> Iterator[str]:
    """Yield clocks in the text constants of a module, docstrings aside."""
    tree = _tree(path, SQL_CLOCK)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in prose and SQL_CLOCK.search(node.value):
            yield f"{_name(path)}:{node.lineno}"


def test_no_query_asks_the_database_for_the_time() -> None:
    assert [place for path in SOURCES for place in _sql_clocks(path)] == []


def _tier_comparisons(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path, TIER_WORD)):
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        subject = [node.subject] if isinstance(node, ast.Match) else []
        for side in (*sides, *subject):
            if isinstance(side, ast.Attribute) and side.attr == "tier":
                yield f"{_name(path)}:{node.lineno}"


def test_no_code_outside_the_table_of_tiers_asks_for_a_tier() -> None:
    comparisons = [
        place
        for path in SOURCES
        if _name(path) != "node/tiers.py"
        for place in _tier_comparisons(path)
    ]

    assert comparisons == []


def _templates() -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for folder in PACKAGE.rglob("templates")
        if "tests" not in folder.parts
        for path in folder.rglob("*.html")
    )


def test_every_template_compiles() -> None:
    for name in _templates():
        get_template(name)


def test_every_template_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    texts += [
        path.read_text(encoding="utf-8")
        for path in PACKAGE.rglob("*.html")
        if "tests" not in path.parts
    ]
    everything = "\n".join(texts)

    unused = [name for name in _templates() if not _is_used(name, everything)]

    assert unused == [], unused


def _is_used(name: str, everything: str) -> bool:
    if f'"{name}"' in everything or f"'{name}'" in everything:
        return True
    # Included by a computed name: the folder stands in a text, the rest is a value.
    folder = name.rpartition("/")[0]
    return f'"{folder}/"|add:' in everything or f'"{folder}/{{' in everything


def _import_everything() -> None:
    for path in SOURCES:
        if path.name in {"__main__.py", "cli.py"}:
            continue
        parts = ("gongheng", *path.relative_to(PACKAGE).with_suffix("").parts)
        import_module(".".join(part for part in parts if part != "__init__"))


def test_every_reason_is_chinese_and_says_what_to_do_next() -> None:
    _import_everything()  # a code used twice fails here

    reasons = list(catalogue())
    assert len(reasons) > 20
    for reason in reasons:
        assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", reason.code), reason.code
        assert CHINESE.search(reason.message), reason.code
        assert CHINESE.search(reason.remedy), reason.code
        assert not set("!！") & set(reason.message + reason.remedy), reason.code


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_file_is_long(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")

    assert lines <= LONGEST_FILE


def test_every_table_for_spreadsheets_is_written_in_one_place() -> None:
    """There no text is taken for a formula."""
    writing = re.compile(r"\bcsv\.(writer|DictWriter)\b|import (.*, )?(writer|DictWriter)\b")

    found = [_name(path) for path in SOURCES if writing.search(path.read_text(encoding="utf-8"))]

    assert found == ["kernel/spreadsheets.py"]
