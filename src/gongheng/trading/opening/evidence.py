"""The public evidence of an opening: policy, closing, frozen lists, record; verified off line."""

from typing import Any

from django.conf import settings

from gongheng.trading.opening import sealed
from gongheng.trading.opening.models import Opening
from gongheng.trust.envelope.evidence import FORMAT


def bundle(opening: Opening) -> dict[str, Any]:
    """Return the bundle of class public of a published opening."""
    return {
        "v": 1,
        "format": FORMAT,
        "class": "public",
        "node": settings.NODE.code,
        "node_key": settings.NODE.public_key,
        "policy": sealed.signed_policy(opening.case).as_json(),
        "closing": sealed.closing_of(opening.case).as_json(),
        "lists": [row.statement for row in opening.lists.order_by("part")],
        "record": opening.record,
        "record_signature": opening.record_signature,
    }
