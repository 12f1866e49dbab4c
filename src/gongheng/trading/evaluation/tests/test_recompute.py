"""The independent tool agrees with the room on worked and on generated evaluations."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from gongheng.trading.evaluation import deciding
from gongheng.trading.evaluation.shapes import Mark, Requirements, Tender
from gongheng.trading.evaluation.tests.examples import (
    BUSINESS,
    EVENT,
    HANDBOOK_MARKS,
    HANDBOOK_PRICES,
    LATE,
    SEED,
    TECHNICAL,
    A,
    B,
    C,
    comprehensive,
    findings,
    lowest,
    marks,
    passed,
    tenders,
)
from gongheng.trading.evaluation.tests.support import submitted

TOOL = Path(__file__).parents[5] / "tools/recompute.py"


def _tool() -> Any:
    spec = importlib.util.spec_from_file_location("recompute", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


recompute = _tool().recompute


def agree(
    requirements: Requirements, bids: Sequence[Tender], found: Sequence[Mark], seats: int = 5
) -> list[Any]:
    """Return the ranking on which room and tool agree."""
    result = deciding.decide(
        requirements,
        bids,
        findings(found, seats, competition=(False,) * seats),
        on=date(2026, 10, 12),
        seed=SEED,
        event=EVENT,
    )
    exported = {
        "method": requirements.method.value,
        "ties": list(requirements.ties),
        "trim": requirements.trim,
        "criteria": [
            {
                "code": row.code,
                "group": row.group.value,
                "manner": row.manner.value,
                "points": str(row.points),
                "percent": str(row.percent),
                "amount": str(row.amount),
            }
            for row in requirements.criteria
        ],
        "bids": [{"bidder": bid.bidder_code, "price": str(bid.price)} for bid in bids],
        "marks": [
            {
                "bidder": mark.bidder_code,
                "criterion": mark.criterion,
                "value": "" if mark.value is None else str(mark.value),
            }
            for mark in found
        ],
        "rejected": [{"bidder": row.bidder_code} for row in result.rejected],
        "conclusion": result.conclusion.value,
        "draw": {"seed": SEED.hex(), "event": EVENT},
    }
    ranking = [
        [row.rank, row.line.bidder_code, str(row.line.total), str(row.line.evaluated_price)]
        for row in result.ranking
    ]
    assert recompute(exported) == ranking
    return ranking


def test_the_comprehensive_example_is_recomputed() -> None:
    """S-02, S-03, S-04."""
    ranking = agree(
        comprehensive(), tenders(HANDBOOK_PRICES), passed([A, B, C]) + marks(HANDBOOK_MARKS)
    )

    assert [row[1:3] for row in ranking] == [[A, "89.75"], [C, "89.00"], [B, "88.60"]]


def test_the_low_price_example_is_recomputed() -> None:
    """S-03: 30.00, 28.50, 24.15 beside nothing else."""
    nothing = {
        (bidder, row.code): ["0"] * 5 for bidder in (A, B, C) for row in (TECHNICAL, BUSINESS)
    }
    prices = {A: "950000", B: "1000000", C: "1180000"}

    ranking = agree(comprehensive(), tenders(prices), passed([A, B, C]) + marks(nothing))

    assert [row[2] for row in ranking] == ["30.00", "28.50", "24.15"]


def test_the_example_of_the_lower_base_is_recomputed() -> None:
    """S-07: the base alone."""
    nothing = {
        (bidder, row.code): ["0"] * 5 for bidder in (A, B, C) for row in (TECHNICAL, BUSINESS)
    }
    prices = {A: "950000", B: "850000", C: "1180000"}

    ranking = agree(comprehensive(), tenders(prices), passed([A, B, C]) + marks(nothing))

    assert [row[2] for row in ranking] == ["30.00", "26.84", "21.61"]


def test_the_lowest_price_example_is_recomputed() -> None:
    """S-11, with the corrected price of S-09 for the third."""
    quantities = {(A, LATE.code): ["2"] * 5, (B, LATE.code): ["0"] * 5, (C, LATE.code): ["0"] * 5}
    prices = {A: "1000000.00", B: "1005000.00", C: "1010260.00"}

    ranking = agree(lowest(), tenders(prices), passed([A, B, C]) + marks(quantities))

    assert [[row[1], row[3]] for row in ranking] == [
        [B, "1005000.00"],
        [A, "1010000.00"],
        [C, "1010260.00"],
    ]


def test_ties_and_their_draw_are_recomputed() -> None:
    """S-04, S-16."""
    equal = {
        (bidder, row.code): ["10"] * 5 for bidder in (A, B, C) for row in (TECHNICAL, BUSINESS)
    }

    ranking = agree(
        comprehensive(),
        tenders(dict.fromkeys([A, B, C], "9000000.00")),
        passed([A, B, C]) + marks(equal),
    )

    assert {row[2] for row in ranking} == {"50.00"}


POINTS = st.decimals(min_value=0, max_value=50, places=2)
PRICES = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(99_999_999), places=2)
FIRMS = tuple(f"91530100MA6K0{number:04d}X" for number in range(6))


@st.composite
def evaluations(draw: st.DrawFn) -> tuple[Requirements, list[Tender], list[Mark], int]:
    seats = draw(st.sampled_from([5, 7, 9]))
    firms = FIRMS[: draw(st.integers(min_value=3, max_value=6))]
    few = draw(st.lists(PRICES, min_size=1, max_size=3))  # ties come of few prices
    prices = {firm: str(draw(st.sampled_from(few))) for firm in firms}
    found = passed(firms, seats)
    requirements = draw(
        st.sampled_from(
            [
                comprehensive(),
                comprehensive(trim=True),
                comprehensive(ties=("technical", "price")),
                comprehensive(ties=()),
                lowest(),
            ]
        )
    )
    some = draw(st.lists(POINTS, min_size=1, max_size=3))
    for firm in firms:
        for row in requirements.criteria:
            if row.manner.must_be_equal:
                value = str(min(draw(st.sampled_from(some)), Decimal(20)))
                found += marks({(firm, row.code): [value] * seats})
            elif row.manner.value == "subjective":
                given_marks = [str(draw(st.sampled_from(some))) for _ in range(seats)]
                found += marks({(firm, row.code): given_marks})
    return requirements, tenders(prices), found, seats


@given(evaluations())
def test_generated_evaluations_are_recomputed(
    evaluation: tuple[Requirements, list[Tender], list[Mark], int],
) -> None:
    requirements, bids, found, seats = evaluation

    ranking = agree(requirements, bids, found, seats)

    assert [row[0] for row in ranking] == list(range(1, len(bids) + 1))


def test_the_tool_imports_nothing_of_ours() -> None:
    lines = TOOL.read_text(encoding="utf-8").splitlines()

    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imported <= sys.stdlib_module_names


@pytest.mark.django_db
def test_the_export_of_a_case_is_recomputed_by_the_command(tmp_path: Path) -> None:
    _, report = submitted()
    right, wrong = tmp_path / "right.json", tmp_path / "wrong.json"
    right.write_text(json.dumps(report.body), encoding="utf-8")
    changed = json.loads(right.read_text(encoding="utf-8"))
    changed["ranking"][0]["total"] = "89.76"
    wrong.write_text(json.dumps(changed), encoding="utf-8")

    runs = [
        subprocess.run([sys.executable, TOOL, path], capture_output=True, text=True, check=False)
        for path in (right, wrong)
    ]

    assert [run.returncode for run in runs] == [0, 1]
    assert "89.75" in runs[0].stdout
