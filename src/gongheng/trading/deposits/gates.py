"""What a second officer sees of a deposit before it is kept (U-07)."""

from datetime import datetime

from gongheng.kernel.money import written
from gongheng.trading.cases import gate
from gongheng.trading.cases.models import Proposal
from gongheng.trading.deposits import actions, queries


def see_keeping(proposal: Proposal, now: datetime) -> gate.Passage:  # noqa: ARG001  the gate's shape
    """Return whose deposit is kept, why and by which paper. Raises ``Refusal`` (``rules.SETTLED``)."""
    keeping = actions.proposed_keeping(proposal)
    deposit = keeping.deposit
    facts = [
        ("投标人", f"{deposit.bidder_name}（{deposit.bidder_code}）"),
        ("形式和凭证", f"{deposit.form_label}，{deposit.number}"),
        ("金额", f"{written(deposit.amount)} 元"),
        ("法定事由", keeping.get_cause_display()),
        ("经过", keeping.reason),
        ("依据文件", keeping.evidence),
    ]
    if keeping.paper_digest:
        facts.append(
            ("依据文件的扫描件", f"{keeping.paper_name}，可在台账下载，SM3 {keeping.paper_digest}")
        )
    return gate.Passage(
        title=f"{proposal.case.title}：{deposit.bidder_name}的投标保证金不予退还",
        facts=tuple(facts),
    )


gate.provide(queries.KEEP, see_keeping, actions.keep)
