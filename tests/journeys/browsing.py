"""The people of a rehearsal in a real browser: the same walk, clicked and typed on real pages."""

import re
from collections.abc import Callable, Mapping, Sequence
from string import digits
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, ElementHandle, Locator, Response

from gongheng.node.rehearsal.forms import Form, Page
from gongheng.node.rehearsal.visitor import File, Visitor
from tests.browser import HEIGHT, WIDTHS, judged_at, wider_than_window

DESKTOP, PHONE = WIDTHS
ON_A_PHONE = frozenset(
    {"reviewer", "reviewer2", "county2", "bidder1", "bidder3", "expert2", "expert4", "officer2"}
) | {"supervisor", "rep1", ""}
"""Who uses a phone; everybody else sits at a desk."""
PATIENCE = 60_000
_IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-F]{16,}|[0-9a-f]{32,}|(?<=/)\d+(?=/)")
_JUDGED: set[tuple[str, str]] = set()
"""The kinds of pages that were judged in this run, and who saw them."""
_BUTTON = """(form, words) => [...form.elements].find(
  e => e.type === 'submit' && (e.textContent || e.value).replace(/\\s+/g, ' ').includes(words)
)"""
_LINK = """address => {
  const links = [...document.links].filter(link => link.href === address);
  return links.find(link => link.checkVisibility()) || links.find(link => link.closest('details'));
}"""
_UNFOLD = """element => {
  for (let fold = element.closest('details'); fold; fold = fold.parentElement.closest('details'))
    if (!fold.open) fold.querySelector('summary').click();
}"""


class Clicker(Visitor):
    """One person with a real browser; ``faults`` gathers what was wrong on the pages."""

    def __init__(self, url: str, name: str, *, browser: Browser, faults: list[str]) -> None:
        super().__init__(url, name)
        self.faults = faults
        self.typed: list[str] = []
        """Addresses to which no link of the page before led."""
        self._width = width = PHONE if name in ON_A_PHONE else DESKTOP
        self._context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        self._tab = self._context.new_page()
        self._tab.set_default_timeout(PATIENCE)
        self._tab.on("console", self._heard)
        self._tab.on("pageerror", lambda error: self._noted(f"script error: {error}"))

    def close(self) -> None:
        """Close the browser."""
        self._context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser reports a refused page itself as an error; that one is the walk's subject.
        is_refusal = "status of 4" in message.text and message.location["url"] == self._tab.url
        if message.type in {"error", "warning"} and not is_refusal:
            self._noted(f"console {message.type}: {message.text}")

    def _noted(self, fault: str) -> None:
        self.faults.append(f"{self.name or '访客'} {self._tab.url} {fault}")

    def _opened(self, address: str) -> Page:
        link = self._tab.evaluate_handle(_LINK, address).as_element()
        if link is None:
            self.typed.append(urlsplit(address).path)
            return self._seen(lambda: self._tab.goto(address))
        return self._seen(lambda: _click(link))

    def _fetched(self, address: str) -> tuple[int, bytes]:
        answer = self._context.request.get(address)
        return answer.status, answer.body()

    def _pressed(
        self,
        form: Form,
        button: str,
        answers: Mapping[str, Sequence[str]],
        files: Mapping[str, File],
    ) -> Page:
        place = [one.element for one in self.page.forms].index(form.element)
        shown = self._tab.locator("form").nth(place)
        for name, given in answers.items():
            self._answer(shown.locator(f'[name="{name}"]'), given)
        for name, (title, content, kind) in files.items():
            paper = {"name": title, "mimeType": kind, "buffer": content}
            shown.locator(f'[name="{name}"]').set_input_files([paper])  # type: ignore[list-item]
        pressed = shown.evaluate_handle(_BUTTON, button).as_element()
        assert pressed is not None, f"{self.page.address}：没有按钮“{button}”"
        return self._seen(lambda: _click(pressed))

    def _answer(self, fields: Locator, given: Sequence[str]) -> None:
        first = fields.first
        first.evaluate(_UNFOLD)
        kind = first.evaluate("field => field.type")
        if kind == "radio":
            fields.and_(self._tab.locator(f'[value="{given[0]}"]')).check()
        elif kind == "checkbox":
            for field in fields.all():
                field.set_checked((field.get_attribute("value") or "on") in given)
        elif kind.startswith("select"):
            first.select_option(list(given))
        else:
            first.fill(given[0])

    def _seen(self, deed: Callable[[], object]) -> Page:
        """Do what leads to another page, and return it with its faults noted."""
        with self._tab.expect_navigation(wait_until="load") as led:
            deed()
        answer: Response = led.value
        for culprit in wider_than_window(self._tab):
            self._noted(f"wider than the window: {culprit}")
        self._judge()
        return Page(status=answer.status, address=self._tab.url, markup=self._tab.content())

    def _judge(self) -> None:
        """Judge each kind of page once for each kind of person, on a desk and on a phone, by axe too."""
        path = urlsplit(self._tab.url).path
        kind = self.name.rstrip(digits), _IDENTITY.sub("0", path)
        if kind in _JUDGED:
            return
        _JUDGED.add(kind)
        name = "-".join(filter(None, (kind[0] or "visitor", *kind[1].split("/"))))
        self.faults += judged_at(
            self._tab, name=name, widths=tuple(sorted(WIDTHS, key=self._is_own))
        )

    def _is_own(self, width: int) -> bool:
        return width == self._width


def _click(element: ElementHandle) -> None:
    element.evaluate(_UNFOLD)
    element.click()
