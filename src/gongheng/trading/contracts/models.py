"""Contracts, who signed which text of them, and archives."""

from django.db import models
from django.db.models import Q

from gongheng.trading.award.models import Decision
from gongheng.trading.cases.models import Case
from gongheng.trading.contracts.kinds import BondForm, Side
from gongheng.web.models import Row


class Contract(Row):
    """The contract of an award; sums in yuan.

    ``revision`` counts its texts, ``digest`` is the SM3 of the canonical form of the present one,
    hex: signatures name it. ``bond_amount`` is the performance bond that is asked for, 0 for none.
    ``partners``: who bid together with the winner, each with ``code`` (empty if its bid names none)
    and ``name``; all sign (J-01).
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contracts")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="contract")
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=600)
    tenderer_name = models.CharField(max_length=200)
    tenderer_code = models.CharField(max_length=18)
    winner_name = models.CharField(max_length=200)
    winner_code = models.CharField(max_length=18)
    partners = models.JSONField(default=list)
    subject = models.TextField()
    price = models.DecimalField(max_digits=16, decimal_places=2)
    duration_days = models.PositiveIntegerField()
    quality = models.TextField()
    project_manager = models.CharField(max_length=60)
    clauses = models.TextField()
    bond_amount = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    revision = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64)
    drafted_by_name = models.CharField(max_length=60)
    drafted_at = models.DateTimeField()
    bond_form = models.CharField(max_length=10, choices=BondForm, blank=True)
    bond_number = models.CharField(max_length=100, blank=True)
    bond_received = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    bond_received_at = models.DateTimeField(null=True)
    bond_paper_digest = models.CharField(max_length=64, blank=True)
    bond_paper_name = models.CharField(max_length=100, blank=True)
    concluded_at = models.DateTimeField(null=True)
    version_id = models.UUIDField(null=True)

    class Meta:
        """A contract has a number, a price, and a bond that was received as a whole or not."""

        constraints = (
            models.UniqueConstraint(fields=["region_code", "number"], name="contracts_number"),
            models.CheckConstraint(condition=Q(price__gt=0), name="contracts_price"),
            models.CheckConstraint(condition=Q(bond_amount__gte=0), name="contracts_bond"),
            models.CheckConstraint(
                condition=Q(bond_received__isnull=True, bond_received_at__isnull=True)
                | Q(bond_received__gt=0, bond_received_at__isnull=False),
                name="contracts_bond_received_whole",
            ),
        )

    @property
    def is_concluded(self) -> bool:
        """Tell whether both sides have signed."""
        return self.concluded_at is not None

    @property
    def bond_form_label(self) -> str:
        """Return the form of the bond in Chinese."""
        return BondForm(self.bond_form).label if self.bond_form else ""


class Signature(Row):
    """That a side signed a text: by its account, and by its registered key where one was used."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    digest = models.CharField(max_length=64)
    organisation_code = models.CharField(max_length=18)
    signed_by = models.UUIDField()
    signed_by_name = models.CharField(max_length=60)
    public_key = models.CharField(max_length=130, blank=True)
    signature = models.TextField(blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        """Who signs a text signs it once; a signature names its key."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "contract", "side", "digest", "organisation_code"],
                name="contracts_signed_once",
            ),
            models.CheckConstraint(
                condition=Q(public_key="", signature="") | ~Q(public_key="") & ~Q(signature=""),
                name="contracts_signature_names_its_key",
            ),
        )

    @property
    def side_label(self) -> str:
        """Return the side in Chinese."""
        return Side(self.side).label


class Archive(Row):
    """What of a round was put away: the manifest names every paper and its digest."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="archive")
    manifest = models.JSONField()
    digest = models.CharField(max_length=64)
    explanation = models.TextField(blank=True)
    kept_until = models.DateField()
    closed_by_name = models.CharField(max_length=60)
    closed_at = models.DateTimeField()
