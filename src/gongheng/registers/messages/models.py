"""Messages, and their way to each recipient."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongheng.registers.messages.kinds import Channel, State
from gongheng.web.models import Row


class Message(Row):
    """What is said, once for all who receive it; never changed. ``kind`` names the occasion.

    ``is_secret``: who was told is nobody's to know. The inbox alone carries it, since a mail server
    or a gateway could count, and its readings stand with the delivery, not in the audit trail.
    """

    is_followed = False

    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    case_code = models.CharField(max_length=40, blank=True)
    is_secret = models.BooleanField(default=False, db_default=False)
    written_at = models.DateTimeField()

    class Meta:
        """Found by case."""

        indexes = (models.Index(fields=["case_code"], name="messages_of_case"),)


class Contact(Row):
    """An address of a person for one channel besides the inbox; personal data (E-16).

    Messages go to ``address``, which its owner confirmed, while the owner wants them there and
    nobody refused them. ``waiting_address`` is to be confirmed by the code of ``code_digest``
    before ``code_until`` (machine time); ``guesses`` counts the codes tried.
    """

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contacts"
    )
    channel = models.CharField(max_length=8)
    address = models.CharField(max_length=254, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    is_wanted = models.BooleanField(default=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=80, blank=True)
    waiting_address = models.CharField(max_length=254, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    guesses = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """One address a channel; only what was confirmed is an address."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "account", "channel"], name="messages_contact_once"
            ),
            models.CheckConstraint(
                condition=Q(address="", confirmed_at__isnull=True)
                | (~Q(address="") & Q(confirmed_at__isnull=False)),
                name="messages_contact_is_confirmed",
            ),
        )

    @property
    def is_used(self) -> bool:
        """Tell whether messages go there."""
        return bool(self.address) and self.is_wanted and self.refused_at is None


class Delivery(Row):
    """The way of a message to one recipient by one channel; nobody sees those of others.

    A delivery to a person's own address names the ``contact`` and holds no address: it is looked up
    when the message goes, so that a removed one is used no more. ``address`` is one that was given
    for this message alone.

    ``received_at`` is the legal time at which it entered the inbox, ``read_at`` that of the first
    reading and ``read_by`` the reader. ``next_attempt_at`` is machine time. ``receipt`` names the
    message at the gateway; ``failure`` says in a word why it did not go.
    """

    is_followed = False

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    organisation_code = models.CharField(max_length=18, blank=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, related_name="deliveries"
    )
    address = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=10)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    receipt = models.CharField(max_length=100, blank=True)
    failure = models.CharField(max_length=80, blank=True)

    class Meta:
        """A recipient is told once by each channel; what lies in an inbox has been received."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "message", "channel", "account"],
                condition=Q(account__isnull=False),
                name="messages_account_once",
            ),
            models.UniqueConstraint(
                fields=["region_code", "message", "channel", "organisation_code", "address"],
                condition=Q(account__isnull=True),
                name="messages_address_once",
            ),
            models.CheckConstraint(
                condition=~Q(channel="inbox") | Q(received_at__isnull=False),
                name="messages_inbox_is_received",
            ),
        )
        indexes = (
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="waiting"),
                name="messages_waiting",
            ),
            models.Index(
                fields=["account", "-received_at"],
                condition=Q(channel="inbox"),
                name="messages_inbox_account",
            ),
            models.Index(
                fields=["organisation_code", "-received_at"],
                condition=Q(channel="inbox"),
                name="messages_inbox_organisation",
            ),
            models.Index(
                fields=["account"],
                condition=Q(channel="inbox", read_at__isnull=True),
                name="messages_unread_account",
            ),
            models.Index(
                fields=["organisation_code"],
                condition=Q(channel="inbox", read_at__isnull=True),
                name="messages_unread_organisation",
            ),
            models.Index(
                fields=["sent_at"],
                condition=Q(channel="sms", state="sent"),
                name="messages_unreported",
            ),
        )

    @property
    def channel_label(self) -> str:
        """Return the channel in Chinese."""
        return Channel(self.channel).label

    @property
    def state_label(self) -> str:
        """Return the state in Chinese."""
        return State(self.state).label
