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


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("SC-051,built,", "SC-051,grand,", "SC-051: unknown state grand"),
        ("SC-077,not yet,,,", "SC-077,built,,,", "SC-077: built and a test do not fit"),
        (
            "SC-077,not yet,,,",
            "SC-077,not yet,,tests/no.py::test_no,",
            "SC-077: no such test: tests/no.py::test_no",
        ),
        ("SC-051,built,/accounts/", "SC-051,built,/nowhere/", "SC-051: no such page: /nowhere/"),
        ("docs/operate/city.md;", "docs/no.md;", "SC-014: no such page: docs/no.md"),
        (",assessment: monthly scores and ranks", ",", "SC-077: not yet, but not what is missing"),
        ("SC-051,built,", "SC-051,partly,", "SC-051: partly, but not what is missing"),
        ("SC-053,partly,", "SC-053,built,", "SC-053: built, though something is missing"),
    ],
)
def test_a_state_that_says_what_is_not_so_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str, said: str
) -> None:
    for name in ("duties.csv", "glossary.csv", "duties-state.csv"):
        (tmp_path / name).write_bytes((generate_docs.DATA / name).read_bytes())
    states = tmp_path / "duties-state.csv"
    text = states.read_text()
    assert right in text
    states.write_text(text.replace(right, wrong))
    monkeypatch.setattr(generate_docs, "DATA", tmp_path)

    assert said in list(generate_docs.faults())
