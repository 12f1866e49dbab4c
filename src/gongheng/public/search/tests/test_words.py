import pytest
from hypothesis import given, strategies as st

from gongheng.public.search import marking, words

TITLE = "昆明市官渡区第三中学（Ａ座）施工招标公告"


@pytest.mark.parametrize("written", ["ＧＢ／Ｔ 50500", "gb/t 50500", "GB/T　50500"])
def test_width_and_capitals_do_not_count(written: str) -> None:
    assert words.fold(written) == "gbt50500"


def test_a_code_is_one_token_with_and_without_its_joints() -> None:
    found = words.lexemes(title="", text="项目代码：2503-420506-04-01-123456。")

    assert {"c:250342050604" + "01123456", "c:2503", "c:420506"} <= found


@pytest.mark.parametrize(
    ("asked", "terms"),
    [
        ("官渡区 道路", ("官渡区", "道路")),
        ("官渡区，道路", ("官渡区", "道路")),
        ("项目（一）招标公告", ("项目", "招标公告")),
        ("路", ("路",)),
        ("2503-420506-04", ("250342050604",)),
        ("'; DROP TABLE x; --", ("drop", "table")),
        ("招标 & !公告 | (a:*)", ("招标", "公告")),
        ("%_\\ ~", ()),
    ],
)
def test_marks_part_the_terms_of_a_question(asked: str, terms: tuple[str, ...]) -> None:
    assert words.question(asked).terms == terms


def test_quotes_hold_a_phrase() -> None:
    assert words.question("“核磁 共振” 采购").phrases == ("核磁 共振",)


@given(st.text(max_size=400))
def test_no_question_makes_an_unquoted_condition(text: str) -> None:
    asked = words.question(text)
    for condition in (asked.in_title(), asked.anywhere()) if asked.terms else ():
        inside = condition.replace("''", "").split("'")
        assert all(part in {"", " & ", ":* & ", ":*"} for part in inside[::2])


@given(st.text(max_size=60), st.text(max_size=30))
def test_marked_pieces_are_the_text(text: str, asked: str) -> None:
    pieces = marking.parts(text, words.question(asked))

    assert "".join(piece.text for piece in pieces) == text


@pytest.mark.parametrize(
    ("asked", "hits"),
    [
        ("官渡区第三中学", ["官渡区第三中学"]),
        ("第三中学A座", ["第三中学（Ａ座"]),
        ("a座", ["Ａ座"]),
        ("官渡区第四中学", ["官渡区第", "中学"]),
        ("医院", []),
    ],
)
def test_what_was_asked_for_is_marked(asked: str, hits: list[str]) -> None:
    pieces = marking.parts(TITLE, words.question(asked))

    assert [piece.text for piece in pieces if piece.is_hit] == hits


def test_an_excerpt_shows_the_surroundings_of_the_first_hit() -> None:
    text = "前" * 500 + "云岭建工集团有限公司" + "后" * 500

    pieces = marking.excerpt(text, words.question("云岭建工"))

    assert [piece.is_hit for piece in pieces] == [False, True, False]
    assert pieces[0].text.startswith("…前")
    assert marking.excerpt(text, words.question("没有")) == []


@pytest.mark.parametrize(
    "title",
    [
        "昆明市官渡区第三中学教学楼施工招标公告",
        "关于昆明市官渡区第三中学教学楼施工第2次招标变更公告",
        "昆明市官渡区第三中学教学楼中标候选人公示",
        "昆明市官渡区第三中学教学楼工程合同签订公告",
    ],
)
def test_titles_of_one_project_have_one_stem(title: str) -> None:
    assert words.stem(title) == "昆明市官渡区第三中学教学楼"


def test_a_short_stem_names_no_project() -> None:
    assert words.stem("办公设备采购公告") == ""


_LETTERS = st.text(alphabet="招标公告项目工程（）一期aK1Ａ２－ ", min_size=1, max_size=16)


@given(title=_LETTERS, text=_LETTERS, asked=_LETTERS)
def test_what_stands_in_a_title_also_stands_anywhere(title: str, text: str, asked: str) -> None:
    """Where the question says so: then titles need not be asked beside texts."""
    question = words.question(asked)
    tokens = words.lexemes(title=title, text=text)
    in_title = _met(question.in_title(), tokens)

    if question.is_told_anywhere and in_title:
        assert _met(question.anywhere(), tokens)


def _met(condition: str, tokens: set[str]) -> bool:
    """Judge a condition of quoted tokens, some with a star, all joined by and."""
    parts = condition.replace("''", "\0").split("'")
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return bool(condition) and all(
        any(each.startswith(token.replace("\0", "'")) for each in tokens)
        if after.startswith(":*")
        else token.replace("\0", "'") in tokens
        for token, after in pairs
    )
