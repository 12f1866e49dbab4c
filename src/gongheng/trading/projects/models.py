"""Projects, the tender projects in them, and their lots; codes never change."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from gongheng.kernel.identifiers import uuid7
from gongheng.trading.cases.kinds import TenderMode
from gongheng.trading.projects.kinds import (
    ABANDONED,
    THROUGH_AGENCY,
    Anew,
    Ground,
    IntakeVerdict,
    Recogniser,
    Recognition,
)
from gongheng.web.models import Row

models.CharField.register_lookup(Length)
LONGEST_TITLE = 500
"""Of a lot, in letters: what is made for it puts a few words behind."""


class Project(Row):
    """A project as it was approved. ``region_code`` is where it lies.

    ``organisation_code`` is the organisation whose clerks may read and continue it, ``submission``
    the mark of the form it came by.
    """

    code = models.CharField(max_length=17)
    name = models.CharField(max_length=600)
    relate_code = models.CharField(max_length=1)
    invest_project_code = models.CharField(max_length=24, blank=True)
    address = models.CharField(max_length=200)
    legal_person = models.CharField(max_length=200)
    industry = models.CharField(max_length=3)
    fund_source = models.CharField(max_length=1000)
    contribution_scale = models.CharField(max_length=1000, blank=True)
    scale = models.CharField(max_length=1000)
    contact_name = models.CharField(max_length=100)
    contact_phone = models.CharField(max_length=100)
    approval_name = models.CharField(max_length=500)
    approval_number = models.CharField(max_length=100, blank=True)
    approval_authority = models.CharField(max_length=200, blank=True)
    organisation_code = models.CharField(max_length=18)
    registered_by = models.UUIDField()
    registered_by_name = models.CharField(max_length=60)
    submission = models.UUIDField(default=uuid7)
    created_at = models.DateTimeField()

    class Meta:
        """A code names one project; a form that was sent twice registers one."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "organisation_code", "submission"],
                name="projects_project_submitted_once",
            ),
            models.UniqueConstraint(fields=["region_code", "code"], name="projects_project_code"),
            models.CheckConstraint(
                condition=Q(code__length=17), name="projects_project_code_length"
            ),
        )


class TenderProject(Row):
    """One tender of a project: what is tendered, by whom, through which agency.

    ``procedure`` is the code of the declaration that its lots follow, ``mode`` who may bid by it.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="tender_projects")
    code = models.CharField(max_length=20)
    procedure = models.CharField(max_length=40)
    mode = models.CharField(max_length=1)
    name = models.CharField(max_length=600)
    is_statutory = models.BooleanField()
    category = models.CharField(max_length=3)
    content = models.TextField()
    tenderer_name = models.CharField(max_length=200)
    tenderer_code = models.CharField(max_length=18)
    organise_form = models.CharField(max_length=1)
    agency_name = models.CharField(max_length=200, blank=True)
    agency_code = models.CharField(max_length=18, blank=True)
    supervisor_name = models.CharField(max_length=200)
    approver_name = models.CharField(max_length=200)
    reporter = models.CharField(max_length=100)
    organisation_code = models.CharField(max_length=18)
    created_at = models.DateTimeField()

    class Meta:
        """A code names one tender project; an agency is named where one is engaged."""

        constraints = (
            models.UniqueConstraint(fields=["region_code", "code"], name="projects_tender_code"),
            models.CheckConstraint(
                condition=Q(code__length=20), name="projects_tender_code_length"
            ),
            models.CheckConstraint(
                condition=~Q(organise_form=THROUGH_AGENCY) | ~Q(agency_code=""),
                name="projects_tender_agency_named",
            ),
        )
        indexes = (
            models.Index(
                fields=["organisation_code", "-created_at"], name="projects_tender_organisation"
            ),
        )

    @property
    def tender_mode(self) -> TenderMode:
        """Return who may bid."""
        return TenderMode(self.mode)

    @property
    def is_by_invitation(self) -> bool:
        """Tell whether only the invited may bid."""
        return self.tender_mode is TenderMode.INVITED

    @property
    def has_agency(self) -> bool:
        """Tell whether an agency runs the tender."""
        return self.organise_form == THROUGH_AGENCY


class Lot(Row):
    """A part of a tender project with its own award and transaction code; ``estimate`` in yuan."""

    tender_project = models.ForeignKey(TenderProject, on_delete=models.PROTECT, related_name="lots")
    code = models.CharField(max_length=23)
    transaction_code = models.CharField(max_length=40)
    name = models.CharField(max_length=500)
    round_number = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()
    classification = models.CharField(max_length=30)
    estimate = models.DecimalField(max_digits=16, decimal_places=2)
    qualification = models.TextField()
    begin_on = models.DateField(null=True)
    duration_days = models.PositiveIntegerField(null=True)
    submission = models.UUIDField(default=uuid7)
    created_at = models.DateTimeField()

    class Meta:
        """Each lot has its own codes; an estimate is a sum above nothing."""

        constraints = (
            models.UniqueConstraint(fields=["region_code", "code"], name="projects_lot_code"),
            models.UniqueConstraint(
                fields=["region_code", "tender_project", "submission"],
                name="projects_lot_submitted_once",
            ),
            models.UniqueConstraint(
                fields=["region_code", "transaction_code"], name="projects_lot_transaction_code"
            ),
            models.CheckConstraint(
                condition=Q(code__length=23) & Q(transaction_code__length=40),
                name="projects_lot_code_lengths",
            ),
            models.CheckConstraint(condition=Q(estimate__gt=0), name="projects_lot_estimate"),
        )
        ordering = (F("code").asc(),)

    @property
    def title(self) -> str:
        """Return the name that says whose lot it is: many are just called “lot one”.

        A lot that names its tender itself, or is too long for both, keeps its own name.
        """
        tender = self.tender_project.name
        joined = f"{tender}（{self.name}）"
        return self.name if tender in self.name or len(joined) > LONGEST_TITLE else joined


class Filing(Row):
    """A tender project as it was submitted for intake, and what the officer decided on it (U-01).

    ``catalogue_code`` and ``is_listed`` say what the trading catalogue asks of it; an exception is a
    listed project that is not tendered by law. ``ground`` is why an invitation is lawful, and the
    fields beside it who found so (W-01). ``approval_digest`` is the SM3 of the approval's file, hex.
    ``corrections`` are everything that the officer asked for, one a line.
    """

    tender_project = models.ForeignKey(
        TenderProject, on_delete=models.PROTECT, related_name="filings"
    )
    number = models.PositiveSmallIntegerField()
    catalogue_code = models.CharField(max_length=10)
    is_listed = models.BooleanField()
    total = models.DecimalField(max_digits=18, decimal_places=2)
    exception_reason = models.TextField(blank=True)
    exception_approver = models.CharField(max_length=200, blank=True)
    exception_document = models.CharField(max_length=200, blank=True)
    ground = models.CharField(max_length=10, blank=True)
    recognised_by = models.CharField(max_length=10, blank=True)
    recognition_number = models.CharField(max_length=100, blank=True)
    recognised_on = models.DateField(null=True)
    approval_name = models.CharField(max_length=500)
    approval_number = models.CharField(max_length=100)
    approval_authority = models.CharField(max_length=200)
    approval_on = models.DateField()
    approval_file = models.CharField(max_length=200)
    approval_digest = models.CharField(max_length=64)
    submitted_by = models.UUIDField()
    submitted_by_name = models.CharField(max_length=60)
    submitted_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, blank=True)
    corrections = models.JSONField(default=list)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """A tender project is submitted in counted filings, of which one waits at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "tender_project", "number"], name="projects_filing_number"
            ),
            models.UniqueConstraint(
                fields=["region_code", "tender_project"],
                condition=Q(decided_at__isnull=True),
                name="projects_one_filing_waits",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_at__isnull=True)
                | (~Q(verdict="") & Q(decided_at__isnull=False)),
                name="projects_filing_decided",
            ),
        )

    @property
    def recognition(self) -> Recognition | None:
        """Return who found that the tender may be held by invitation, where somebody did."""
        if not self.ground:
            return None
        return Recognition(
            ground=Ground(self.ground),
            by=Recogniser(self.recognised_by),
            number=self.recognition_number,
            on=self.recognised_on,
        )

    @property
    def verdict_label(self) -> str:
        """Return what was decided, in Chinese."""
        return IntakeVerdict(self.verdict).label if self.verdict else "待受理"


class TenderPlan(Row):
    """A tender plan (B-01): what will be tendered and when. A draft until it is published.

    ``content`` is what was published; a published plan never changes.
    """

    tender_project = models.ForeignKey(
        TenderProject, on_delete=models.PROTECT, related_name="plans"
    )
    revision = models.PositiveIntegerField(default=1)
    planned_on = models.DateField()
    scope = models.TextField()
    remark = models.TextField(blank=True)
    saved_by = models.UUIDField()
    saved_by_name = models.CharField(max_length=60)
    saved_at = models.DateTimeField()
    content = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True)

    class Meta:
        """A tender project has one plan being written."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "tender_project"],
                condition=Q(published_at__isnull=True),
                name="projects_one_plan_draft",
            ),
        )


class LotDecision(Row):
    """Why a lot was taken back, tendered again or dropped, with the approval where one is needed."""

    case_code = models.CharField(max_length=40)
    round_number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=20)
    reason = models.TextField()
    approval_name = models.CharField(max_length=500, blank=True)
    approval_number = models.CharField(max_length=100, blank=True)
    approval_authority = models.CharField(max_length=200, blank=True)
    approval_on = models.DateField(null=True)
    decided_by = models.UUIDField()
    decided_by_name = models.CharField(max_length=60)
    decided_at = models.DateTimeField()

    class Meta:
        """One decision ends a round."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "case_code", "round_number"],
                name="projects_one_decision_a_round",
            ),
        )

    @property
    def outcome_label(self) -> str:
        """Return the decision in Chinese."""
        return "公告前撤回" if self.outcome == ABANDONED else Anew(self.outcome).label
