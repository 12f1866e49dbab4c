"""Pages as a person without scripts meets them: words, errors, links and forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml import html  # type: ignore[import-untyped]  # lxml ships no types

COMPLAINTS = "field-error", "error-summary", "refusal"
"""The classes of what a page says went wrong."""
_UNREAD = "//script|//style|//template|//svg"


class NotOffered(LookupError):
    """A page has no form for a deed: it does not offer it to this person now."""


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@dataclass(frozen=True)
class Button:
    """A submit button: what it says, and what pressing it sends."""

    words: str
    name: str
    value: str


@dataclass(frozen=True)
class Form:
    """A form of a page."""

    element: html.HtmlElement

    @property
    def action(self) -> str:
        """Return where it is sent; empty for the page's own address."""
        return str(self.element.get("action", ""))

    @property
    def method(self) -> str:
        """Return ``get`` or ``post``."""
        return str(self.element.get("method", "get")).lower()

    @cached_property
    def buttons(self) -> list[Button]:
        """Return its submit buttons, inside it or naming it."""
        own = self.element.xpath(".//button|.//input[@type='submit']")
        name = self.element.get("id")
        far = self.element.getroottree().xpath("//button[@form=$id]", id=name) if name else []
        return [
            Button(_words(b) or str(b.get("value", "")), b.get("name", ""), b.get("value", ""))
            for b in [*own, *far]
            if b.get("type", "submit") == "submit"
        ]

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """Return what it would send, without its buttons, by name."""
        for field in self.element.xpath(".//input[not(@value)]"):
            field.set("value", "on" if field.get("type") in {"checkbox", "radio"} else "")
        given: dict[str, list[str]] = {}
        for name, value in self.element.form_values():
            given.setdefault(name, []).append(value.removeprefix("\n"))
        buttons = {button.name for button in self.buttons}
        return {name: value for name, value in given.items() if name not in buttons}

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the names of its fields, those for files included."""
        return frozenset(field.name for field in self.element.inputs if field.name)

    def choices(self, name: str) -> list[str]:
        """Return the values that a choice offers."""
        path = ".//select[@name=$n]//option|.//input[@name=$n][@type='radio' or @type='checkbox']"
        return [str(each.get("value", "on")) for each in self.element.xpath(path, n=name)]

    def button(self, words: str) -> Button | None:
        """Return the button that says so."""
        return next((button for button in self.buttons if words in button.words), None)


@dataclass(frozen=True)
class Page:
    """One answer of a node, read."""

    status: int
    address: str
    markup: str

    @cached_property
    def _root(self) -> html.HtmlElement:
        root = html.document_fromstring(self.markup or "<html></html>")
        for element in root.xpath(_UNREAD):
            element.drop_tree()
        return root

    @property
    def text(self) -> str:
        """Return the words of the page's main part, or of all of it."""
        parts = self._root.xpath("//main") or self._root.xpath("//body")
        return " ".join(_words(part) for part in parts)

    @property
    def errors(self) -> list[str]:
        """Return what the page says went wrong."""
        path = "|".join(
            f"//*[contains(concat(' ', @class, ' '), ' {name} ')]" for name in COMPLAINTS
        )
        return [_words(element) for element in self._root.xpath(path)]

    @property
    def forms(self) -> Sequence[Form]:
        """Return its forms."""
        return [Form(element) for element in self._root.forms]

    def form(self, words: str) -> Form:
        """Return the form with a button that says so. Raises ``NotOffered``."""
        for form in self.forms:
            if form.button(words):
                return form
        told = "；".join(button.words for form in self.forms for button in form.buttons)
        msg = f"{self.address}：没有按钮“{words}”（有：{told}）"
        raise NotOffered(msg)

    def link(self, words: str) -> str:
        """Return where the first link with these words leads. Raises ``LookupError``."""
        for element in self._root.xpath("//main//a[@href]|//a[@href]"):
            if words in _words(element):
                return str(element.get("href"))
        msg = f"{self.address}：没有链接“{words}”"
        raise LookupError(msg)

    def links(self, beginning: str) -> list[str]:
        """Return where links lead whose address begins so, each once, in their order."""
        found = [str(address) for address in self._root.xpath("//a/@href")]
        return list(dict.fromkeys(each for each in found if each.startswith(beginning)))
