import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from gongheng.procedures import all_procedures
from gongheng.procedures.tests.support import WORKS, changed
from gongheng.trading.cases import drawing, table
from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.layout import lay_out

SVG = "{http://www.w3.org/2000/svg}"
ON = date(2026, 10, 12)


def picture(procedure: Procedure = WORKS) -> ET.Element:
    return ET.fromstring(drawing.draw(procedure))  # noqa: S314  our own text


def test_the_picture_is_well_formed_and_shows_every_step_and_ending() -> None:
    for procedure in all_procedures():
        groups = {group.get("id"): group for group in picture(procedure).iter(f"{SVG}g")}

        for step in procedure.steps:
            texts = [
                t.text for t in groups[f"{procedure.code}-step-{step.code}"].iter(f"{SVG}text")
            ]
            assert texts[0] == step.label
        for ending in procedure.endings:
            texts = [
                t.text for t in groups[f"{procedure.code}-ending-{ending.code}"].iter(f"{SVG}text")
            ]
            assert texts == [ending.label]


def test_every_outcome_that_leads_on_from_a_main_step_is_a_labelled_line() -> None:
    edges = [group for group in picture().iter(f"{SVG}g") if group.get("class") == "edge"]

    labels = sorted(next(edge.iter(f"{SVG}text")).text or "" for edge in edges)

    assert labels == sorted(
        outcome.label for step in WORKS.steps if not step.is_side for outcome in step.outcomes
    )


def test_a_strict_content_policy_lets_the_picture_through() -> None:
    for element in picture().iter():
        names = {name.lower() for name in element.attrib}
        assert "style" not in names
        assert not any(name.startswith("on") or "href" in name for name in names)
        assert element.tag not in {f"{SVG}style", f"{SVG}script", f"{SVG}foreignObject"}


def test_the_picture_has_a_name_and_a_description() -> None:
    root = picture()
    ids = {element.get("id") for element in root.iter()}

    assert root.get("role") == "img"
    assert set((root.get("aria-labelledby") or "").split()) <= ids


def test_hostile_words_stay_words() -> None:
    hostile = replace(
        changed(WORKS, "accept", label='<script>"&'), title="</title><script>alert(1)</script>"
    )

    texts = [element.text for element in picture(hostile).iter(f"{SVG}text")]

    assert '<script>"&' in texts
    assert "<script" not in drawing.draw(hostile)
    assert "<script" not in table.as_table(hostile, on=ON)


def test_nothing_overlaps_and_everything_lies_within() -> None:
    layout = lay_out(WORKS)
    boxes = [*layout.mains, *layout.sides, *layout.endings]

    for box in boxes:
        assert 0 <= box.x < box.x + box.width <= layout.width
        assert 0 <= box.y < box.bottom <= layout.height
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            is_beside = one.x + one.width <= other.x or other.x + other.width <= one.x
            assert is_beside or one.bottom <= other.y or other.bottom <= one.y
    for edge in layout.edges:
        assert edge.lane_x is None or 0 < edge.lane_x < edge.source.x


def test_every_label_fits_its_box() -> None:
    for procedure in all_procedures():
        layout = lay_out(procedure)
        for box in [*layout.mains, *layout.sides]:
            assert box.step is not None
            assert len(box.step.label) * drawing.LABEL_SIZE <= box.width - 20, box.step.label


class _Table(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {name for name, _ in attrs} - {"class", "scope", "data-label"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_table_says_in_words_what_the_picture_shows() -> None:
    reader = _Table()

    reader.feed(table.as_table(WORKS, on=ON))

    assert reader.open == []
    said = "\n".join(reader.words)
    for step in WORKS.steps:
        assert step.label in said
    assert "中标候选人公示期不少于3日（《招标投标法实施条例》第五十四条）" in said
    assert "重新招标：进入新一轮，编制招标文件并作公平竞争审查" in said
    assert len(table.lines(WORKS, on=ON)) == len(WORKS.steps)
