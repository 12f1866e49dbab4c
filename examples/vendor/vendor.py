"""A trading system of another vendor reports to a Gongheng node: nothing of ours is imported.

    python vendor.py --url http://127.0.0.1:8000 --receiver 530000 --code 530300 --key KEYFILE \
        --receiver-key KEYFILE records.json

--key names the private key, PEM as ``openssl genpkey -algorithm SM2`` makes it or 32 bytes of
hexadecimal; --receiver-key the platform's public point, 65 bytes of hexadecimal. ``records.json``
is a list of ``{"dataset", "number", "operation", "body"}``.
Prints one JSON object: the verdict of each record. Needs httpx and gmssl (SM2 in Python).
"""

import argparse
import base64
import hashlib
import json
import sys
import time
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
from gmssl import sm2

BEIJING = timezone(timedelta(hours=8))
ONE_THEN_32_BYTES = bytes.fromhex("0201010420")
"""In PKCS#8: the version of the key within, and the tag and length of its number."""


def canonical(value: object) -> bytes:
    """Sorted keys, no spaces, UTF-8: the form over which digests and signatures are made."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sm3(data: bytes) -> str:
    """Return the SM3 digest in hexadecimal."""
    return hashlib.new("sm3", data).hexdigest()


def private_key(text: str) -> str:
    """Return the 32 bytes of a private key in hexadecimal, from hexadecimal or PKCS#8 PEM."""
    if "-----BEGIN PRIVATE KEY-----" not in text:
        return text.strip()
    der = base64.b64decode("".join(text.split("-----")[2].split()))
    start = der.index(ONE_THEN_32_BYTES) + len(ONE_THEN_32_BYTES)
    return der[start : start + 32].hex()


class Vendor:
    """One sender with its key, and the platform above it."""

    def __init__(self, url: str, receiver: str, code: str, private: str, receiver_key: str) -> None:
        self.url, self.receiver, self.code = url.rstrip("/"), receiver, code
        signer = sm2.CryptSM2(private_key=private, public_key="", asn1=True)
        signer.public_key = signer._kg(int(private, 16), sm2.default_ecc_table["g"])  # noqa: SLF001
        self.signer = signer
        point = receiver_key.removeprefix("04")
        self.judge = sm2.CryptSM2(private_key="", public_key=point, asn1=True)
        self.http = httpx.Client(timeout=30, trust_env=False)

    def sign(self, label: str, payload: dict[str, Any]) -> dict[str, str]:
        """Sign label, line feed and canonical payload with SM2 and SM3 (DER, default identity)."""
        body = canonical(payload)
        signature = self.signer.sign_with_sm3(label.encode() + b"\n" + body)
        return {
            "statement": base64.b64encode(body).decode(),
            "signature": base64.b64encode(bytes.fromhex(signature)).decode(),
        }

    def read(self, label: str, signed: dict[str, str]) -> dict[str, Any]:
        """Return a payload that the platform signed, or end the program."""
        body = base64.b64decode(signed["statement"])
        signature = base64.b64decode(signed["signature"]).hex()
        if not self.judge.verify_with_sm3(signature, label.encode() + b"\n" + body):
            sys.exit(f"the platform's signature does not hold: {label}")
        return dict(json.loads(body))

    def head(self, **items: object) -> dict[str, Any]:
        """Return what every signed statement says of sender, receiver and machine time."""
        now = datetime.now(UTC).isoformat()
        return {"sender": self.code, "receiver": self.receiver, "made_at": now, **items}

    def send(self, records: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """Send one batch; return the delivery receipt."""
        published = datetime.now(BEIJING).isoformat()
        lines = b"".join(
            canonical(
                {"published_at": published, "digest": sm3(canonical(record["body"])), **record}
            )
            + b"\n"
            for record in records
        )
        head = self.head(batch_id=str(uuid.uuid4()), count=lines.count(b"\n"), sm3=sm3(lines))
        body = canonical(self.sign("gongheng.exchange.batch.v1", head)) + b"\n" + lines
        answer = self.http.post(f"{self.url}/exchange/v1/batches", content=body)
        if answer.status_code not in {200, 202}:
            sys.exit(f"refused: {answer.status_code} {answer.text}")
        receipt = self.read("gongheng.exchange.receipt.v1", answer.json())
        if receipt["sm3"] != head["sm3"]:
            sys.exit("the receipt is for another batch")
        return receipt

    def verdicts(self, after: int) -> tuple[list[dict[str, Any]], int]:
        """Ask for the verdicts from a position of the platform's log on."""
        asked = self.sign("gongheng.exchange.question.v1", self.head(after=after))
        authorization = f"Gongheng {asked['statement']}.{asked['signature']}"
        answer = self.http.get(
            f"{self.url}/exchange/v1/verdicts", headers={"Authorization": authorization}
        )
        answer.raise_for_status()
        page = self.read("gongheng.exchange.verdicts.v1", answer.json())
        return page["verdicts"], page["next"]

    def follow(self, records: list[dict[str, Any]], seconds: float) -> dict[str, dict[str, Any]]:
        """Wait until every record has a last word, or the time is over; return verdicts by digest."""
        digests = {sm3(canonical(record["body"])) for record in records}
        found: dict[str, dict[str, Any]] = {}
        after, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            page, following = self.verdicts(after)
            found |= {item["digest"]: item for item in page if item["digest"] in digests}
            is_settled = all(item["state"] != "waiting" for item in found.values())
            if len(found) == len(digests) and is_settled:
                break
            if following == after:
                time.sleep(0.3)
            after = following
        return found


def main() -> None:
    """Send the records of a file and print what became of each."""
    options = argparse.ArgumentParser()
    for name in ("--url", "--receiver", "--code", "--key", "--receiver-key"):
        options.add_argument(name, required=True)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("records", type=Path)
    given = options.parse_args()
    vendor = Vendor(
        given.url,
        given.receiver,
        given.code,
        private_key(Path(given.key).read_text()),
        Path(given.receiver_key).read_text().strip(),
    )
    records = json.loads(given.records.read_text())
    receipt = vendor.send(records)
    print(
        json.dumps(
            {"receipt": receipt, "verdicts": vendor.follow(records, given.seconds)},
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
