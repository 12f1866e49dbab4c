"""Pages are read as a browser without scripts would."""

import pytest

from gongheng.node.rehearsal.forms import Button, Page

MARKUP = """
<!doctype html><title>登记 · 平台</title>
<nav><a href="/desk/"><span>业务</span>工作台</a></nav>
<main><h1>登记 &amp; 核对</h1>
<form method="post" action="?step=2" id="entry">
  <input type="hidden" name="csrfmiddlewaretoken" value="abc">
  <input name="title" value="一号工程"><input type="checkbox" name="lots" value="1" checked>
  <input type="checkbox" name="lots" value="2"><input type="radio" name="kind" value="a">
  <select name="method"><option value="">请选择</option><option value="lowest" selected>最低价</option></select>
  <select name="form"><option value="1">自行</option><option value="2">委托</option></select>
  <textarea name="content">
第一行
第二行</textarea>
  <input type="file" name="approval">
  <button name="deed" value="save"><svg><title>图标</title></svg>保存</button>
  <button type="button">无用</button>
</form>
<form action="/search/"><input name="q"><input type="submit" value="搜索"></form>
<button form="entry" name="deed" value="drop">放弃</button>
<a href="/cases/2/">二</a><a href="/cases/2/">二</a><a href="/cases/1/">一</a>
<script>var a = "<form>";</script>
</main>
"""


@pytest.fixture
def page() -> Page:
    return Page(status=200, address="http://node/x/", markup=MARKUP)


def test_a_form_would_send_what_it_holds_out(page: Page) -> None:
    form = page.form("保存")

    assert (form.method, form.action) == ("post", "?step=2")
    assert form.values == {
        "csrfmiddlewaretoken": ["abc"],
        "title": ["一号工程"],
        "lots": ["1"],
        "method": ["lowest"],
        "form": ["1"],
        "content": ["第一行\n第二行"],
    }
    assert form.choices("lots") == ["1", "2"]
    assert form.choices("method") == ["", "lowest"]
    assert "approval" in form.names
    assert form.buttons == [Button("保存", "deed", "save"), Button("放弃", "deed", "drop")]


def test_every_form_is_found_by_its_button(page: Page) -> None:
    assert page.form("搜索").values == {"q": [""]}
    assert page.form("放弃").action == "?step=2"
    with pytest.raises(LookupError, match="没有按钮“发布”（有：保存；放弃；搜索）"):
        page.form("发布")


def test_links_and_words_are_read(page: Page) -> None:
    assert page.link("工作台") == "/desk/"
    assert page.links("/cases/") == ["/cases/2/", "/cases/1/"]
    assert page.text.startswith("登记 & 核对")
    assert "var a" not in page.text
    assert page.errors == []


@pytest.mark.parametrize("kind", ["error-summary", "field-error"])
def test_what_a_page_complains_about_is_told(kind: str) -> None:
    markup = f'<div class="{kind}"><p>请填写 <b>名称</b></p></div><p>其他</p>'

    assert Page(status=200, address="", markup=markup).errors == ["请填写 名称"]
