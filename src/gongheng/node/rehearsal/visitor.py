"""A person in front of a node: signs in, reads pages, fills forms in and sends them.

``Visitor`` comes over HTTP, as a browser without scripts would. Another way to come (a real browser)
overrides ``_opened``, ``_pressed``, ``_fetched`` and ``close``.
"""

import time
from base64 import b32decode
from collections.abc import Mapping, Sequence
from functools import cached_property
from urllib.parse import urljoin

import httpx
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from gongheng.node.rehearsal.forms import Form, Page
from gongheng.web import outgoing

TIMEOUT = httpx.Timeout(60, connect=10)
Answer = str | Sequence[str]
File = tuple[str, bytes, str]
"""Name, content and type of a file to upload."""


STEP_SECONDS = 30


class Stopped(Exception):
    """A page did not let the person go on; the message says where and what it said."""


def one_time_code(secret: str, *, ahead: int = 0) -> str:
    """Return the six digits that an authenticator shows now, or so many seconds later (RFC 6238)."""
    totp = TOTP(b32decode(secret), 6, SHA1(), STEP_SECONDS)  # noqa: S303  as authenticators do
    return totp.generate(int(time.time()) + ahead).decode()


class Visitor:
    """One browser of one person at one node, without scripts."""

    def __init__(self, url: str, name: str = "") -> None:
        self.name = name
        self.url = url
        self.page = Page(status=0, address=f"{url}/", markup="")

    @cached_property
    def _client(self) -> httpx.Client:
        return outgoing.client(TIMEOUT, follow_redirects=True)

    def close(self) -> None:
        """Close the browser."""
        self._client.close()

    def sign_in(self, password: str, secret: str = "") -> None:
        """Sign in under the own name, with a code where the person has an authenticator's secret.

        Raises ``Stopped``.
        """
        self.go("/login/")
        self.send("登录", username=self.name, password=password)
        if secret:
            # The next half minute's: the present code may just have been used, and none works twice.
            self.send("继续登录", code=one_time_code(secret, ahead=STEP_SECONDS))
        if "/login/" in self.page.address:
            self._stop("没有登录成功")

    def go(self, address: str) -> Page:
        """Open an address. Raises ``Stopped`` when it is not shown."""
        return self._show(self._opened(urljoin(self.page.address, address)))

    def bytes_of(self, address: str) -> bytes:
        """Download what lies at an address. Raises ``Stopped``."""
        status, content = self._fetched(urljoin(self.page.address, address))
        if status != httpx.codes.OK:
            self._stop(f"不能下载 {address}（{status}）")
        return content

    def follow(self, words: str) -> Page:
        """Follow the first link with these words. Raises ``LookupError``, ``Stopped``."""
        return self.go(self.page.link(words))

    def send(
        self,
        button: str,
        answers: Mapping[str, Answer] | None = None,
        *,
        files: Mapping[str, File] | None = None,
        **more: Answer,
    ) -> Page:
        """Answer the form with this button, by a mapping or by words, and press it.

        Fields that are not answered go as the page holds them out. Raises ``LookupError`` for a
        field that the form does not have, ``Stopped`` with the errors that the page then shows.
        """
        form = self.page.form(button)
        answers = {**(answers or {}), **more}
        for name in [*answers, *(files or {})]:
            if name not in form.names:
                known = "、".join(sorted(form.names))
                msg = f"{self.page.address}：表单“{button}”没有字段 {name}（有：{known}）"
                raise LookupError(msg)
        given = {
            name: [answer] if isinstance(answer, str) else list(answer)
            for name, answer in answers.items()
        }
        return self._show(self._pressed(form, button, given, files or {}))

    def _opened(self, address: str) -> Page:
        """Return what an address shows."""
        return _read(self._client.get(address))

    def _fetched(self, address: str) -> tuple[int, bytes]:
        """Return the status and the bytes of an address."""
        answer = self._client.get(address)
        return answer.status_code, answer.content

    def _pressed(
        self,
        form: Form,
        button: str,
        answers: Mapping[str, Sequence[str]],
        files: Mapping[str, File],
    ) -> Page:
        """Return what the node shows when a form of the page is filled in and sent."""
        values = form.values | {name: list(given) for name, given in answers.items()}
        pressed = form.button(button)
        if pressed and pressed.name:
            values[pressed.name] = [pressed.value]
        target = urljoin(self.page.address, form.action) if form.action else self.page.address
        if form.method == "get":
            asked: dict[str, Sequence[str | int | float | bool | None]] = {**values}
            return _read(self._client.get(target, params=asked))
        headers = {"Referer": self.page.address}
        return _read(
            self._client.post(target, data=values, files=dict(files) or None, headers=headers)
        )

    def _show(self, page: Page) -> Page:
        self.page = page
        if page.status != httpx.codes.OK or page.errors:
            self._stop("；".join(page.errors) or page.text[:400])
        return page

    def _stop(self, said: str) -> None:
        msg = f"{self.name or '访客'} 在 {self.page.address}（{self.page.status}）：{said}"
        raise Stopped(msg)


def _read(answer: httpx.Response) -> Page:
    return Page(status=answer.status_code, address=str(answer.url), markup=answer.text)
