"""No script of anybody's runs, and nothing is fetched, when a notice is shown in a real browser.

The bodies stand on a page without the protection that our pages have besides (no content security
policy), so that the cleaning alone is judged.
"""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest

from gongheng.data.imports import reading
from gongheng.data.imports.tests import hostile
from gongheng.data.standard import markup
from tests.browser import CHROMIUM, visitor

DATA = Path(__file__).resolve().parents[6] / "shared" / "data"
FILES = sorted(DATA.glob("notices_*.jsonl"))
REAL_TEXTS = 2400
"""Notices with a text, 666 of them HTML as their platforms showed it; many others hold a ``<``."""
PER_PAGE = 120
WIDTH = 1366
_PAGE = (
    "<!doctype html><meta charset=utf-8><script>window.fired=0;"
    "function fire(){window.fired++}window.alert=fire;</script><main>%s</main>"
)
_TOUCH = """() => {
  for (const e of document.querySelectorAll('main *'))
    for (const n of ['click', 'focus', 'mouseover', 'pointerenter', 'animationstart', 'toggle'])
      e.dispatchEvent(new Event(n, {bubbles: false}));
  return {fired: window.fired, left: [...document.querySelectorAll(
    'main :is(script,style,iframe,object,embed,img,svg,math,form,input,a,link,meta,base)')].length,
    attributes: [...document.querySelectorAll('main *')].flatMap(e => e.getAttributeNames())
      .filter(n => n !== 'colspan' && n !== 'rowspan').length};
}"""

in_browser = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium")


def _pages(bodies: list[str]) -> Iterator[str]:
    for start in range(0, len(bodies), PER_PAGE):
        yield _PAGE % "".join(
            f"<article>{body}</article>" for body in bodies[start : start + PER_PAGE]
        )


def _shown(content: str) -> str:
    """Return a text as a page shows it: cleaned again, or as plain text."""
    return markup.clean(content) if markup.has_markup(content) else html.escape(content)


def _judge(bodies: list[str]) -> None:
    with visitor() as look, look.context(WIDTH) as context:
        page = context.new_page()
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        for text in _pages(bodies):
            page.set_content(text, wait_until="load")
            page.wait_for_timeout(50)

            assert page.evaluate(_TOUCH) == {"fired": 0, "left": 0, "attributes": 0}
    assert fetched == []


@pytest.mark.slow
@in_browser
def test_no_canary_of_two_hundred_hostile_notices_fires() -> None:
    texts = hostile.texts()

    assert len(texts) >= 200
    _judge([markup.clean(text) for text in texts])


@pytest.mark.full
@in_browser
def test_no_canary_of_the_real_notices_fires() -> None:
    if not DATA.is_dir():
        pytest.skip("the collected notices are not beside this clone (../shared/data)")
    lines = (line for path in FILES for line in path.read_bytes().splitlines())
    bodies = [shown for line in lines if (shown := _shown(reading.notice_in(line).content))]

    assert len(bodies) >= REAL_TEXTS
    _judge(bodies)


@pytest.mark.parametrize("text", hostile.texts()[::3])
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = markup.clean(text)

    assert markup.clean(once) == once
