"""What this room tells the log, the supervision and the public: nothing that counts bids early."""

from datetime import datetime

from django.conf import settings

from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience
from gongheng.data.records.models import Act
from gongheng.kernel.canonical import canonical
from gongheng.trading.bids.models import CasePolicy, KeyRequest
from gongheng.trading.cases.models import Case
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.envelope.closing import Closing


def key_announced(request: KeyRequest, *, now: datetime) -> Act:
    """Report that a body has announced its key for a lot."""
    return records.act(
        case_code=request.case.code,
        kind="bids.key_announced",
        actor_code=request.body.code,
        facts={
            "round": request.case.round_number,
            "body": request.body.code,
            "key": request.key,
            "digest": sm3(canonical(request.announcement)).hex(),
        },
        audience=Audience.SUPERVISION,
        now=now,
        region_code=request.region_code,
    )


def policy_signed(policy: CasePolicy, *, now: datetime) -> Act:
    """Report the rules of opening that both sides have signed."""
    case = policy.case
    return records.act(
        case_code=case.code,
        kind="bids.policy_signed",
        actor_code=case.tenderer_code,
        facts={
            "round": case.round_number,
            "number": policy.number,
            "digest": policy.digest,
            "policy": policy.body,
        },
        audience=Audience.SUPERVISION,
        now=now,
        region_code=policy.region_code,
    )


def closed(case: Case, closing: Closing, *, now: datetime) -> Act:
    """Report the closing: how many envelopes there were, and the root over them."""
    return records.act(
        case_code=case.code,
        kind="bids.closed",
        actor_code=settings.NODE.platform_code,
        facts={
            "round": case.round_number,
            "digest": closing.digest.hex(),
            "statement": closing.statement(),
        },
        audience=Audience.PUBLIC,
        now=now,
        region_code=case.region_code,
    )
