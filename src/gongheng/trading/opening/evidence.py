"""The evidence of an opening in three classes, verified off line: public, party, supervision.

Each class holds the one before: everybody gets what proves the opening record; a bidder beside it
what proves its own bid; supervision and courts all that was stated, so that they can repeat the
opening with the stored envelopes. Of a bid that was not opened no half is ever in it.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings

from gongheng.trading.bids import queries as bids
from gongheng.trading.opening import queries, sealed
from gongheng.trading.opening.kinds import LaterStage, State
from gongheng.trading.opening.models import Entry, LaterOpening, Opening, ShareRelease
from gongheng.trust.envelope import bidder_release
from gongheng.trust.envelope.bidder_release import BidderRelease
from gongheng.trust.envelope.evidence import FORMAT
from gongheng.trust.envelope.share_release import ShareStatement
from gongheng.trust.tlog.exact import to_base64

Json = dict[str, Any]


def bundle(opening: Opening, later: LaterOpening | None = None) -> Json:
    """Return the bundle of class public of a published opening, or of one after an event (E-29)."""
    lists = opening.lists.filter(event=later.event) if later else queries.first_lists(opening)
    made = later or opening
    return {
        "v": 1,
        "format": FORMAT,
        "class": "public",
        "node": settings.NODE.code,
        "node_key": settings.NODE.public_key,
        "policy": sealed.signed_policy(opening.case).as_json(),
        "closing": sealed.closing_of(opening.case).as_json(),
        "lists": [row.statement for row in lists.order_by("part")],
        "record": made.record,
        "record_signature": made.record_signature,
    }


def for_party(opening: Opening, entry: Entry) -> Json:
    """Return the bundle of class party: what proves one bidder's own bid, and nobody else's."""
    return bundle(opening) | {"class": "party", "bid": _own(entry)}


def _own(entry: Entry) -> Json:
    """Return the cover of a bid, what was received of it, and its shares: each proves itself.

    A share is right when its digest stands in the header of the cover; the statements of holders
    are not here, since they hold the shares of others too.
    """
    return _bid(entry) | {
        "receipts": [row.body for row in bids.receipts_of(entry.bid_id)],
        "shares": list(_shares(entry)),
    }


def _bid(entry: Entry) -> Json:
    cover = sealed.cover_of(entry.path)
    return {
        "number": entry.number,
        "bidder_code": entry.bidder_code,
        "envelope": entry.envelope,
        "head": to_base64(cover.head),
        "trailer": to_base64(cover.trailer.encode()),
        "state": entry.state,
        "fault": entry.fault,
        "cause": entry.cause,
        "cause_evidence": entry.evidence,
        "releases": list(entry.releases.order_by("part").values_list("statement", flat=True)),
    }


def _shares(entry: Entry) -> Iterator[Json]:
    envelope = bytes.fromhex(entry.envelope)
    for frozen in entry.opening.lists.order_by("part"):
        for row in queries.newest_shares(frozen):
            share = ShareStatement.of_json(row.statement).shares.get(envelope)
            if share is not None:
                yield {
                    "part": frozen.part,
                    "holder": row.holder,
                    "salt": share.salt.hex(),
                    "value": share.value.hex(),
                    "is_bad": entry.envelope in row.bad,
                }


def for_supervision(opening: Opening) -> Json:
    """Return the bundle of class supervision: everything that was stated at an opening."""
    shares = ShareRelease.objects.filter(frozen__opening=opening).order_by("received_at", "id")
    return bundle(opening) | {
        "class": "supervision",
        "later": [bundle(opening, row) for row in opening.later.filter(stage=LaterStage.SHOWN)],
        "bids": [
            _bid(entry) | {"halves": _halves(entry)} for entry in opening.entries.order_by("number")
        ],
        "share_statements": [row.statement for row in shares],
        "decisions": [
            {
                "kind": row.kind,
                "until": row.until.isoformat(),
                "reason": row.reason,
                "proposed_by": row.proposed_by_name,
                "decided_by": row.decided_by_name,
                "is_confirmed": row.is_confirmed,
            }
            for row in opening.decisions.order_by("proposed_at", "id")
        ],
        "answers": [
            {
                "organisation_code": row.organisation_code,
                "answer": row.answer,
                "words": row.words,
                "given_at": row.given_at.isoformat(),
            }
            for row in opening.confirmations.order_by("given_at", "id")
        ],
        "destructions": [
            row.statement for row in opening.case.key_destructions.order_by("received_at", "id")
        ],
    }


def _halves(entry: Entry) -> dict[str, str]:
    """Return the bidder's halves of the parts that were opened and made known, hex."""
    if entry.state != State.OPENED:
        return {}
    known = queries.known_parts(entry)
    cover, closing = sealed.cover_of(entry.path), sealed.closing_of(entry.opening.case)
    key = sealed.opening_key(entry.opening.case)
    return {
        row.part: bidder_release.take_half(
            BidderRelease.of_json(row.statement), cover, closing=closing, opening_key=key
        ).hex()
        for row in entry.releases.order_by("part")
        if row.part in known
    }
