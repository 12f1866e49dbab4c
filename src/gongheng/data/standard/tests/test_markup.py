import time

import pytest
from hypothesis import given, strategies as st

from gongheng.data.standard.markup import clean, has_markup, masked


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("甲", "甲"),
        ("a < b 且 c > d", "a &lt; b 且 c &gt; d"),
        ("<p onclick='x()' style='a'>甲</p><script>x</script>", "<p>甲</p>"),
        ("<h1>一</h1>甲<img src=x>", "<p><b>一</b></p>甲"),
        ("<spanyes';font-family:宋体>甲</spanyes>", "甲"),
        (
            "<table border=1><tr><td colspan=2 width=9>甲</table>",
            '<table><tbody><tr><td colspan="2">甲</td></tr></tbody></table>',
        ),
        (
            "<table><tr><td colspan=99999>甲</table>",
            "<table><tbody><tr><td>甲</td></tr></tbody></table>",
        ),
        ("<p></p><p> </p><p>甲</p>", "<p>甲</p>"),
        ("<a href='https://example.cn'>甲</a>", "甲"),
    ],
)
def test_markup_is_made_harmless_and_tables_stay(given: str, shown: str) -> None:
    assert clean(given) == shown


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>138<b>0013</b>8000</p>", "<p>138<b>****</b>8000</p>"),
        ("<td>1380013</td><td>8000</td>", "<td>1380013</td><td>8000</td>"),
        ("<p>王 wang@example.cn</p>", "<p>王 w***@example.cn</p>"),
        ("<p>91530100MA6K12345X</p>", "<p>91530100MA6K12345X</p>"),
    ],
)
def test_personal_numbers_are_covered_where_they_stand(html: str, shown: str) -> None:
    assert masked(html) == shown


@pytest.mark.parametrize("piece", ["<!--", "<", "<a ", "<b>", "<p><b>", "<table><td>", "</p>"])
def test_the_time_is_in_proportion_to_the_text(piece: str) -> None:
    began = time.process_time()

    masked(clean("<b>" + piece * (100_000 // len(piece))))

    assert time.process_time() - began < 3


@given(st.text(alphabet="<>/abtdpscript! -&;='\"\n", max_size=200))
def test_no_text_breaks_the_cleaner(text: str) -> None:
    assert "<script" not in clean(text)
    assert has_markup(text) or clean(text)[:1] != "<"
