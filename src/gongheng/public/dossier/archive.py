"""The file that keeps a case: every public version, its proof, and how to check them offline.

The same state of the case gives the same bytes: names and times inside are fixed, gaps are told as
of the newest checkpoint among the proofs.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from gongheng.data.records import queries as records
from gongheng.data.standard import registry
from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import BEIJING
from gongheng.public.dossier.papers import Edition, Event, Paper
from gongheng.public.dossier.queries import Case
from gongheng.public.dossier.viewing import view_of
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.tlog import checkpoint as checkpoints

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an entry of the archive can have: no entry has another."""
_READABLE = 0o100644 << 16
_STYLE = """body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font-family: sans-serif; line-height: 1.6; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .4rem; border: 1px solid #bbb; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
dt { font-weight: bold; }
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A public version in the archive and where its files stand; ``proof`` may not be there yet."""

    paper: Paper
    edition: Edition
    record: str
    proof: str


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """A public act in the archive and where its files stand."""

    event: Event
    record: str
    proof: str


def archive(case: Case, *, now: datetime) -> bytes:
    """Return the archive of a case."""
    editions = [(paper, edition) for paper in case.papers for edition in paper.editions]
    wanted = [*(edition.id for _, edition in editions), *(event.id for event in case.events)]
    proofs = records.proofs_of(wanted, now=now)
    notes = {str(proof["checkpoint"]) for proof in proofs.values()}
    read = [checkpoints.read(note) for note in notes]
    known_at = max((each.made_at for each in read), default=_last_of(case, now))
    kept = [
        _kept(number, paper, edition, proofs)
        for number, (paper, edition) in enumerate(editions, start=1)
    ]
    events = [
        _kept_event(number, event, proofs) for number, event in enumerate(case.events, start=1)
    ]
    files = {one.record: canonical(_record(one)) for one in kept}
    files |= {one.record: canonical(_act(one.event)) for one in events}
    files |= {one.proof: _pretty(proofs[one.edition.id]) for one in kept if one.proof}
    files |= {one.proof: _pretty(proofs[one.event.id]) for one in events if one.proof}
    files |= {
        f"checkpoints/{each.size}.txt": note.encode()
        for each, note in zip(read, notes, strict=True)
    }
    context = {
        "view": view_of(case, now=known_at),
        "kept": kept,
        "events": events,
        "known_at": known_at,
        "node": settings.NODE,
        "newest": max((each.size for each in read), default=0),
    }
    files["index.html"] = render_to_string("dossier/archive.html", context).encode()
    files["README.txt"] = render_to_string("dossier/archive.txt", context).encode()
    files["style.css"] = _STYLE.encode()
    files["manifest.json"] = canonical(_manifest(files))
    return _packed(files)


def _last_of(case: Case, now: datetime) -> datetime:
    days = [paper.at for paper in case.papers if paper.at]
    return max(days, default=now)


def _kept(
    number: int, paper: Paper, edition: Edition, proofs: Mapping[UUID, Mapping[str, Any]]
) -> Kept:
    name = f"{number:03}-{paper.dataset.lower().replace('_', '-')}-v{edition.number}.json"
    proof = f"proofs/{name}" if edition.id in proofs else ""
    return Kept(paper, edition, f"records/{name}", proof)


def _kept_event(number: int, event: Event, proofs: Mapping[UUID, Mapping[str, Any]]) -> KeptEvent:
    name = f"{number:03}-{event.kind.replace('.', '-').replace('_', '-')}.json"
    proof = f"proofs/act-{name}" if event.id in proofs else ""
    return KeptEvent(event, f"acts/{name}", proof)


def _act(event: Event) -> dict[str, object]:
    return {
        "id": str(event.id),
        "kind": event.kind,
        "case_code": event.case_code,
        "actor_code": event.actor_code,
        "happened_at": event.at.astimezone(BEIJING).isoformat(),
        "public": dict(event.facts),
    }


def _record(one: Kept) -> dict[str, object]:
    return {
        "id": str(one.edition.id),
        "dataset": one.paper.dataset,
        "dataset_name": registry.dataset(one.paper.dataset).name,
        "title": one.paper.title,
        "kind": one.paper.kind,
        "number": one.edition.number,
        "deed": one.edition.deed,
        "origin": one.paper.origin,
        "published_at": one.edition.at.astimezone(BEIJING).isoformat(),
        "public": dict(one.edition.body),
    }


def _pretty(proof: Mapping[str, object]) -> bytes:
    return json.dumps(proof, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _manifest(files: Mapping[str, bytes]) -> list[dict[str, object]]:
    return [
        {
            "path": path,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "sm3": sm3(content).hex(),
        }
        for path, content in sorted(files.items())
    ]


def _packed(files: Mapping[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _READABLE
            entry.create_system = 3
            packed.writestr(entry, content)
    return whole.getvalue()
