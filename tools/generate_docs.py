"""Write docs/glossary.md and docs/duties.md from their tables in docs/data.

glossary.csv: term_zh, term_en, meaning; one row per word. duties.csv: one row per clause of the
documents that the platform serves. duties-state.csv: one row per clause, in the same order: state,
screen (address of a page as in tests/authorisation.csv, or a page of the documentation), test
(``path::name``), issue that completes it, missing (what is not there, in a few words; of a clause
that is not yet served, the part of the house that would serve it). Several screens or tests are
joined by ``;``.

    python tools/generate_docs.py            writes both pages
    python tools/generate_docs.py --check    fails when a page or a table is not up to date
"""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
DATA = DOCS / "data"

Row = Mapping[str, str]

STATES = {
    "built": "served, and proved by the named tests",
    "partly": "the named tests prove what is there, the last column says what is missing",
    "not yet": "not yet served",
    "organisational": "a duty of people: rules, staff, money, hardware; what software does for it is "
    "named, and what it could do and does not",
}
TESTED = frozenset({"built", "partly"})
LACKING = frozenset({"partly", "not yet"})

DOCUMENTS = {
    "000": "National platform: running management (L covering letter, A2 assessment)",
    "001": "Provincial platform: management",
    "002": "Electronic trading platform: provincial standard",
    "003": "Whole-process electronic trading: provincial notice",
    "004": "Network and data security of trading",
}

COLUMNS = (
    "Clause",
    "Duty",
    "State",
    "Where, and what proves it",
    "What is missing, or left to people",
)
PAGE = "docs/"
"""A screen that begins so is a page of the documentation."""

ABOUT_DUTIES = """\
Every clause that binds such a platform, and where it is served. Written by `tools/generate_docs.py`
from `docs/data/duties.csv` (the clauses) and `docs/data/duties-state.csv` (state, page, test, what is
missing); pages and tests that a state names are checked against those that exist."""

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
    clauses = read("duties.csv")
    state_of = {row["row"]: row for row in read("duties-state.csv")}
    parts = [
        "# Duties",
        ABOUT_DUTIES,
        table(("State", "Meaning"), iter(STATES.items())),
        table(("Document", *STATES, "all"), _counts(clauses, state_of)),
        "## What is not there yet",
        table(("Part of the house", "Clauses", "Which"), _not_there(state_of.values())),
    ]
    for document, title in DOCUMENTS.items():
        mine = [clause for clause in clauses if clause["seed"] == document]
        parts.append(f"## {document} {title}")
        parts.append(table(COLUMNS, (_duty(clause, state_of[clause["row"]]) for clause in mine)))
    return "\n\n".join(parts) + "\n"


def _counts(clauses: Sequence[Row], state_of: Mapping[str, Row]) -> Iterator[Sequence[str]]:
    for document, title in (*DOCUMENTS.items(), ("", "all")):
        mine = [clause for clause in clauses if clause["seed"] == (document or clause["seed"])]
        counts = Counter(state_of[clause["row"]]["state"] for clause in mine)
        numbers = [str(counts[state]) for state in STATES]
        yield f"{document} {title}".strip(), *numbers, str(len(mine))


def _not_there(states: Iterable[Row]) -> Iterator[Sequence[str]]:
    rows_of: dict[str, list[str]] = {}
    for state in states:
        if state["state"] == "not yet":
            rows_of.setdefault(state["missing"], []).append(state["row"])
    for part, rows in sorted(rows_of.items(), key=lambda pair: -len(pair[1])):
        yield part, str(len(rows)), ", ".join(rows)


def _duty(clause: Row, state: Row) -> Sequence[str]:
    rules = clause["rule_ids"].replace(";", ", ")
    duty = filter(None, (clause["duty"], clause["key_term_zh"], rules))
    said = [state["state"]] + [f"(issue {state['issue']})"] * bool(state["issue"])
    proofs = [_linked(screen) for screen in filter(None, state["screen"].split(";"))]
    for test in filter(None, state["test"].split(";")):
        path, _, name = test.partition("::")
        proofs.append(f"[{name}](../{path})")
    return (
        f"{clause['row']}<br>{clause['clause']}",
        "<br>".join(duty),
        " ".join(said),
        "<br>".join(proofs),
        state["missing"],
    )


def _linked(screen: str) -> str:
    if screen.startswith(PAGE):
        return f"[{screen}]({screen.removeprefix(PAGE)})"
    return f"page `{screen}`"


def faults() -> Iterator[str]:
    """Yield what is wrong in the tables: a clause without state, a state without its test."""
    clauses, states = read("duties.csv"), read("duties-state.csv")
    if [row["row"] for row in clauses] != [row["row"] for row in states]:
        yield "duties-state.csv does not have the rows of duties.csv in their order"
    if unknown := {row["seed"] for row in clauses} - set(DOCUMENTS):
        yield f"duties.csv names unknown documents: {sorted(unknown)}"
    addresses = _addresses()
    for row in states:
        yield from _faults_of_state(row, addresses)
    terms = Counter(word["term_zh"] for word in read("glossary.csv"))
    yield from (f"glossary.csv has {term} twice" for term, n in terms.items() if n > 1)


def _addresses() -> frozenset[str]:
    """Return the address of every page, as the table of who may open it names it."""
    with (ROOT / "tests/authorisation.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["path"] for row in csv.DictReader(file))


def _faults_of_state(row: Row, addresses: frozenset[str]) -> Iterator[str]:
    state = row["state"]
    if state not in STATES:
        yield f"{row['row']}: unknown state {state}"
    if (state in TESTED) is not bool(row["test"]):
        yield f"{row['row']}: {state} and a test do not fit"
    if state in LACKING and not row["missing"]:
        yield f"{row['row']}: {state}, but not what is missing"
    if state == "built" and row["missing"]:
        yield f"{row['row']}: built, though something is missing"
    yield from _faults_of_proofs(row, addresses)


def _faults_of_proofs(row: Row, addresses: frozenset[str]) -> Iterator[str]:
    for screen in filter(None, row["screen"].split(";")):
        if screen not in addresses and not (screen.startswith(PAGE) and (ROOT / screen).is_file()):
            yield f"{row['row']}: no such page: {screen}"
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
