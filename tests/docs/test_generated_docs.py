from pathlib import Path

import pytest

from tools import generate_docs


def test_the_generated_pages_are_up_to_date() -> None:
    assert list(generate_docs.stale()) == []


def test_every_duty_has_a_state_and_every_named_test_exists() -> None:
    assert list(generate_docs.faults()) == []
    assert len(generate_docs.read("duties.csv")) == 258


def test_check_fails_on_a_page_that_was_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate_docs, "DOCS", tmp_path)
    assert generate_docs.main([]) == 0
    assert generate_docs.main(["--check"]) == 0

    with (tmp_path / "duties.md").open("a") as page:
        page.write("by hand")

    assert generate_docs.main(["--check"]) == 1
    assert "docs/duties.md" in capsys.readouterr().err


def test_a_state_without_its_test_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("duties.csv", "glossary.csv", "duties-state.csv"):
        (tmp_path / name).write_bytes((generate_docs.DATA / name).read_bytes())
    states = tmp_path / "duties-state.csv"
    claimed = states.read_text().replace("SC-001,not yet,,,", "SC-001,built,,tests/no.py::test_no,")
    states.write_text(claimed.replace("SC-002,not yet", "SC-002,built"))
    monkeypatch.setattr(generate_docs, "DATA", tmp_path)

    assert list(generate_docs.faults()) == [
        "SC-001: no such test: tests/no.py::test_no",
        "SC-002: built and a test do not fit",
    ]
