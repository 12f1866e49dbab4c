"""The proof of publication: shown beside a record, downloaded, and checked step by step."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from gongheng.data.records import queries as records
from gongheng.data.records.models import Version
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.tlog import checkpoint as checkpoints
from gongheng.trust.tlog.proof import Step, verify_proof
from gongheng.web.clock import legal_now

PROOF_LIMIT = 4 * 1024 * 1024
"""Bytes of a proof that the page reads; a proof is a record and some hundred hashes."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What the log says of a version, short enough for a card. ``position`` counts from 1.

    ``is_intact``: what the page shows is what the log has of it.
    """

    position: int
    size: int
    signed_at: datetime
    sha256: str
    sm3: str
    is_intact: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out of checking a proof. ``platform``: whose key signed it, empty when unknown."""

    steps: list[Step]
    platform: str
    record: str
    is_here: bool

    @property
    def holds(self) -> bool:
        """Tell whether every step held."""
        return all(step.ok for step in self.steps)


def publication_of(version: Version) -> Publication | None:
    """Return what stands in the log about a version, None until a checkpoint covers it."""
    found = records.proof_of(version)
    if found is None:
        return None
    proof: dict[str, Any] = dict(found)
    steps = verify_proof(proof, PublicKey.from_hex(settings.NODE.public_key))
    note = checkpoints.read(proof["checkpoint"])
    return Publication(
        position=proof["leaf"]["position"] + 1,
        size=note.size,
        signed_at=note.made_at,
        sha256=note.sha256.hex(),
        sm3=note.sm3.hex(),
        is_intact=all(step.ok for step in steps),
    )


def _proof_of(version_id: UUID) -> dict[str, object]:
    """Return the proof of a public version or act. Raises ``Http404`` while there is none."""
    now = legal_now()
    row = records.public_record(version_id, now=now) or records.public_act(version_id, now=now)
    found = records.proof_of(row) if row else None
    if found is None:
        raise Http404
    return found


@require_safe
def proof(_request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Hand out the proof as a file."""
    text = json.dumps(_proof_of(version_id), ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = f"公告证明-{version_id}.json"
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Check a proof that was uploaded or pasted, or that of a notice named in the address."""
    pasted, problem = "", ""
    verdict: Verdict | None = None
    if request.method == "POST":
        pasted = request.POST.get("text", "")
        data = _received(request)
        if data is None:
            problem = f"文件超过 {PROOF_LIMIT // 1024 // 1024} MB，不是公告证明。请选择从公告页下载的 JSON 文件。"
        elif not data.strip():
            problem = "还没有选择文件，也没有粘贴内容。请二选一后再核验。"
        else:
            verdict = check(data)
    elif wanted := request.GET.get("notice", ""):
        verdict, problem = _check_notice(wanted)
    context = {"verdict": verdict, "problem": problem, "pasted": pasted[:PROOF_LIMIT]}
    return render(request, "portal/verify.html", context, status=422 if problem else 200)


def _received(request: HttpRequest) -> bytes | None:
    """Return what was sent, None when it is too large."""
    file = request.FILES.get("file")
    if file is not None:
        return file.read() if (file.size or 0) <= PROOF_LIMIT else None
    data = request.POST.get("text", "").encode(errors="replace")
    return data if len(data) <= PROOF_LIMIT else None


def _check_notice(wanted: str) -> tuple[Verdict | None, str]:
    try:
        found = _proof_of(UUID(wanted))
    except (ValueError, Http404):
        return (
            None,
            "没有找到这条公告的证明：编号可能有误，或公告刚刚发布、证明正在生成。请稍后再试。",
        )
    return check(json.dumps(found).encode()), ""


def check(data: bytes) -> Verdict:
    """Return the verdict on a proof, whatever the bytes are."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        document = None
    keys = _known_keys()
    claimed = document.get("public_key") if isinstance(document, dict) else None
    # A key nobody here knows is judged against our own, and fails by name.
    signer = claimed if isinstance(claimed, str) and claimed in keys else settings.NODE.public_key
    steps = verify_proof(document, PublicKey.from_hex(signer))
    record = _record_id(document)
    return Verdict(
        steps=steps,
        platform=keys[signer] if claimed == signer else "",
        record=record,
        is_here=bool(record) and records.public_record(UUID(record), now=legal_now()) is not None,
    )


def _known_keys() -> dict[str, str]:
    """Return the platforms whose keys this node was given, by key: itself and its peers."""
    node = settings.NODE
    peers = {peer.public_key: peer.name for peer in node.peers}
    return peers | {node.public_key: node.name}


def _record_id(document: object) -> str:
    record = document.get("record") if isinstance(document, dict) else None
    claimed = record.get("id") if isinstance(record, dict) else None
    try:
        return str(UUID(claimed)) if isinstance(claimed, str) else ""
    except ValueError:
        return ""
