"""Looking at pages with a real browser: faults, accessibility, pictures.

    with visitor() as look:
        look.at("http://127.0.0.1:8001/", name="home")

``GONGHENG_PAGES=DIR`` keeps a picture of every page that is looked at.

Needs Debian's ``chromium`` and ``fonts-noto-cjk``; a page that fails raises ``AssertionError`` with
every fault found. One browser serves the whole run; each visitor has its own cookies.
"""

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.scope import IS_FULL

CHROMIUM = os.environ.get("GONGHENG_CHROMIUM", "/usr/bin/chromium")
WIDTHS = (1366, 390)
HEIGHT = 900
PICTURES = Path(os.environ["GONGHENG_PAGES"]) if "GONGHENG_PAGES" in os.environ else None
"""Where pictures of the pages go, when somebody asks for them."""
AXE = Path(__file__).parent / "vendor/axe-core-4.14.1/axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
    "--lang=zh-CN",
]

_TOFU = """known => {
  const unknown = new Set(document.body.innerText);
  for (const letter of known) unknown.delete(letter);
  const letters = [...unknown].filter(letter => /\\p{L}|\\p{P}|\\p{S}/u.test(letter));
  if (!letters.length) return ['', ''];
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  canvas.canvas.width = canvas.canvas.height = 24;
  canvas.font = '16px ' + getComputedStyle(document.body).fontFamily;
  const drawn = letter => {
    canvas.clearRect(0, 0, 24, 24);
    canvas.fillText(letter, 2, 18);
    return canvas.getImageData(0, 0, 24, 24).data.join();
  };
  const box = drawn('\\u{10FFFE}');
  const boxes = letters.filter(letter => drawn(letter) === box);
  return [boxes.join(''), letters.filter(letter => !boxes.includes(letter)).join('')];
}"""
_DRAWN: set[str] = set()
"""Letters that were seen to have a shape: all pages are set in the same letters."""
_OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(0, 5)
    .map(e => e.tagName.toLowerCase() + '.' + e.className + ' ' + e.textContent.trim().slice(0, 40));
}"""
_RAW = (
    """() => (document.body.innerText.match(/\\b[A-Z]{3,}(?:_[A-Z0-9]+)+\\b/g) || []).slice(0, 5)"""
)

_NEW_PIECES = """known => {
  const seen = new Set(known), fresh = new Set();
  for (const e of document.querySelectorAll('*')) {
    const piece = [e.localName, e.className.baseVal ?? e.className, e.getAttributeNames().join(' '),
      e.getAttribute('role'), e.type, e.textContent.trim() ? '' : 'empty'].join('|');
    if (!seen.has(piece)) fresh.add(piece);
  }
  return [...fresh];
}"""
_JUDGED: set[str] = set()
"""The pieces of pages that axe has judged: kinds of elements, by their classes and attributes."""

_AXE = """([rules, preload]) => axe.run(
  document,
  {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations'], elementRef: false, preload}
)"""


@dataclass
class Look:
    """A visitor at every width; ``faults`` gathers what was wrong on each page."""

    browser: Browser
    state: dict[str, Any] | None = None
    faults: list[str] = field(default_factory=list)

    def at(
        self,
        address: str,
        *,
        name: str,
        folder: Path | None = PICTURES,
        widths: tuple[int, ...] = WIDTHS,
        scripts: bool = True,
        status: int = 200,
    ) -> None:
        """Open a page, judge it at each width, and keep its pictures in ``folder``."""
        window = _standing_window(self.browser, scripts=scripts)
        window.sign_in(self.state, widths[0])
        told = window.go(address, status)
        found = [f"{name}: {fault}" for fault in told]
        found += judged_at(window.page, name=name, folder=folder, widths=widths, scripts=scripts)
        self.faults += found
        assert not found, "\n".join(found)

    @contextmanager
    def opened(
        self, address: str, *, width: int, scripts: bool = True, status: int = 200
    ) -> Iterator[tuple[Page, list[str]]]:
        """Open a page in a context of its own and gather what its console says."""
        with self.context(width, java_script_enabled=scripts) as context:
            window = _Window(context)
            yield window.page, window.go(address, status)

    @contextmanager
    def context(self, width: int, **options: Any) -> Iterator[BrowserContext]:
        context = _new_context(self.browser, width, storage_state=self.state, **options)
        try:
            yield context
        finally:
            context.close()


class _Window:
    """One page of a browser and what its console says, policy violations among it."""

    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self._told: list[str] = []
        self._expected = 200
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self._told.append(f"script error: {error}"))

    def sign_in(self, state: dict[str, Any] | None, width: int) -> None:
        """Become another person, at this width: the cookies are all that a page knows of one."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.context.clear_cookies()
        if state:
            self.page.context.add_cookies(state["cookies"])

    def go(self, address: str, status: int) -> list[str]:
        """Open an address; return the list that what it says, from now on, is added to."""
        self._told, self._expected = [], status
        answer = self.page.goto(address, wait_until="load")
        if answer is None or answer.status != status:
            self._told.append(f"status {answer and answer.status}, expected {status}")
        return self._told

    def _note(self, message: ConsoleMessage) -> None:
        # The browser reports the page's own refusal as an error; that one is the test's subject.
        expected = f"status of {self._expected} "
        is_expected = self._expected >= 400 and expected in message.text
        if message.type in {"error", "warning"} and not is_expected:
            self._told.append(f"console {message.type}: {message.text}")


@cache
def _standing_window(browser: Browser, *, scripts: bool) -> _Window:
    """Return the window that all visitors look through: a new one costs as much as the look."""
    return _Window(_new_context(browser, WIDTHS[0], java_script_enabled=scripts))


def _new_context(browser: Browser, width: int, **options: Any) -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        **options,
    )


def judged_at(
    page: Page,
    *,
    name: str,
    folder: Path | None = PICTURES,
    widths: tuple[int, ...] = WIDTHS,
    scripts: bool = True,
) -> list[str]:
    """Return the faults of an open page at each width, and keep its pictures in ``folder``."""
    found: list[str] = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        has_axe = scripts and (IS_FULL or width == widths[0])
        faults = [*judged(page), *(axe_faults(page) if has_axe else [])]
        found += [f"{name} {width}: {fault}" for fault in faults]
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    return found


def wider_than_window(page: Page) -> list[str]:
    """Return what makes an open page scroll sideways."""
    found: list[str] = page.evaluate(_OVERFLOW)
    return found


def judged(page: Page) -> list[str]:
    """Return the faults of an open page that need no judge: scroll, boxes, raw field codes."""
    faults = [f"wider than the window: {culprit}" for culprit in wider_than_window(page)]
    boxes, drawn = page.evaluate(_TOFU, "".join(_DRAWN))
    _DRAWN.update(drawn)
    if boxes:
        faults.append(f"letters without a shape: {boxes!r}")
    faults += [f"raw field code: {code}" for code in page.evaluate(_RAW)]
    return faults


def axe_faults(page: Page) -> list[str]:
    """Return what axe finds on an open page, one line a fault.

    The judge comes with the browser, not with the page: the page's policy stays in force. It comes
    only when it is asked: to every page that is merely passed it would cost more than the page. The
    usual run spares it the phone's width, a page whose every piece it has judged on others, and its
    one rule about style sheets (that nothing forces an orientation): it takes as long as all else.
    """
    new = page.evaluate(_NEW_PIECES, [] if IS_FULL else list(_JUDGED))
    if not new:
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    result = page.evaluate(_AXE, [AXE_RULES, IS_FULL])
    _JUDGED.update(new)
    return [
        f"axe {violation['id']} ({violation['impact']}): {node['html'][:160]} — "
        + " ".join(node["failureSummary"].split())[:200]
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


@cache
def _axe_source() -> str:
    return f"{AXE.read_text(encoding='utf-8')}; undefined"


@contextmanager
def visitor(state: dict[str, Any] | None = None) -> Iterator[Look]:
    """Give a visitor; ``state`` is a stored session (``context.storage_state()``) of a person."""
    yield Look(browser(), state)


def session_of(client: Client, address: str) -> dict[str, Any]:
    """Return the session of a signed-in client of Django's, for a visitor of this server."""
    name = settings.SESSION_COOKIE_NAME
    cookie = {
        "name": name,
        "value": client.cookies[name].value,
        "domain": urlsplit(address).hostname,
        "path": "/",
        "expires": -1,
        "httpOnly": True,
        "secure": False,
        "sameSite": "Lax",
    }
    return {"cookies": [cookie], "origins": []}


_LEFT_OPEN: list[BaseDatabaseWrapper] = []
"""Connections in the midst of a test when the browser was started: nobody finds them afterwards."""


def let_go() -> None:
    """Close what was left open, before the test's database is dropped.

    A page that is still shown keeps its lines to the server of its test, and a line its thread, which
    goes on asking the database for a page that looks again by itself.
    """
    if browser.cache_info().currsize:
        browser().close()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=10)
    for each in _LEFT_OPEN:
        each.inc_thread_sharing()
        each.in_atomic_block = False
        each.close()
    _LEFT_OPEN.clear()


@cache
def browser() -> Browser:
    """Return the browser of this run, which speaks Chinese; it is started once and ends with us."""
    # The driver's event loop stays in this thread, and Django takes the thread for asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # From now on a loop runs in this thread, and Django keeps its connections apart from those of
    # before: what stayed open there would keep the test's database from being dropped in the end.
    for each in connections.all(initialized_only=True):
        if each.in_atomic_block:
            _LEFT_OPEN.append(each)
        else:
            each.close()
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright.chromium.launch(
        executable_path=CHROMIUM, args=_FLAGS, env=os.environ | {"LANGUAGE": "zh_CN"}
    )


def contact_sheet(folder: Path, sheet: Path, *, columns: int = 6, width: int = 420) -> None:
    """Write one picture of all pictures of a folder, each with its name."""
    pictures = sorted(path for path in folder.glob("*.png") if path != sheet)
    cell = (width, width * 3 // 2 + 20)
    rows = -(-len(pictures) // columns)
    whole = Image.new("RGB", (columns * cell[0], max(rows, 1) * cell[1]), "white")
    pen = ImageDraw.Draw(whole)
    for number, path in enumerate(pictures):
        left, top = number % columns * cell[0], number // columns * cell[1]
        with Image.open(path) as picture:
            small = picture.convert("RGB")
            small.thumbnail((cell[0] - 8, cell[1] - 24))
            whole.paste(small, (left + 4, top + 20))
        pen.text((left + 4, top + 4), path.stem, fill="black")
    whole.save(sheet)
