"""Openings, the bids in them, what bidders and holders released, decisions, answers, destructions."""

from django.db import models
from django.db.models import Q

from gongheng.trading.cases.models import Case
from gongheng.trading.opening.kinds import LaterStage, Stage, State
from gongheng.web.models import Row


class Opening(Row):
    """The opening of one round of a lot. Digests are SM3, hex.

    ``record`` is the opening record as it was made known, with the node's signature; it never
    changes: answers and objections stand beside it.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="opening")
    case_code = models.CharField(max_length=40)
    stage = models.CharField(max_length=12, default=Stage.BIDDERS)
    policy_digest = models.CharField(max_length=64)
    closing_digest = models.CharField(max_length=64)
    begins_at = models.DateTimeField()
    releases_until = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True)
    postponed_until = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)
    record = models.JSONField(default=dict)
    record_signature = models.TextField(blank=True)
    shown_at = models.DateTimeField(null=True)
    confirm_until = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    version_id = models.UUIDField(null=True)

    class Meta:
        """The worker looks for openings by their stage."""

        indexes = (models.Index(fields=["stage", "begins_at"], name="opening_by_stage"),)


class Entry(Row):
    """One bid in an opening; ``number`` is its place in the order of receipt.

    ``price`` is empty where the bid was opened but its figure cannot be read: ``findings`` say why.
    ``tried`` is how many share statements there were when the bid was last tried.
    """

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    bid_id = models.UUIDField()
    bidder_code = models.CharField(max_length=18)
    bidder_name = models.CharField(max_length=200)
    envelope = models.CharField(max_length=64)
    path = models.CharField(max_length=500)
    state = models.CharField(max_length=12, default=State.WAITING)
    released_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    tried = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True)
    fault_words = models.TextField(blank=True)
    cause = models.CharField(max_length=12, blank=True)
    evidence = models.TextField(blank=True)
    paper_digest = models.CharField(max_length=64, blank=True)
    paper_name = models.CharField(max_length=100, blank=True)
    cause_by_name = models.CharField(max_length=60, blank=True)
    cause_at = models.DateTimeField(null=True)
    price = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    duration_days = models.PositiveIntegerField(null=True)
    project_manager = models.CharField(max_length=60, blank=True)
    quality = models.CharField(max_length=200, blank=True)
    letter = models.JSONField(default=dict)
    fingerprint = models.JSONField(default=dict)
    findings = models.JSONField(default=list)

    class Meta:
        """A bid is opened once, and an opened bid says when."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "opening", "number"], name="opening_entries_in_order"
            ),
            models.UniqueConstraint(
                fields=["region_code", "opening", "envelope"], name="opening_one_entry_a_bid"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.OPENED) | Q(opened_at__isnull=False),
                name="opening_opened_has_an_instant",
            ),
        )
        indexes = (models.Index(fields=["bidder_code"], name="opening_entries_of_bidder"),)


class Release(Row):
    """A bidder's half of one part, sealed to the key of the opening, as it was handed in."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="releases")
    part = models.CharField(max_length=32)
    statement = models.JSONField()
    is_signed = models.BooleanField()
    received_at = models.DateTimeField()

    class Meta:
        """A half is released once."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "entry", "part"], name="opening_half_released_once"
            ),
        )


class FrozenPart(Row):
    """The signed list of the bids of which one part is opened, frozen between the phases.

    ``event`` is what the part waited for, empty for what is opened at the opening's hour.
    """

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="lists")
    part = models.CharField(max_length=32)
    event = models.CharField(max_length=100, blank=True)
    statement = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        """A list is frozen once."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "opening", "part"], name="opening_list_frozen_once"
            ),
        )


class ShareRelease(Row):
    """A holder's signed statement with its shares of one part; ``bad`` are envelopes, judged later.

    A holder may hand in another statement for a bad one; the newest counts.
    """

    frozen = models.ForeignKey(FrozenPart, on_delete=models.PROTECT, related_name="shares")
    holder = models.CharField(max_length=32)
    holder_name = models.CharField(max_length=200)
    statement = models.JSONField()
    digest = models.CharField(max_length=64)
    bad = models.JSONField(default=list)
    received_at = models.DateTimeField()

    class Meta:
        """The same statement twice is one."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "frozen", "digest"], name="opening_shares_once"
            ),
        )


class LaterOpening(Row):
    """The opening of the parts that waited for one event, for the bids that are still in (E-29).

    ``record`` is the record of this opening with the node's signature, as it was made known.
    """

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="later")
    event = models.CharField(max_length=100)
    stage = models.CharField(max_length=12, default=LaterStage.DECISION)
    recorded_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    judged_at = models.DateTimeField(null=True)
    shown_at = models.DateTimeField(null=True)
    shown_by_name = models.CharField(max_length=60, blank=True)
    record = models.JSONField(default=dict)
    record_signature = models.TextField(blank=True)
    version_id = models.UUIDField(null=True)

    class Meta:
        """An event is recorded once."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "opening", "event"], name="opening_event_once"
            ),
        )
        indexes = (models.Index(fields=["stage", "recorded_at"], name="opening_later_by_stage"),)


class LaterEntry(Row):
    """One bid whose parts are opened later; ``tried`` as in ``Entry``."""

    later = models.ForeignKey(LaterOpening, on_delete=models.PROTECT, related_name="entries")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="later")
    state = models.CharField(max_length=12, default=State.RELEASED)
    tried = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=60, blank=True)
    fault_words = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        """A bid stands once in a later opening."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "later", "entry"], name="opening_later_entry_once"
            ),
        )


class Decision(Row):
    """What two people decided in an opening: one proposes, another confirms or refuses."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=12)
    until = models.DateTimeField()
    reason = models.TextField()
    proposed_by = models.UUIDField()
    proposed_by_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        """One decision is open at a time, and nobody confirms the own proposal."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "opening"],
                condition=Q(decided_at__isnull=True),
                name="opening_one_open_decision",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="opening_decided_by_another",
            ),
        )


class Confirmation(Row):
    """What an organisation says of the opening record (E-11); silence after the window is none."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="confirmations")
    side = models.CharField(max_length=8)
    organisation_code = models.CharField(max_length=18)
    organisation_name = models.CharField(max_length=200)
    answer = models.CharField(max_length=8)
    words = models.TextField(blank=True)
    given_by = models.UUIDField()
    given_by_name = models.CharField(max_length=60)
    given_at = models.DateTimeField()

    class Meta:
        """An organisation answers once."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "opening", "organisation_code"],
                name="opening_answered_once",
            ),
        )


class Destruction(Row):
    """A holder's signed statement that its key for a case is destroyed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="key_destructions")
    holder = models.CharField(max_length=32)
    holder_name = models.CharField(max_length=200)
    statement = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        """A key is destroyed once."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case", "holder"], name="opening_key_destroyed_once"
            ),
        )
