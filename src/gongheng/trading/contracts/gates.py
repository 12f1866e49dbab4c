"""What a second person sees of a contract before it is made public."""

from datetime import datetime

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import gate
from gongheng.trading.cases.models import Proposal
from gongheng.trading.contracts import actions, queries, reports, rules
from gongheng.trading.contracts.models import Contract


def see(proposal: Proposal, now: datetime) -> gate.Passage:
    """Return the contract as it would go out. Raises ``Refusal`` (``rules.NO_DRAFT``)."""
    wanted = str(proposal.facts["contract"])
    contract = Contract.objects.filter(case=proposal.case, pk=wanted).first()
    if contract is None or not contract.is_concluded:
        raise Refusal(rules.NO_DRAFT)
    body = reports.contract_body(contract, lot=queries.lot_of(proposal.case), now=now)
    body.pop(reports.OF_THE_MOMENT)
    return gate.Passage(
        title=contract.name,
        records=((reports.DATASET, body),),
        facts=(("合同编号", contract.number), ("合同摘要", contract.digest)),
    )


gate.provide("publish_contract", see, actions.publish)
