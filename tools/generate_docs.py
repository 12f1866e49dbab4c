"""Write docs/glossary.md and docs/duties.md from their tables in docs/data.

glossary.csv: term_zh, term_en, meaning; one row per word. duties.csv: one row per clause of the
documents that the platform serves. duties-state.csv: one row per clause, in the same order: state,
screen (address of a page), test (``path::name``, several joined by ``;``), issue that completes it.

    python tools/generate_docs.py            writes both pages
    python tools/generate_docs.py --check    fails when a page or a table is not up to date
"""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
DATA = DOCS / "data"

Row = Mapping[str, str]

STATES = {
    "built": "built and tested",
    "partly": "partly built; the named tests cover what is there",
    "not yet": "not yet",
    "organisational": "organisational: nothing for software to do",
}
TESTED = frozenset({"built", "partly"})

DOCUMENTS = {
    "000": "National platform: running management (L covering letter, A2 assessment)",
    "001": "Provincial platform: management",
    "002": "Electronic trading platform: provincial standard",
    "003": "Whole-process electronic trading: provincial notice",
    "004": "Network and data security of trading",
}

ABOUT_DUTIES = """\
Every clause that binds such a platform, and where it is served. Written by `tools/generate_docs.py`
from `docs/data/duties.csv` (the clauses) and `docs/data/duties-state.csv` (screen, test, issue); a
state that names a test is checked against the tests that exist."""

ABOUT_WORDS = """\
One Chinese term, one English word: names in code, tables and addresses come from here. A missing
word is added to `docs/data/glossary.csv` first; this page is written by `tools/generate_docs.py`."""


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in docs/data."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """Return a Markdown table."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * len(head), *lines[1:]])


def glossary() -> str:
    """Return the page of words."""
    words = (
        (row["term_zh"], f"`{row['term_en']}`", row["meaning"]) for row in read("glossary.csv")
    )
    return (
        "\n\n".join(["# Glossary", ABOUT_WORDS, table(("中文", "English", "Meaning"), words)])
        + "\n"
    )


def duties() -> str:
    """Return the page of duties and what became of them."""
    clauses, states = read("duties.csv"), read("duties-state.csv")
    state_of = {row["row"]: row for row in states}
    counts = Counter(row["state"] for row in states)
    summary = ((text, str(counts[state])) for state, text in STATES.items())
    parts = ["# Duties", ABOUT_DUTIES, table(("State", "Clauses"), summary)]
    for document, title in DOCUMENTS.items():
        mine = [clause for clause in clauses if clause["seed"] == document]
        parts.append(f"## {document} {title}")
        parts.append(
            table(
                ("Id", "Clause", "Duty", "Term", "Rules", "State"),
                (_duty(clause, state_of[clause["row"]]) for clause in mine),
            )
        )
    return "\n\n".join(parts) + "\n"


def _duty(clause: Row, state: Row) -> Sequence[str]:
    said = state["state"]
    if state["issue"]:
        said += f" (issue {state['issue']})"
    if state["screen"]:
        said += f"<br>page `{state['screen']}`"
    for test in filter(None, state["test"].split(";")):
        path, _, name = test.partition("::")
        said += f"<br>[{name}](../{path})"
    rules = clause["rule_ids"].replace(";", ", ")
    return clause["row"], clause["clause"], clause["duty"], clause["key_term_zh"], rules, said


def faults() -> Iterator[str]:
    """Yield what is wrong in the tables: a clause without state, a state without its test."""
    clauses, states = read("duties.csv"), read("duties-state.csv")
    if [row["row"] for row in clauses] != [row["row"] for row in states]:
        yield "duties-state.csv does not have the rows of duties.csv in their order"
    if unknown := {row["seed"] for row in clauses} - set(DOCUMENTS):
        yield f"duties.csv names unknown documents: {sorted(unknown)}"
    for row in states:
        yield from _faults_of_state(row)
    terms = Counter(word["term_zh"] for word in read("glossary.csv"))
    yield from (f"glossary.csv has {term} twice" for term, n in terms.items() if n > 1)


def _faults_of_state(row: Row) -> Iterator[str]:
    if row["state"] not in STATES:
        yield f"{row['row']}: unknown state {row['state']}"
    if (row["state"] in TESTED) is not bool(row["test"]):
        yield f"{row['row']}: {row['state']} and a test do not fit"
    for test in filter(None, row["test"].split(";")):
        path, _, name = test.partition("::")
        file = ROOT / path
        if not file.is_file() or f"def {name}(" not in file.read_text(encoding="utf-8"):
            yield f"{row['row']}: no such test: {test}"


PAGES: Mapping[str, Callable[[], str]] = {"glossary.md": glossary, "duties.md": duties}


def stale() -> Iterator[str]:
    """Yield the pages that are not what their tables say."""
    for name, page in PAGES.items():
        path = DOCS / name
        if not path.is_file() or path.read_text(encoding="utf-8") != page():
            yield f"docs/{name} is not up to date: run python tools/generate_docs.py"


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or check them; return the exit code."""
    found = list(faults())
    if "--check" in arguments:
        found += stale()
    elif not found:
        for name, page in PAGES.items():
            (DOCS / name).write_text(page(), encoding="utf-8")
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
