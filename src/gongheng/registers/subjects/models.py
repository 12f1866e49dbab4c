"""Subjects, their versions and keys, applications, and agreements between tenderers and agencies."""

from django.db import models
from django.db.models import F, Q

from gongheng.registers.subjects.kinds import (
    ApplicationState,
    Commission,
    Purpose,
    SubjectKind,
    SubjectState,
)
from gongheng.web.models import Row


class Subject(Row):
    """Somebody who takes part in trades, once in the whole province.

    ``code`` is the credit code, of a natural person the person code (see ``rules.person_code``).
    ``version`` is the number of the verified version, 0 before the first. ``core`` is the name
    without what firms share (see ``rules.core_of``). Where the register is kept elsewhere the row
    is a copy: ``statement`` is what the keeper signed, ``learnt_at`` machine time.
    """

    code = models.CharField(max_length=18)
    kind = models.CharField(max_length=16, choices=SubjectKind.choices())
    name = models.CharField(max_length=200)
    core = models.CharField(max_length=200)
    state = models.CharField(max_length=14, choices=SubjectState.choices())
    state_reason = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=40)
    statement = models.TextField(blank=True)
    learnt_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        """A code names one subject, whatever its region; who takes part has a version."""

        constraints = (
            models.UniqueConstraint(fields=["code"], name="subjects_code_once"),
            models.CheckConstraint(
                condition=~Q(state=SubjectState.VERIFIED) | Q(version__gt=0),
                name="subjects_verified_has_version",
            ),
        )
        indexes = (
            models.Index(fields=["core"], name="subjects_core"),
            models.Index(fields=["learnt_at"], name="subjects_learnt"),
        )


class SubjectVersion(Row):
    """What was verified of a subject at a time; never changed, so that a bid can rest on it.

    ``body`` is a row of the standard without its sender's columns; ``changes`` is a list of
    ``{"field", "label", "old", "new"}``; ``digest`` the SM3 of the canonical body.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    body = models.JSONField()
    changes = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    verified_by = models.CharField(max_length=60)
    verified_at = models.DateTimeField()

    class Meta:
        """Versions of a subject are numbered."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "subject", "number"], name="subjects_version_once"
            ),
            models.CheckConstraint(condition=Q(number__gt=0), name="subjects_version_counts"),
        )


class SubjectKey(Row):
    """A signing key of a subject with the proof that whoever registered it holds it.

    ``confirmed_at`` is when the keeper of the register took it: before that it signs nothing.
    """

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="keys")
    public_key = models.CharField(max_length=130)
    proof = models.TextField()
    registered_by = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        """A subject signs with one key at a time; a key belongs to one subject."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "subject"],
                condition=Q(ends_at__isnull=True, confirmed_at__isnull=False),
                name="subjects_one_standing_key",
            ),
            models.UniqueConstraint(fields=["public_key"], name="subjects_key_of_one"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="subjects_key_ends_after_start",
            ),
        )


class Application(Row):
    """What somebody asks of the register; its key travels with it from node to node.

    ``account_id`` is the account at the node of ``origin`` that the decision opens. ``findings``
    are ``{"field", "label", "claimed", "known", "weight", "words"}``, ``corrections`` what an
    officer wants put right. ``sent_at`` is when the keeper of the register had it.
    """

    code = models.CharField(max_length=18)
    kind = models.CharField(max_length=16, choices=SubjectKind.choices())
    purpose = models.CharField(max_length=10, choices=Purpose.choices())
    name = models.CharField(max_length=200)
    core = models.CharField(max_length=200)
    body = models.JSONField()
    base_version = models.PositiveIntegerField(default=0)
    origin = models.CharField(max_length=40)
    account_id = models.UUIDField(null=True)
    applicant_name = models.CharField(max_length=60)
    applicant_phone = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)
    state = models.CharField(max_length=10, choices=ApplicationState.choices())
    findings = models.JSONField(default=list)
    corrections = models.JSONField(default=list)
    returned_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)

    class Meta:
        """One application for a subject is open at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state__in=[ApplicationState.SUBMITTED, ApplicationState.RETURNED]),
                name="subjects_one_open_application",
            ),
        )
        indexes = (
            models.Index(fields=["state", "submitted_at"], name="subjects_application_queue"),
            models.Index(fields=["account_id"], name="subjects_application_account"),
            models.Index(fields=["address", "-submitted_at"], name="subjects_application_from"),
        )


class AgencyAgreement(Row):
    """A tenderer's agreement (委托协议) with its agency, from ``starts_on`` until ``ends_on``.

    ``commissions`` are the values of ``Commission`` that the agency may do; ``scope`` says for what.
    """

    tenderer_code = models.CharField(max_length=18)
    tenderer_name = models.CharField(max_length=200)
    agency_code = models.CharField(max_length=18)
    agency_name = models.CharField(max_length=200)
    scope = models.TextField()
    commissions = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    document_name = models.CharField(max_length=200)
    document_digest = models.CharField(max_length=64)
    registered_by = models.UUIDField()
    registered_by_code = models.CharField(max_length=18)
    registered_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    @property
    def commissioned(self) -> list[str]:
        """Return in words what the agency may do."""
        return [Commission(value).label for value in self.commissions]

    class Meta:
        """Two different organisations agree, for a time, by a document."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "tenderer_code", "agency_code", "document_digest"],
                name="subjects_agreement_once",
            ),
            models.CheckConstraint(
                condition=~Q(tenderer_code=F("agency_code")), name="subjects_agreement_of_two"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="subjects_agreement_lasts"
            ),
        )
        indexes = (
            models.Index(fields=["tenderer_code"], name="subjects_agreement_tenderer"),
            models.Index(fields=["agency_code"], name="subjects_agreement_agency"),
        )
