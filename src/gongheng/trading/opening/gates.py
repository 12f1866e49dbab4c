"""What a second person sees of an opening before it is made known or its record published."""

from datetime import datetime

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import gate
from gongheng.trading.cases.models import Proposal
from gongheng.trading.invitations import queries as invitations
from gongheng.trading.opening import queries, recording, reports, roster, rules, wording
from gongheng.trading.opening.kinds import State


def see_opening(proposal: Proposal, now: datetime) -> gate.Passage:  # noqa: ARG001  the gate's shape
    """Return what is made known: how many, and what became of each bid that was not opened.

    Prices are not shown: nobody decides with the prices before the eyes whether they come out.
    """
    opening = recording.finished(proposal.case_id)
    count = queries.decrypted(opening)
    if proposal.facts.get("decrypted") != count:
        raise Refusal(rules.OTHER_COUNT, stated=proposal.facts.get("decrypted"), found=count)
    closed = opening.entries.exclude(state=State.OPENED).order_by("number")
    facts = [
        ("投标截止时的投标文件", f"{opening.entries.count()}份"),
        ("解密成功", f"{count}份"),
        *((entry.bidder_name, wording.result(entry)) for entry in closed),
    ]
    what = (
        "公布开标内容" if rules.is_enough(count) else "解密成功的投标文件不足法定数量，不公布报价"
    )
    return gate.Passage(title=f"{opening.case.title}：{what}", facts=tuple(facts))


def see_record(proposal: Proposal, now: datetime) -> gate.Passage:
    """Return the opening record and the list of bidders as they will be published."""
    opening = queries.of_case(proposal.case_id)
    if opening is None:
        raise Refusal(rules.NOT_SHOWN)
    recording.require_confirmed(opening, now=now)
    body = reports.record_body(opening)
    letters = len(invitations.invitees_of(proposal.case))
    lines = roster.lines(opening, now=now)
    facts = [(f"{line.bidder_name}不列入投标人名单", line.lacks) for line in lines if line.findings]
    if letters:
        facts.append(("同时公开的投标邀请书", f"{letters} 份"))
    listed = [(roster.DATASET, line.body) for line in lines if not line.findings]
    return gate.Passage(
        title=body["NOTICE_NAME"],
        records=((reports.DATASET, body), *listed),
        facts=tuple(facts),
    )


gate.provide(recording.OPEN, see_opening, recording.make_known)
gate.provide(recording.PUBLISH, see_record, recording.publish)
