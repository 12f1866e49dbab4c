"""A person in front of a node: signs in, reads pages, fills forms in and sends them."""

from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

import httpx

from gongheng.node.rehearsal.forms import Form, Page

TIMEOUT = httpx.Timeout(60, connect=10)
Answer = str | Sequence[str]
File = tuple[str, bytes, str]
"""Name, content and type of a file to upload."""


class Stopped(Exception):
    """A page did not let the person go on; the message says where and what it said."""


class Visitor:
    """One browser of one person at one node, without scripts."""

    def __init__(self, url: str, name: str = "") -> None:
        self.name = name
        self._client = httpx.Client(
            base_url=url, timeout=TIMEOUT, follow_redirects=True, trust_env=False
        )
        self.page = Page(status=0, address="", markup="")

    def close(self) -> None:
        """Close the browser."""
        self._client.close()

    def sign_in(self, password: str) -> None:
        """Sign in under the own name. Raises ``Stopped``."""
        self.go("/login/")
        self.send("登录", username=self.name, password=password)
        if "/login/" in self.page.address:
            self._stop("没有登录成功")

    def go(self, address: str) -> Page:
        """Open an address. Raises ``Stopped`` when it is not shown."""
        return self._show(self._client.get(address))

    def status_of(self, address: str) -> int:
        """Return with which status an address answers, shown or not."""
        return self._client.get(address).status_code

    def bytes_of(self, address: str) -> bytes:
        """Download what lies at an address. Raises ``Stopped``."""
        answer = self._client.get(urljoin(self.page.address or "/", address))
        if answer.status_code != httpx.codes.OK:
            self._show(answer)
        return answer.content

    def follow(self, words: str) -> Page:
        """Follow the first link with these words. Raises ``LookupError``, ``Stopped``."""
        return self.go(urljoin(self.page.address, self.page.link(words)))

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
        values = form.values | {
            name: [answer] if isinstance(answer, str) else list(answer)
            for name, answer in answers.items()
        }
        pressed = form.button(button)
        if pressed and pressed.name:
            values[pressed.name] = [pressed.value]
        return self._show(self._sent(form, values, files))

    def _sent(
        self, form: Form, values: Mapping[str, Sequence[str]], files: Mapping[str, File] | None
    ) -> httpx.Response:
        target = urljoin(self.page.address, form.action) if form.action else self.page.address
        if form.method == "get":
            asked: dict[str, Sequence[str | int | float | bool | None]] = {**values}
            return self._client.get(target, params=asked)
        return self._client.post(
            target,
            data={name: list(given) for name, given in values.items()},
            files=dict(files) if files else None,
            headers={"Referer": self.page.address},
        )

    def _show(self, answer: httpx.Response) -> Page:
        self.page = Page(status=answer.status_code, address=str(answer.url), markup=answer.text)
        if answer.status_code != httpx.codes.OK or self.page.errors:
            self._stop("；".join(self.page.errors) or self.page.text[:400])
        return self.page

    def _stop(self, said: str) -> None:
        msg = f"{self.name or '访客'} 在 {self.page.address}（{self.page.status}）：{said}"
        raise Stopped(msg)
