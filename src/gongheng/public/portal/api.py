"""The log for everybody: checkpoints, entries, trees, proofs, public key; and the node's health."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gongheng.data.records import queries as records
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.ledger import queries as log
from gongheng.trust.ledger.models import Leaf
from gongheng.trust.tlog import tree
from gongheng.trust.tlog.leaves import claim_of
from gongheng.trust.tlog.rows import CheckpointRow, EntryRow, TileRow
from gongheng.web.clock import legal_now
from gongheng.web.routes import PUBLIC, route

LATE = timedelta(minutes=2)
"""How long a leaf may wait for its checkpoint before the node calls itself broken."""
CHECKPOINTS, ENTRIES, TILES = 1000, 1000, 128
"""Rows of a page."""
ENTRIES_BYTES = 8 * 1024 * 1024
HIGHEST = 7
"""Levels of tiles above the lowest: eight of them hold any log."""
_LARGEST = 2**62


def _problem(message: str, *, status: int) -> JsonResponse:
    options = {"ensure_ascii": False}
    return JsonResponse({"message": message}, status=status, json_dumps_params=options)


@never_cache
@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Return the newest signed checkpoint as its note."""
    latest = log.latest_checkpoint()
    if latest is None:
        return _problem("日志尚无检查点。平台启动后约 10 秒内产生，请稍后再取。", status=404)
    return HttpResponse(latest.note, content_type="text/plain; charset=utf-8")


@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    """Return the proof that the log of size ``new`` continues the log of size ``old``."""
    sizes = [_size(request.GET.get(name, "")) for name in ("old", "new")]
    old, new = sizes
    if old is None or new is None or not 0 < old <= new <= log.size():
        message = "参数 old 和 new 应为整数，且 0 < old ≤ new ≤ 当前日志长度。"
        return _problem(message, status=400)
    proofs = {
        algorithm: [base64.b64encode(step).decode() for step in steps]
        for algorithm, steps in log.consistency(old, new).items()
    }
    return JsonResponse({"old": old, "new": new, **proofs})


def _size(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < len(str(_LARGEST))):
        return None
    return int(text)


@require_safe
def checkpoints(request: HttpRequest) -> HttpResponse:
    """Return the signed checkpoints of sizes above ``after``, smallest first, a row to a line."""
    after = _size(request.GET.get("after", "0"))
    if after is None:
        return _problem("参数 after 应为不小于 0 的整数。", status=400)
    found = log.checkpoints_after(after, limit=CHECKPOINTS)
    return _lines(CheckpointRow(each.size, each.note).encoded() for each in found)


@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Return leaves from position ``after`` on, a row to a line, with what opens the public ones.

    A row that the platform does not show any more stands there without what opens it. The page ends
    after ``ENTRIES`` leaves, sooner when bodies are long; an empty page is the end of the log.
    """
    after = _size(request.GET.get("after", "0"))
    if after is None:
        return _problem("参数 after 应为不小于 0 的整数。", status=400)
    return _lines(_within(ENTRIES_BYTES, _entries(log.feed(after, ENTRIES))))


def _entries(leaves: Sequence[Leaf]) -> Iterator[bytes]:
    shown = records.disclosures([leaf for leaf in leaves if claim_of(bytes(leaf.data))])
    for leaf in leaves:
        if leaf.position is not None:
            opened = shown.get(leaf.position)
            yield EntryRow(leaf.position, bytes(leaf.data), opened).encoded()


def _within(most: int, rows: Iterable[bytes]) -> Iterator[bytes]:
    """Yield rows until they are more than ``most`` bytes, the first one in any case."""
    size = 0
    for row in rows:
        size += len(row)
        if size > most and size > len(row):
            return
        yield row


def _lines(rows: Iterable[bytes]) -> HttpResponse:
    answer = HttpResponse(b"".join(rows), content_type="application/x-ndjson; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def tiles(request: HttpRequest) -> HttpResponse:
    """Return the tiles of one tree's level from number ``after`` on (layout of C2SP tlog-tiles)."""
    algorithm = request.GET.get("algorithm", "")
    level, after = (_size(request.GET.get(name, "0")) for name in ("level", "after"))
    if algorithm not in tree.ALGORITHMS or level is None or after is None or level > HIGHEST:
        message = "参数 algorithm 应为 sha256 或 sm3，level 和 after 应为不小于 0 的整数。"
        return _problem(message, status=400)
    found = log.tiles_after(algorithm, level=level, after=after, limit=TILES)
    return _lines(TileRow(number, hashes).encoded() for number, hashes in found)


@require_safe
def public_key(_request: HttpRequest) -> HttpResponse:
    """Return the key that this node signs checkpoints with."""
    key = PublicKey.from_hex(settings.NODE.public_key)
    return JsonResponse(
        {
            "node": settings.NODE.code,
            "name": settings.NODE.name,
            "algorithm": "SM2",
            "hex": key.to_hex(),
            "pem": key.to_pem().decode(),
        },
        json_dumps_params={"ensure_ascii": False},
    )


@never_cache
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Return whether database and log work; 503 when one does not."""
    try:
        size, waiting, latest = log.size(), log.waiting(), log.latest_checkpoint()
    except (DatabaseError, InterfaceError):
        return JsonResponse({"status": "broken", "database": "unreachable"}, status=503)
    age = (legal_now() - latest.made_at).total_seconds() if latest else None
    covered = latest.size if latest else 0
    is_late = (size > covered or waiting > 0) and (age is None or age > LATE.total_seconds())
    return JsonResponse(
        {
            "status": "broken" if is_late else "ok",
            "database": "ok",
            "node": settings.NODE.code,
            "log_size": size,
            "log_waiting": waiting,
            "checkpoint_size": covered,
            "checkpoint_age_seconds": None if age is None else round(age, 3),
        },
        status=503 if is_late else 200,
    )


ROUTES = [
    route("health/", health, name="portal-health", audience=PUBLIC),
    route("ledger/v1/checkpoint", checkpoint, name="ledger-checkpoint", audience=PUBLIC),
    route("ledger/v1/consistency", consistency, name="ledger-consistency", audience=PUBLIC),
    route("ledger/v1/checkpoints", checkpoints, name="ledger-checkpoints", audience=PUBLIC),
    route("ledger/v1/entries", entries, name="ledger-entries", audience=PUBLIC),
    route("ledger/v1/tiles", tiles, name="ledger-tiles", audience=PUBLIC),
    route("ledger/v1/public-key", public_key, name="ledger-public-key", audience=PUBLIC),
]
