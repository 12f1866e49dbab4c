"""What the log keeps of an approval and of each look, for good; no name of the lists (A-13)."""

from collections.abc import Mapping
from datetime import datetime

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act
from gongheng.kernel.clock import BEIJING
from gongheng.trading.emergency.models import Look, Request

APPROVED, LOOKED = "emergency.approved", "emergency.looked"


def approval_of(request: Request) -> Mapping[str, object]:
    """Return what an approval says: it holds as long as the row says the same."""
    return {
        "request": str(request.pk),
        "item": request.item,
        "ground": request.ground,
        "document": request.document,
        "paper": request.paper_digest,
        "asked_by": str(request.asked_by),
        "approved_by": str(request.decided_by),
        "approved_at": _text(request.decided_at),
        "ends_at": _text(request.ends_at),
    }


def _text(instant: datetime | None) -> str:
    return instant.astimezone(BEIJING).isoformat() if instant else ""


def approved(request: Request, *, by: str, now: datetime) -> Act:
    """Write an approval down."""
    return _act(request, APPROVED, approval_of(request), by=by, now=now)


def looked(look: Look, *, by: str, now: datetime) -> Act:
    """Write a look down."""
    facts = {
        "request": str(look.request_id),
        "look": str(look.pk),
        "by": str(look.account_id),
    }
    return _act(look.request, LOOKED, facts, by=by, now=now)


def _act(
    request: Request, kind: str, facts: Mapping[str, object], *, by: str, now: datetime
) -> Act:
    return records.act(
        case_code=request.case.code,
        kind=kind,
        actor_code=by,
        facts=facts,
        # The narrowest: it stays at this node, and its leaf in the log says nothing openly.
        audience=Audience.PARTIES,
        region_code=request.region_code,
        now=now,
    )
