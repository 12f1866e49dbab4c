"""Accounts, the roles granted to them, counted failures of sign-in, and the audit trail."""

from collections.abc import Iterator
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from gongheng.trust.identity import deed_words
from gongheng.trust.identity.kinds import Outcome, Role
from gongheng.trust.identity.proposed import Proposed
from gongheng.web.models import Row, Rows


class Accounts(BaseUserManager["Account"]):
    """Finds accounts by the name they sign in with."""

    def get_queryset(self) -> models.QuerySet["Account"]:
        """Return the accounts, as rows that are followed."""
        return Rows(self.model, using=self._db)


class Account(Row, AbstractBaseUser):
    """A person who signs in, and the organisation (by credit code) that the person acts for."""

    username = models.CharField(max_length=60)
    display_name = models.CharField(max_length=60)
    organisation_code = models.CharField(max_length=18)
    organisation_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    sessions_ended = models.PositiveIntegerField(default=0)

    last_login = None  # the audit trail knows every sign-in
    objects: ClassVar[Accounts] = Accounts()  # type: ignore[assignment]  # finds by name, too

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        """A name signs in one account of the node, whatever its region."""

        constraints = (
            models.UniqueConstraint(fields=["username"], name="identity_account_name_once"),
        )

    def get_session_auth_hash(self) -> str:
        """Return what every session of the account must agree with: a password, and a count."""
        return f"{super().get_session_auth_hash()}{self.sessions_ended}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield the same under the former keys of the node."""
        for former in super().get_session_auth_fallback_hash():
            yield f"{former}{self.sessions_ended}"


class CodeSecret(Row):
    """The secret of an account's one-time codes, sealed under the node's key.

    It counts once ``confirmed_at`` (machine time) is set; ``last_step`` is the newest time step
    whose code was used: no code works twice.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="code_secret")
    sealed = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class Grant(Row):
    """A role given to an account for a region, from ``starts_at`` until ``ends_at`` (half-open).

    ``template_number`` names the set of role templates that it was made by (001-22).
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    granted_by = models.UUIDField(null=True)
    template_number = models.PositiveIntegerField(default=1)

    class Meta:
        """A grant has a beginning, and its end lies after it."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "account", "role", "starts_at"],
                name="identity_grant_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="identity_grant_ends_after_start",
            ),
        )


class Body(Row):
    """Of which type an organisation is (seed 001-6): its people get roles of that type alone.

    ``since`` is the legal time at which an officer said so, or the first role was granted.
    """

    organisation_code = models.CharField(max_length=18)
    organisation_type = models.CharField(max_length=12)
    since = models.DateTimeField()
    said_by = models.UUIDField(null=True)

    class Meta:
        """An organisation is of one type."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "organisation_code"], name="identity_body_once"
            ),
        )


class RoleTemplateSet(Proposed):
    """All role templates of a province under one number, as proposed and decided; never changed.

    ``rows`` as ``roles.rows_of`` gives them.
    """

    number = models.PositiveIntegerField()
    rows = models.JSONField()
    words = models.CharField(max_length=500)

    class Meta:
        """A number counts once, one proposal waits, and nobody confirms the own one."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "number"],
                condition=Q(state="confirmed"),
                name="identity_template_set_once",
            ),
            models.UniqueConstraint(
                fields=["region_code"],
                condition=Q(state="proposed"),
                name="identity_one_template_proposal",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="identity_templates_by_two",
            ),
        )


class SignInCount(models.Model):
    """Tries of one name, device or address since ``since`` (machine time).

    ``key`` is a digest of what was typed: a name that no account has is counted like any other.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(db_index=True)


class AuditEntry(Row):
    """Who did what to which object, when, from where, and how it ended; never changed.

    ``roles`` are those that the person had then, parted by blanks; ``device`` is the mark of the
    browser, if it has one; ``key`` the SM3 of the registered key that signed, if one did. ``changes``
    says which rows the deed changed: model, key, digest before and after (``audit.digest_of``), empty
    for a row that is new or gone; entries from before E-16 was kept whole have none. ``number`` and
    ``chain`` are set once, when the entry is bound to all before it (``chaining``).
    """

    is_followed = False

    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    deed = models.CharField(max_length=60)
    object_id = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=80, blank=True)
    address = models.GenericIPAddressField(null=True)
    roles = models.CharField(max_length=120, blank=True, default="", db_default="")
    device = models.CharField(max_length=32, blank=True, default="", db_default="")
    key = models.CharField(max_length=64, blank=True, default="", db_default="")
    changes = models.JSONField(null=True)
    happened_at = models.DateTimeField()
    number = models.BigIntegerField(null=True)
    chain = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        """Read by person and by object, newest first; the chain has each number once."""

        constraints = (models.UniqueConstraint(fields=["number"], name="identity_audit_number"),)
        indexes = (
            models.Index(
                fields=["id"], condition=Q(number__isnull=True), name="identity_audit_unchained"
            ),
            models.Index(fields=["account", "-happened_at"], name="identity_audit_account"),
            models.Index(fields=["object_id", "-happened_at"], name="identity_audit_object"),
        )

    @property
    def words(self) -> str:
        """Return the deed as people say it."""
        return deed_words.said(self.deed)
