"""What tenderers and bidders do on their own machines before the opening: sign rules, hand in a bid."""

import argparse
import getpass
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx

from gongheng.kernel.canonical import canonical
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.node.say import Progress, give, say
from gongheng.node.sealing_deeds import FILE_FAILED, NOT_JSON
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.crypto.statements import sign
from gongheng.trust.envelope import reasons, receipt_file, rules
from gongheng.trust.envelope.cover import Cover
from gongheng.trust.envelope.frozen_list import FrozenList
from gongheng.trust.envelope.policy import LABEL, Policy
from gongheng.web import outgoing

PART = 4 << 20
"""Bytes sent at once: what a broken line costs at most."""
ATTEMPTS = 40
LONGEST_PAUSE = 15.0
_LATER = {httpx.codes.REQUEST_TIMEOUT, httpx.codes.SERVICE_UNAVAILABLE}
"""The platform took in no more of a part: it is sent again, from where it broke."""
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')

NOT_SIGNED_IN = Reason(
    code="node.not_signed_in",
    message="平台没有接受这个账号和密码。",
    remedy="请核对账号、密码和平台地址。",
)
REFUSED = Reason(
    code="node.platform_refused",
    message="平台没有收下投标文件。",
    remedy="请按所附的原因处理后再递交。",
)
LINE_BROKEN = Reason(
    code="node.line_broken",
    message="与平台的连接一再中断，投标文件还没有传完。",
    remedy="请检查网络后用同一条命令再运行一次，会从断处继续。",
)
RECEIPT_WRONG = Reason(
    code="node.receipt_wrong",
    message="平台给出的回执与投标文件不符，不能当作已收妥。",
    remedy="请保留回执文件和投标文件，立即联系招标人并向行政监督部门反映。",
)
NOT_THE_TENDERER = Reason(
    code="node.not_the_tenderer",
    message="该私钥不是开启规则所写的招标人密钥。",
    remedy="请改用本单位在主体库登记的签名私钥。",
)


def run(name: str, asked: argparse.Namespace) -> int:
    """Do a deed by its name and return the exit code. Raises ``Refusal``."""
    try:
        _DEEDS[name](asked)
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise Refusal(FILE_FAILED, path=error.filename, cause=cause) from error
    return 0


def _policy_sign(asked: argparse.Namespace) -> None:
    """Sign the rules of opening as the tenderer, after they were found fit and the digest agreed."""
    try:
        policy = Policy.of_json(_json(asked.policy))
    except ValueError as error:
        raise Refusal(reasons.POLICY_UNREADABLE) from error
    rules.require_fit(policy)
    digest = policy.digest.hex()
    if asked.policy_digest and asked.policy_digest.lower() != digest:
        raise Refusal(reasons.POLICY_OTHER, found=digest, expected=asked.policy_digest)
    key = PrivateKey.from_pem(asked.key.read_bytes())
    if key.public.to_hex() != policy.tenderer_key:
        raise Refusal(NOT_THE_TENDERER)
    say(f"标段 {policy.lot}，规则摘要 {digest}。请与平台页面所示核对。")
    for holder in policy.holders:
        say(f"保管方：{holder.side.label} {holder.name}（{holder.code}）")
    signature = sign(LABEL, policy.as_json(), key).signature
    give(canonical({"policy": policy.as_json(), "tenderer_signature": signature.hex()}).decode())


def _policy_decide(asked: argparse.Namespace) -> None:
    """Sign as the tenderer that parts which waited for an event are opened, after saying which."""
    fields = _json(asked.lists)
    lists = fields.get("lists") if isinstance(fields, dict) else None
    if not isinstance(lists, list):
        raise Refusal(reasons.LIST_INVALID)
    key = PrivateKey.from_pem(asked.key.read_bytes())
    found = [FrozenList.of_json(each) for each in lists]
    for frozen in found:
        say(
            f"标段 {frozen.lot}，部分 {frozen.part}：开启 {len(frozen.envelopes)} 份，事项 {frozen.event}。"
        )
    give(canonical({"v": 1, "lists": [each.decided(key).as_json() for each in found]}).decode())


def _bid_submit(asked: argparse.Namespace) -> None:
    cover = Cover.of_file(asked.envelope)
    size = asked.envelope.stat().st_size
    if size != cover.size:
        raise Refusal(reasons.DAMAGED)
    with outgoing.client(60, follow_redirects=True) as client:
        sender = _Sender(client, asked.url, asked.envelope, size)
        sender.sign_in(asked.user, _password(asked))
        answer = sender.send()
        content = client.get(urljoin(asked.url, str(answer["file"]))).json()
    place: Path = asked.out or asked.envelope.with_name(asked.envelope.name + ".receipt.json")
    place.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    expected = PublicKey.from_hex(asked.platform_key) if asked.platform_key else None
    steps = receipt_file.judge(content, expected)
    facts = content["receipt"]["facts"] if all(step.ok for step in steps) else {}
    if facts.get("envelope") != cover.digest.hex() or facts.get("size") != size:
        raise Refusal(RECEIPT_WRONG, path=place)
    sender.forget()
    say(f"平台已收妥，回执写在 {place}，已核对签名、摘要和大小。")
    give(json.dumps(facts, ensure_ascii=False, sort_keys=True))


def _password(asked: argparse.Namespace) -> str:
    if asked.password_file:
        text: str = asked.password_file.read_text(encoding="utf-8")
        return text.strip()
    return getpass.getpass("密码：")


class _Sender:
    """Sends an envelope in parts, and goes on where the line broke, in a later run too."""

    def __init__(self, client: httpx.Client, url: str, envelope: Path, size: int) -> None:
        self._client = client
        self._url = url if url.endswith("/") else url + "/"
        self._envelope = envelope
        self._size = size
        self._note = envelope.with_name(envelope.name + ".upload")

    def sign_in(self, user: str, password: str) -> None:
        """Sign in. Raises ``Refusal`` (NOT_SIGNED_IN)."""
        address = urljoin(self._url, "/login/")
        with _line():
            token = self._token(self._client.get(address).text)
            form = {"username": user, "password": password, "csrfmiddlewaretoken": token}
            answer = self._client.post(address, data=form, headers={"Referer": address})
            page = self._client.get(self._url)
        if answer.status_code >= httpx.codes.BAD_REQUEST or "/login/" in str(page.url):
            raise Refusal(NOT_SIGNED_IN)
        self._client.headers["X-CSRFToken"] = self._token(page.text)
        self._client.headers["Referer"] = self._url

    def _token(self, page: str) -> str:
        found = _TOKEN.search(page)
        if found is None:
            raise Refusal(NOT_SIGNED_IN)
        return found[1]

    def send(self) -> Mapping[str, Any]:
        """Return the platform's answer to the last part. Raises ``Refusal``."""
        progress = Progress(-(-self._size // PART))
        standing = self._resumed() or self._begun()
        failures = 0
        while "receipt" not in standing:
            try:
                standing = self._next(standing)
                progress.done = int(standing.get("offset", self._size)) // PART
                progress.step(f"已送达 {standing.get('offset', self._size)} / {self._size} 字节")
                failures = 0
            except httpx.TransportError as error:
                failures += 1
                if failures >= ATTEMPTS:
                    raise Refusal(LINE_BROKEN) from error
                time.sleep(min(0.2 * 2**failures, LONGEST_PAUSE))
                standing = self._resumed() or standing
        return standing

    def _begun(self) -> Mapping[str, Any]:
        with _line():
            answer = self._client.post(urljoin(self._url, "uploads/"), json={"size": self._size})
        standing = _told(answer)
        self._note.write_text(json.dumps({"url": self._url, "next": standing["next"]}))
        return standing

    def _resumed(self) -> Mapping[str, Any] | None:
        """Return how far an earlier run came, or nothing when there was none."""
        try:
            noted = json.loads(self._note.read_text())
            if noted["url"] != self._url:
                return None
            answer = self._client.get(urljoin(self._url, noted["next"]))
        except (FileNotFoundError, ValueError, KeyError, httpx.TransportError):
            return None
        return answer.json() if answer.is_success else None

    def _next(self, standing: Mapping[str, Any]) -> Mapping[str, Any]:
        offset = int(standing["offset"])
        with self._envelope.open("rb") as file:
            file.seek(offset)
            answer = self._client.put(
                urljoin(self._url, str(standing["next"])), content=file.read(PART)
            )
        if answer.status_code in _LATER:
            raise httpx.RemoteProtocolError(answer.text)
        return _told(answer)

    def forget(self) -> None:
        """Forget the upload: it is done."""
        self._note.unlink(missing_ok=True)


def _told(answer: httpx.Response) -> Mapping[str, Any]:
    if answer.is_success:
        content: Mapping[str, Any] = answer.json()
        return content
    try:
        said = answer.json()
    except ValueError:
        said = {"message": f"HTTP {answer.status_code}"}
    raise Refusal(REFUSED, **{name: text for name, text in said.items() if text})


@contextmanager
def _line() -> Iterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise Refusal(LINE_BROKEN) from error


def _json(path: Path) -> Any:  # noqa: ANN401  whatever stands in the file; its reader judges it
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise Refusal(NOT_JSON, path=path) from error


_DEEDS: Mapping[str, Callable[[argparse.Namespace], None]] = {
    "policy_sign": _policy_sign,
    "policy_decide": _policy_decide,
    "bid_submit": _bid_submit,
}
