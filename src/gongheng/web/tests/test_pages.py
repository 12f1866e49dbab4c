import re

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

pytestmark = pytest.mark.usefixtures("node")


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/bad/", 400, "没有看懂"),
        ("/denied/", 403, "没有查看此页的权限"),
        ("/display-mode", 405, "不能直接打开"),
        ("/nowhere/", 404, "没有找到这个页面"),
        ("/fail/", 500, "暂时无法显示"),
    ],
)
def test_an_error_page_says_what_why_and_what_next(
    visitor: Client, address: str, status: int, said: str
) -> None:
    answer = visitor.get(address)

    text = answer.content.decode()
    assert answer.status_code == status
    assert said in text
    assert "接下来可以" in text


def test_what_is_more_than_is_taken_at_once_is_told_so(visitor: Client) -> None:
    answer = visitor.post("/form/", {f"field{number}": "" for number in range(1001)})

    assert answer.status_code == 413
    assert "分几次提交" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (forms.CharField(), "", "必须填写。"),
        (forms.CharField(max_length=3), "四个字的", "最多 3 个字符，现在有 4 个，请删减。"),
        (forms.CharField(min_length=3), "二字", "至少 3 个字符，现在有 2 个，请补充。"),
        (forms.CharField(), "a\0b", "有不能保存的控制字符，请删去。"),
        (forms.IntegerField(), "一", "请填写整数，例如 12。"),
        (forms.IntegerField(max_value=5), "6", "不得大于 5。"),
        (forms.DecimalField(decimal_places=2), "1.234", "最多 2 位小数。"),
        (forms.DecimalField(), "一", "请填写数字，例如 1234.56。"),
        (forms.DateField(), "2026-13-01", "请写成 2026-10-12 的样子。"),
        (forms.ChoiceField(choices=[("a", "甲")]), "raw", "请从列出的选项中选择"),
        (forms.EmailField(), "a@", "请填写完整的电子邮箱"),
        (forms.FileField(), SimpleUploadedFile("a.pdf", b""), "文件是空的"),
    ],
)
def test_a_field_says_what_to_do_and_never_what_a_program_expects(
    field: forms.Field, typed: object, said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)

    assert " ".join(refused.value.messages).startswith(said)


def test_a_refusal_is_said_with_its_law_and_remedy(visitor: Client) -> None:
    answer = visitor.get("/refuse/")

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "系统不再接收投标文件" in text
    assert "《招标投标法实施条例》第三十六条" in text
    assert "请联系招标代理机构" in text


@pytest.mark.parametrize("address", ["/form/", "/nowhere/", "/fail/"])
def test_every_answer_carries_the_security_headers(visitor: Client, address: str) -> None:
    answer = visitor.get(address)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_who_came_by_tls_comes_back_by_tls(visitor: Client) -> None:
    name = "Strict-Transport-Security"

    assert "max-age=31536000" in visitor.get("/form/", secure=True).headers[name]
    assert name not in visitor.get("/form/").headers


def test_a_page_has_nothing_inline(visitor: Client) -> None:
    text = visitor.get("/form/").content.decode()

    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text)


def test_a_form_names_its_errors_on_top_and_at_the_field(visitor: Client) -> None:
    text = visitor.post("/form/", {"name": "六个字的名称"}).content.decode()

    assert "有 3 处需要修改" in text
    assert '<a href="#id_name">' in text
    assert '<a href="#id_kind_0">' in text
    assert 'aria-describedby="id_name_helptext id_name_error"' in text
    assert 'id="id_name_error"' in text
    assert "六个字的名称" in text
    assert "与立项批文一致 &lt;b&gt;" in text
    assert "（选填）" in text


def test_a_form_without_proof_of_origin_is_refused_in_words() -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/form/", {"name": "甲"})

    assert answer.status_code == 403
    assert "没有保存" in answer.content.decode()


def test_large_text_is_remembered_and_leads_back(visitor: Client) -> None:
    answer = visitor.post("/display-mode", {"text": "large", "next": "/form/?a=1"})

    assert answer.headers["Location"] == "/form/?a=1"
    assert "gongheng_530100_text" in answer.cookies
    assert 'class="large-text"' in visitor.get("/form/").content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:1", "\\\\x"]
)
def test_the_way_back_never_leads_elsewhere(visitor: Client, elsewhere: str) -> None:
    answer = visitor.post("/display-mode", {"text": "large", "next": elsewhere})

    assert answer.headers["Location"] == "/"
