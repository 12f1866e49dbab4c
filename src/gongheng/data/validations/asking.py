"""Has a file judged by the platform above: as it will judge the same records once they are sent."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from gongheng.data.exchange import protocol, stations
from gongheng.data.exchange.reasons import BAD_RECEIPT, FORGED, UNREACHABLE
from gongheng.data.exchange.stations import Peer
from gongheng.data.validations import storage, wire
from gongheng.data.validations.kinds import State
from gongheng.data.validations.reasons import CUT_SHORT, REFUSED_THERE
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal

TIMEOUT = httpx.Timeout(60, connect=5)
PAUSE_SECONDS = 2.0


def hand_in(
    client: httpx.Client, at: Peer, path: Path, *, dataset: str = "", is_strict: bool = False
) -> dict[str, Any]:
    """Hand a file in; return the state of its job.

    Raises ``Refusal``, as all here do: UNREACHABLE, REFUSED_THERE, BAD_RECEIPT, FORGED.
    """
    said = {
        "name": path.name,
        "size": path.stat().st_size,
        "sm3": storage.digest_of(path),
        "dataset": dataset,
        "strict": is_strict,
    }
    signed = _signed(wire.FILE, at, said)
    head = {"Content-Type": "application/octet-stream", "Content-Length": str(said["size"])}
    return _answer(at, signed, _ask(client, "POST", at, "", signed, content=_of(path), head=head))


def state_of(client: httpx.Client, at: Peer, job: str) -> dict[str, Any]:
    """Ask how far a job is."""
    signed = _signed(wire.QUESTION, at, {"job": job})
    return _answer(at, signed, _ask(client, "GET", at, f"/{job}", signed))


def judged(
    client: httpx.Client, at: Peer, path: Path, *, dataset: str = "", is_strict: bool = False
) -> Iterator[dict[str, Any]]:
    """Hand a file in; yield the state of its job again and again, until it is over."""
    told = hand_in(client, at, path, dataset=dataset, is_strict=is_strict)
    yield told
    while not State(told["state"]).is_over:
        time.sleep(PAUSE_SECONDS)
        told = state_of(client, at, told["id"])
        yield told


def errors_of(client: httpx.Client, at: Peer, told: dict[str, Any], target: Path) -> None:
    """Write the list of errors of a job that is done to ``target``. Raises also CUT_SHORT."""
    signed = _signed(wire.QUESTION, at, {"job": told["id"]})
    with target.open("wb") as file:
        _ask(client, "GET", at, f"/{told['id']}/errors.csv", signed, into=file)
    if storage.digest_of(target) != told["errors_sm3"]:
        target.unlink()
        raise Refusal(CUT_SHORT)


def _of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(storage.AT_ONCE):
            yield chunk


def _signed(label: str, at: Peer, said: dict[str, Any]) -> protocol.Signed:
    parties = {
        "sender": stations.own_code(),
        "receiver": at.code,
        "made_at": machine_now().isoformat(),
    }
    return protocol.Signed.of(label, said | parties, stations.own_key())


def _ask(
    client: httpx.Client,
    method: str,
    at: Peer,
    path: str,
    signed: protocol.Signed,
    *,
    content: Iterator[bytes] | None = None,
    head: dict[str, str] | None = None,
    into: BinaryIO | None = None,
) -> bytes:
    """Return the body of a right answer; written ``into`` a file where there is one."""
    head = {"Authorization": protocol.authorization(signed), **(head or {})}
    address = f"{at.url.rstrip('/')}/validations/v1/files{path}"
    try:
        with client.stream(method, address, headers=head, content=content) as got:
            if got.is_success and into is not None:
                into.writelines(got.iter_bytes())
                return b""
            body = got.read()
    except httpx.HTTPError as error:
        raise Refusal(UNREACHABLE, cause=type(error).__name__) from None
    if got.is_success:
        return body
    try:
        said = json.loads(body)
        refusal = Refusal(REFUSED_THERE, code=said["code"], words=said["message"] + said["remedy"])
    except (ValueError, TypeError, KeyError):
        refusal = Refusal(BAD_RECEIPT, status=got.status_code)
    raise refusal


def _answer(at: Peer, asked: protocol.Signed, body: bytes) -> dict[str, Any]:
    try:
        signed = protocol.Signed.from_json(json.loads(body))
    except ValueError:
        raise Refusal(BAD_RECEIPT) from None
    said = signed.read(wire.ANSWER, stations.key_of(at))
    if said.get("question") != wire.digest_of(asked):
        raise Refusal(FORGED, what="question")
    return said
