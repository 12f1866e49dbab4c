"""A case whose award letter went out, and every step to its archive."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from gongheng.trading.award.actions import report_to_supervisor
from gongheng.trading.award.tests.support import SECTIONS, Course, received
from gongheng.trading.contracts import actions, queries
from gongheng.trading.contracts.actions import BondFacts, ContractFacts
from gongheng.trading.contracts.kinds import BondForm
from gongheng.trading.contracts.models import Contract
from gongheng.trading.deposits import actions as deposits
from gongheng.trust.identity.actors import Actor
from gongheng.trust.identity.kinds import Role
from gongheng.trust.identity.models import Account
from tests.cases import person


@dataclass
class Signing:
    """A case that awaits its contract; ``winner`` is somebody of the firm that won."""

    course: Course
    winner: Actor

    @property
    def case(self) -> Any:
        return self.course.case

    @property
    def by(self) -> dict[str, Any]:
        return self.course.by

    @property
    def contract(self) -> Contract:
        found = queries.contract_of(self.case)
        assert found is not None
        return found

    def facts(self, bond: str = "0", **changes: Any) -> ContractFacts:
        substance = replace(queries.substance_of_bid(self.case), **changes)
        return ContractFacts(
            name="龙泉路施工一标段合同",
            substance=substance,
            clauses="按月支付进度款。",
            bond_amount=Decimal(bond),
        )

    def draft(self, bond: str = "0", **changes: Any) -> Contract:
        return actions.draft(facts=self.facts(bond, **changes), **self.by)

    def sign_as_winner(self, **changes: Any) -> None:
        facts = {
            "contract_id": self.contract.pk,
            "seen": self.contract.digest,
            "actor": self.winner,
            "now": self.course.now,
        }
        actions.sign_as_winner(**(facts | changes))

    def sign_as_tenderer(self, **changes: Any) -> None:
        facts = {"seen": self.contract.digest, **self.by}
        actions.sign_as_tenderer(**(facts | changes))

    def bond(self, amount: str = "960000.00", **changes: Any) -> None:
        facts = {
            "form": BondForm.BANK,
            "number": "BH2026001",
            "amount": Decimal(amount),
            "received_at": self.course.now,
        }
        actions.receive_bond(facts=BondFacts(**(facts | changes)), **self.by)

    def concluded(self) -> "Signing":
        self.draft()
        self.sign_as_winner()
        self.sign_as_tenderer()
        return self

    def published(self) -> "Signing":
        self.concluded()
        self.course.agree(actions.propose_publication(**self.by))
        return self

    def ready_to_archive(self) -> "Signing":
        self.published()
        report_to_supervisor(sections=SECTIONS, **self.by)
        deposits.confirm(step="refund_deposits", **self.by)
        return self


def signing() -> Signing:
    """Return a case whose award letter went out and whose notice is published."""
    course = received().published()
    code = course.winner().bidder_code
    winner = person("winner", Role.BIDDER, organisation=code, region="440300")
    Account.objects.create(
        pk=winner.account_id,
        region_code=winner.region_code,
        username=winner.username,
        display_name=winner.name,
        organisation_code=code,
        organisation_name="云岭路桥建设有限公司",
    )
    course.later(minutes=1)
    return Signing(course, winner)
