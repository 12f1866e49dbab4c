"""What people type is helped along where nothing can be lost."""

from gongheng.data.standard.forms import StandardField


def test_characters_that_nobody_sees_go_before_anything_is_judged_or_kept() -> None:
    field = StandardField("LEGAL_PERSON_BASE", "LEGAL_NAME")

    assert field.clean("\ufeff示例\u200b工程\u202e有限公司 ") == "示例工程有限公司"
    assert field.clean("第一行\r\n第二行") == "第一行\n第二行"
