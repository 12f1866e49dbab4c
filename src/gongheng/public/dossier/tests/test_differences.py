"""What changed: exact, escaped elsewhere, and never slow."""

from hypothesis import given, strategies as st

from gongheng.public.dossier.differences import changes, spans, text_change

NOTICE = "TENDER_ANN_QUA_INQUERY_ANN"


@given(st.text(max_size=80), st.text(max_size=80))
def test_the_pieces_of_a_line_give_back_both_versions(before: str, after: str) -> None:
    found = list(spans(before, after))

    assert "".join(span.text for span in found if span.mark != "new") == before
    assert "".join(span.text for span in found if span.mark != "gone") == after


def test_values_are_said_in_words_and_what_is_not_public_is_not_compared() -> None:
    before = {"NOTICE_NATURE": "1", "BID_OPEN_TIME": "20261106090000"}
    after = {"NOTICE_NATURE": "2", "BID_OPEN_TIME": "20261109090000", "TENDERER_NAME": "甲"}

    found = {each.label: (each.before, each.after) for each in changes(NOTICE, before, after)}

    assert found["公告性质"] == ("正常公告", "更正公告")
    assert found["招标人名称"] == ("", "甲")
    assert ("2026-11-06 09:00:00", "2026-11-09 09:00:00") in found.values()


def test_unchanged_lines_are_counted_and_long_texts_are_cut() -> None:
    lines = [f"第 {number} 段" for number in range(1000)]
    longer = [*lines[:10], "新的一段", *lines[10:]]

    found = text_change("公告内容", "\n".join(lines), "\n".join(longer))

    assert found.is_cut
    assert found.left_out >= 398
    assert any(
        span.text == "新的一段" and span.mark == "new" for line in found.lines for span in line
    )


def test_of_a_long_line_the_change_and_its_surroundings_are_shown() -> None:
    before, after = (f"{'一' * 5000}{word}{'二' * 5000}" for word in ("三十日", "四十日"))

    (line,) = text_change("公告内容", before, after).lines

    assert [(span.text, span.mark) for span in line if span.mark != "kept"] == [
        ("三", "gone"),
        ("四", "new"),
    ]
    assert sum(len(span.text) for span in line) < 250
