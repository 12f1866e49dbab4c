"""Bodies that hold shares, the policy of a case, sealed bids with their receipts, and the closing."""

from django.db import models
from django.db.models import Q, Value

from gongheng.trading.bids.kinds import BidState, BodySide
from gongheng.trading.cases.models import Case
from gongheng.web.models import Row


class HolderBody(Row):
    """A body that holds shares, with the public half (hex) of its standing signing key.

    ``command`` is the code of the body at the top of its chain of command; ``deputy_of`` that of the
    body it stands in for. The register is data of the node.
    """

    code = models.CharField(max_length=32)
    name = models.CharField(max_length=200)
    side = models.CharField(max_length=20, choices=BodySide)
    command = models.CharField(max_length=32)
    deputy_of = models.CharField(max_length=32, blank=True)
    standing_key = models.CharField(max_length=130)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        """A body has one standing key at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "code"],
                condition=Q(until__isnull=True),
                name="bids_body_once",
            ),
        )


class KeyRequest(Row):
    """What a case asks of a body: a key of its own for this lot, announced over the door."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="key_requests")
    body = models.ForeignKey(HolderBody, on_delete=models.PROTECT, related_name="key_requests")
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    announcement = models.JSONField(null=True)
    key = models.CharField(max_length=130, null=True)
    announced_at = models.DateTimeField(null=True)

    class Meta:
        """A body is asked once in a round, and no key serves two lots."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "body"], name="bids_key_asked_once"
            ),
            models.UniqueConstraint(fields=["region_code", "key"], name="bids_key_used_once"),
            models.CheckConstraint(
                condition=Q(announcement__isnull=True, key__isnull=True, announced_at__isnull=True)
                | Q(announcement__isnull=False, key__isnull=False, announced_at__isnull=False),
                name="bids_announced_whole",
            ),
        )


class CasePolicy(Row):
    """A version of the rules by which the bids of a case are opened; the newest signed one counts.

    ``body`` is the policy; ``signed`` has both signatures once tenderer and centre have signed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="policies")
    number = models.PositiveSmallIntegerField()
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    drafted_by = models.UUIDField()
    drafted_by_name = models.CharField(max_length=60)
    drafted_at = models.DateTimeField()
    signed = models.JSONField(null=True)
    signed_by_name = models.CharField(max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        """Versions are counted."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "number"], name="bids_policy_number"
            ),
        )


class Bidder(Row):
    """A firm that has handed something in: the lock row of its deeds, which it numbers."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="bidders")
    code = models.CharField(max_length=18)
    name = models.CharField(max_length=200)
    deeds = models.PositiveIntegerField(default=0)

    class Meta:
        """A firm stands once in a round."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "code"], name="bids_bidder_once"
            ),
        )


class Bid(Row):
    """A sealed bid as it was handed in; ``path`` leads to the envelope below the folder of bids.

    ``subject_version`` is the registration as it stood then; ``key`` signed the envelope;
    ``completed_at`` is legal time after the last byte was stored (T-10).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="bids")
    case_code = models.CharField(max_length=40)
    bidder = models.ForeignKey(Bidder, on_delete=models.PROTECT, related_name="bids")
    bidder_code = models.CharField(max_length=18)
    bidder_name = models.CharField(max_length=200)
    subject_version = models.UUIDField()
    key = models.CharField(max_length=130)
    account_id = models.UUIDField()
    envelope_digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    path = models.CharField(max_length=200)
    completed_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=BidState)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """A bidder has one standing bid in a round."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "bidder_code"],
                condition=Q(state="standing"),
                name="bids_one_standing_bid",
            ),
            models.CheckConstraint(
                condition=Q(state="standing", ended_at__isnull=True)
                | (~Q(state="standing") & Q(ended_at__isnull=False)),
                name="bids_ended_has_an_instant",
            ),
        )


class BidReceipt(Row):
    """The signed receipt of a deed with a bid: handed in, or withdrawn."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="receipts")
    deed = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    body = models.JSONField()
    given_at = models.DateTimeField()

    class Meta:
        """Each deed has one receipt."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "bid", "deed"], name="bids_receipt_once"
            ),
        )


class Slot(Row):
    """One leaf of the log that stands for all deeds of an interval, however many, even none.

    ``roster``: the salt (hex), the digest of each receipt in the slot by its identity, and the way
    from the digest over all these to ``root``.
    """

    root = models.CharField(max_length=64)
    roster = models.JSONField(default=dict)
    entered_at = models.DateTimeField()


class BlindedLeaf(Row):
    """The blinded digest of a receipt, and its place in a slot once the next one has gone out."""

    receipt = models.OneToOneField(BidReceipt, on_delete=models.PROTECT, related_name="leaf")
    data = models.CharField(max_length=64)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, null=True, related_name="leaves")
    inclusion = models.JSONField(null=True)

    class Meta:
        """The next slot looks only at what has none yet."""

        indexes = (
            models.Index(fields=["id"], name="bids_leaf_unslotted", condition=Q(slot__isnull=True)),
        )


class Upload(Row):
    """An upload in parts, so that a broken line goes on where it broke; forgotten once it is done."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="uploads")
    account_id = models.UUIDField()
    size = models.PositiveBigIntegerField()
    begun_at = models.DateTimeField()
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, null=True)


class SealedEntry(Row):
    """An entry of the audit trail that waits for the closing: earlier it would count the bids."""

    is_followed = False

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sealed_entries")
    account_id = models.UUIDField()
    account_region = models.CharField(max_length=6)
    deed = models.CharField(max_length=60)
    object_id = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=8)
    reason = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True)
    roles = models.CharField(max_length=120, blank=True, default="", db_default="")
    device = models.CharField(max_length=32, blank=True, default="", db_default="")
    public_key = models.CharField(max_length=130, blank=True, default="", db_default="")
    changes = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    happened_at = models.DateTimeField()


class ClosingStatement(Row):
    """What the centre signed at the deadline: which envelopes there were, and that none is added."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="closing")
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    closed_at = models.DateTimeField()
