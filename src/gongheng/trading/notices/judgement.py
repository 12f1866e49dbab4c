"""Everything that is asked of a tender notice, field by field: for form, check page and publishing."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from gongheng.kernel.reasons import Refusal
from gongheng.trading.notices import rules
from gongheng.trading.notices.kinds import ChangeFacts, NoticeFacts


def refusals(
    facts: NoticeFacts,
    *,
    is_statutory: bool,
    coded: Collection[str],
    taken: Collection[str],
    now: datetime,
) -> dict[str, Refusal]:
    """Return what stands against publishing, by the field of the form that mends it."""
    return rules.refusals_of(
        {
            "lots": partial(rules.require_lots, chosen=facts.lot_codes, coded=coded, taken=taken),
            "documents_from": partial(
                rules.require_documents_after_notice, now=now, documents_from=facts.documents_from
            ),
            "documents_until": partial(_require_sale, facts, now),
            "bids_due_at": partial(
                rules.require_bidding_time,
                documents_from=facts.documents_from,
                bids_due_at=facts.bids_due_at,
                is_statutory=is_statutory,
                now=now,
            ),
            "opening_at": partial(
                rules.require_opening_at_deadline,
                bids_due_at=facts.bids_due_at,
                opening_at=facts.opening_at,
            ),
        }
    )


def _require_sale(facts: NoticeFacts, now: datetime) -> None:
    rules.require_documents_on_sale(
        documents_from=facts.documents_from, documents_until=facts.documents_until, now=now
    )
    rules.require_sale_before_deadline(
        documents_until=facts.documents_until, bids_due_at=facts.bids_due_at
    )


def refusals_of_change(
    change: ChangeFacts, *, announced: ChangeFacts, now: datetime
) -> dict[str, Refusal]:
    """Return what stands against a change, by the field of the form that mends it."""
    checks: dict[str, Callable[[], None]] = {
        "new_text": partial(rules.require_reason, change.new_text),
        "reason": partial(rules.require_reason, change.reason),
        "documents_until": partial(_require_longer_sale, change, announced),
        "bids_due_at": partial(_require_later_deadline, change, announced, now),
        "opening_at": partial(
            rules.require_opening_at_deadline,
            bids_due_at=change.bids_due_at,
            opening_at=change.opening_at,
        ),
    }
    return rules.refusals_of(checks)


def _require_longer_sale(change: ChangeFacts, announced: ChangeFacts) -> None:
    rules.require_not_shortened(announced=announced.documents_until, changed=change.documents_until)
    rules.require_sale_before_deadline(
        documents_until=change.documents_until, bids_due_at=change.bids_due_at
    )


def _require_later_deadline(change: ChangeFacts, announced: ChangeFacts, now: datetime) -> None:
    rules.require_not_shortened(announced=announced.bids_due_at, changed=change.bids_due_at)
    rules.require_change_in_time(
        now=now, bids_due_at=change.bids_due_at, may_affect_bids=change.may_affect_bids
    )
