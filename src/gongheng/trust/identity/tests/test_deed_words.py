"""Every deed that a program writes down can be read by who audits it."""

import re
from pathlib import Path

from gongheng.trust.identity import deed_words

_SOURCE = Path(deed_words.__file__).parents[2]
_DEED = re.compile(r'\b(?:deed|reads)\s?=\s?"([a-z_]+\.[a-z_]+)"')
_OF_A_STEP = "case."


def _deeds() -> set[str]:
    files = (path for path in _SOURCE.rglob("*.py") if "tests" not in path.parts)
    return {deed for path in files for deed in _DEED.findall(path.read_text(encoding="utf-8"))}


def test_every_deed_that_is_written_down_has_words() -> None:
    deeds = _deeds()

    assert len(deeds) > 80
    unsaid = {
        deed
        for deed in deeds
        if not deed.startswith(_OF_A_STEP) and "：" not in deed_words.said(deed)
    }
    assert unsaid == set()


def test_a_step_of_a_procedure_is_said_as_a_step_of_the_case() -> None:
    assert deed_words.said("case.close_bids") == "项目：办理步骤"
    assert deed_words.said("case.held") == "项目：暂停"


def test_a_deed_that_nobody_worded_is_left_to_its_code() -> None:
    assert deed_words.said("nonsense.nothing") == ""
