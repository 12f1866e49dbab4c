"""What a node publishes, read over HTTP; nothing that is read is believed here."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.tlog.rows import BadRow, CheckpointRow, EntryRow, TileRow

UNREACHABLE = Reason(
    code="monitor.unreachable",
    message="无法从平台取得完整的公开数据。",
    remedy="请核对地址和网络；一直取不到的，本身就值得过问。",
)
PATIENCE = 30.0
"""Seconds to wait for an answer."""
PAGE, MOST, MANY = 100, 10_000, 1000

Row = TypeVar("Row")


class Source:
    """A node's public addresses. Everything raises ``Refusal`` (``UNREACHABLE``)."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def key(self) -> str:
        """Return the key that the node says it signs with (hexadecimal)."""
        return str(self._json("/ledger/v1/public-key").get("hex", ""))

    def newest(self) -> str:
        """Return the note of the newest checkpoint."""
        return self._get("/ledger/v1/checkpoint").text

    def checkpoints(self, after: int) -> list[CheckpointRow]:
        """Return a page of signed checkpoints of sizes above ``after``."""
        return list(self._rows("/ledger/v1/checkpoints", CheckpointRow.decoded, after=after))

    def entries(self, start: int, end: int) -> Iterator[EntryRow]:
        """Yield the entries at positions from ``start`` on that stand before ``end``, in order."""
        place = start
        while place < end:
            page = list(self._rows("/ledger/v1/entries", EntryRow.decoded, after=place))
            if not page or page[-1].position < place:
                return
            yield from (row for row in page if place <= row.position < end)
            place = page[-1].position + 1

    def tiles(self, algorithm: str, level: int, after: int) -> list[TileRow]:
        """Return a page of the tiles of one level of one tree."""
        return list(
            self._rows(
                "/ledger/v1/tiles", TileRow.decoded, algorithm=algorithm, level=level, after=after
            )
        )

    def consistency(self, old: int, new: int) -> Mapping[str, object]:
        """Return the proof that the log of ``new`` continues that of ``old``; empty for none."""
        try:
            answer = self._client.get("/ledger/v1/consistency", params={"old": old, "new": new})
            found = answer.json() if answer.status_code == httpx.codes.OK else {}
        except (httpx.HTTPError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def notices(self, most: int) -> list[Mapping[str, Any]]:
        """Return the rows of the list of notices, newest first, at most ``most``."""
        return self._items("/api/v1/notices", most)

    def published(self, after: str) -> tuple[list[Mapping[str, Any]], str]:
        """Return a page of what is published of all cases, and where the next begins."""
        page = self._json("/api/v1/published", limit=MANY, **({"after": after} if after else {}))
        items = page.get("items")
        if not isinstance(items, list):
            raise Refusal(UNREACHABLE, what="/api/v1/published")
        return [item for item in items if isinstance(item, dict)], str(page.get("next") or "")

    def case(self, code: str) -> list[Mapping[str, Any]]:
        """Return the public records and acts of a case."""
        place = f"/api/v1/cases/{quote(code, safe='')}"
        return [*self._items(f"{place}/records", MOST), *self._items(f"{place}/acts", MOST)]

    def _items(self, path: str, most: int) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        after = ""
        while len(found) < most:
            # The first page of some lists is asked for by saying nothing.
            page = self._json(path, limit=PAGE, **({"after": after} if after else {}))
            items = page.get("items")
            if not isinstance(items, list):
                raise Refusal(UNREACHABLE, what=path)
            found += [item for item in items if isinstance(item, dict)]
            after = str(page.get("next") or "")
            if not after:
                break
        return found[:most]

    def _rows(self, path: str, decode: Callable[[bytes], Row], **asked: str | int) -> Iterator[Row]:
        content = self._get(path, **asked).content
        try:
            for line in content.splitlines(keepends=True):
                yield decode(line)
        except BadRow as error:
            raise Refusal(UNREACHABLE, what=path) from error

    def _json(self, path: str, **asked: str | int) -> dict[str, Any]:
        try:
            found = json.loads(self._get(path, **asked).content)
        except (ValueError, RecursionError) as error:
            raise Refusal(UNREACHABLE, what=path) from error
        if not isinstance(found, dict):
            raise Refusal(UNREACHABLE, what=path)
        return found

    def _get(self, path: str, **asked: str | int) -> httpx.Response:
        try:
            answer = self._client.get(path, params=asked)
        except httpx.HTTPError as error:
            raise Refusal(UNREACHABLE, what=path, why=type(error).__name__) from error
        if answer.status_code != httpx.codes.OK:
            raise Refusal(UNREACHABLE, what=path, status=answer.status_code)
        return answer
