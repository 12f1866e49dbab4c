"""What another vendor's system could send, right or wrong, put together by the vendor's own program.

``examples/vendor/vendor.py`` signs and canonicalises with nothing of ours, so that nothing of ours
judges itself; here its parts are put together wrongly on purpose.
"""

import importlib.util
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.nodes import Nodes

PROGRAM = Path(__file__).parents[2] / "examples" / "vendor" / "vendor.py"
Record = dict[str, Any]


def _load() -> Any:
    spec = importlib.util.spec_from_file_location("vendor_example", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


example = _load()
LABEL = "gongheng.exchange.batch.v1"


class Sender:
    """The vendor registered at the province, or somebody who says so."""

    def __init__(self, nodes: Nodes, *, private: str = "", code: str = "") -> None:
        key = private or example.private_key(nodes.vendor_key_path.read_text())
        self.vendor = example.Vendor(
            nodes.province.url,
            nodes.province.code,
            code or nodes.vendor_code,
            key,
            nodes.province.public_key,
        )

    def lines(self, records: Iterable[Record]) -> bytes:
        """One line per record, with its right digest unless the record brings its own."""
        published = datetime.now(example.BEIJING).isoformat()
        return b"".join(
            example.canonical(
                {
                    "published_at": published,
                    "digest": digest_of(record.get("body")),
                    **record,
                }
            )
            + b"\n"
            for record in records
        )

    def batch(self, lines: bytes, *, label: str = LABEL, **changes: object) -> bytes:
        """A signed batch whose head says ``changes`` instead of the truth."""
        head = {
            **self.vendor.head(),
            "batch_id": str(uuid.uuid4()),
            "made_at": datetime.now(UTC).isoformat(),
            "count": lines.count(b"\n"),
            "sm3": example.sm3(lines),
            **changes,
        }
        return bytes(example.canonical(self.vendor.sign(label, head)) + b"\n" + lines)

    def post(self, body: bytes) -> httpx.Response:
        answer = self.vendor.http.post(f"{self.vendor.url}/exchange/v1/batches", content=body)
        assert isinstance(answer, httpx.Response)
        return answer

    def refusal(self, body: bytes) -> tuple[int, str]:
        """The status and the code of the reason with which a batch is not taken."""
        answer = self.post(body)
        return answer.status_code, str(answer.json().get("code"))

    def verdicts(self, records: list[Record], *, seconds: float = 60) -> list[dict[str, Any]]:
        """Send records and return the last word on each, in their order."""
        receipt = self.vendor.send(records)
        assert receipt["count"] == len(records)
        found = self.vendor.follow(records, seconds)
        return [found[digest_of(record["body"])] for record in records]

    def close(self) -> None:
        self.vendor.http.close()


def digest_of(body: object) -> str:
    return str(example.sm3(example.canonical(body)))


def tampered(batch: bytes, **changes: object) -> bytes:
    """The batch with another statement under the old signature."""
    first, _, lines = batch.partition(b"\n")
    head = json.loads(first)
    said = json.loads(example.base64.b64decode(head["statement"])) | changes
    statement = example.base64.b64encode(example.canonical(said)).decode()
    return bytes(example.canonical(head | {"statement": statement}) + b"\n" + lines)
