"""What the law asks of a step, whatever a declaration says of it: the measure of the model check."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gongheng.trading.cases.declaration import LETTER, TermName
from gongheng.trading.cases.kinds import Deed, Information, Party, Phase, Regime

BULLETINS: Mapping[str, str] = {
    "B-01": "招标计划",
    "B-02": "资格预审公告",
    "B-03": "招标公告",
    LETTER: "投标邀请书",
    "B-04": "澄清与修改",
    "B-05": "开标记录",
    "B-06": "中标候选人公示",
    "B-07": "中标结果公告",
    "B-08": "终止、暂停、流标公告",
    "B-09": "合同订立信息",
    "B-10": "履约信息",
}


@dataclass(frozen=True, slots=True)
class Duty:
    """What a deed must carry: one of the notices, each of the terms, a second person (U-07)."""

    notices: frozenset[str] = frozenset()
    terms: tuple[TermName, ...] = ()
    second: bool = False
    once_needed: tuple[Deed, ...] = ()


def _duty(
    *notices: str,
    terms: tuple[TermName, ...] = (),
    second: bool = True,
    after: tuple[Deed, ...] = (),
) -> Duty:
    return Duty(frozenset(notices), terms, second, after)


def _term(rule: str, key: str = "") -> TermName:
    return TermName(rule=rule, key=key)


_TENDERING: Mapping[Deed, Duty] = {
    Deed.PLAN: _duty("B-01"),
    Deed.INVITE: _duty("B-03", LETTER, terms=(_term("W-03"), _term("W-06"), _term("W-18"))),
    Deed.CHANGE: _duty("B-04", terms=(_term("W-07"),)),
    Deed.DEADLINE: _duty(terms=(_term("W-19"),), second=False),
    Deed.OPEN: _duty(terms=(_term("Q-08"),)),
    Deed.OPENING_RECORD: _duty("B-05"),
    Deed.EVALUATE: _duty(second=False, after=(Deed.COMMITTEE,)),
    Deed.CANDIDATES: _duty("B-06", terms=(_term("W-28", "start"),)),
    Deed.AWARD: _duty(terms=(_term("W-28"),)),
    Deed.RESULT: _duty("B-07"),
    Deed.SUPERVISOR_REPORT: _duty(terms=(_term("W-32"),), second=False),
    Deed.CONTRACT: _duty(terms=(_term("W-33"),), second=False),
    Deed.CONTRACT_PUBLICATION: _duty("B-09", terms=(_term("B-09"),)),
    Deed.OBJECT_DOCUMENTS: _duty(terms=(_term("W-09"),), second=False),
    Deed.ANSWER: _duty(terms=(_term("W-10"),), second=False),
    Deed.KEEP_DEPOSIT: _duty(),
    Deed.SUSPEND: _duty("B-08"),
    Deed.FAIL: _duty("B-08"),
    Deed.TERMINATE: _duty("B-08"),
    Deed.ARCHIVE: _duty(second=False, after=(Deed.SUPERVISOR_REPORT, Deed.REFUND)),
}


LEAST_INVITED = _term("W-02")
INVITED = "invitations.invited"
"""The guard that lets in whom the letter names; without it anybody could answer the letter."""
OF_BIDDING = frozenset({Deed.BID, Deed.OBJECT_DOCUMENTS})
"""What bidders do before the opening: of an invitation nobody else may even know (W-02, A-01)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """All that a body of law asks of a procedure.

    ``deeds`` are those without which it is no lawful procedure; in them parties and platform say
    things to each other, which goes through the platform as data messages (E-13).
    """

    duties: Mapping[Deed, Duty]
    deeds: frozenset[Deed]
    causes: frozenset[str]
    failure_notice: str
    earliest: Mapping[tuple[Information, Party], Phase] = field(default_factory=dict)

    def duty(self, deed: Deed) -> Duty:
        """Return what a deed must carry; most carry nothing."""
        return self.duties.get(deed, Duty())


_SECRET_UNTIL: Mapping[tuple[Information, Party], Phase] = {
    # ... A-06: nobody looks earlier, whatever a procedure declares.
    (Information.DOCUMENT_HOLDERS, Party.TENDERER): Phase.OPENING,
    (Information.DOCUMENT_HOLDERS, Party.SUPERVISOR): Phase.OPENING,
    (Information.BID_CONTENT, Party.TENDERER): Phase.OPENING,
    (Information.BID_CONTENT, Party.EXPERT): Phase.EVALUATION,
    (Information.BID_CONTENT, Party.SUPERVISOR): Phase.EVALUATION,
    (Information.BID_CONTENT, Party.PUBLIC): Phase.AWARDED,
    (Information.BID_CONTENT, Party.BIDDER_OTHER): Phase.AWARDED,
    (Information.BID_PRICES, Party.TENDERER): Phase.OPENING,
    (Information.BID_PRICES, Party.BIDDER_OTHER): Phase.OPENING,
    (Information.BID_PRICES, Party.SUPERVISOR): Phase.OPENING,
    (Information.BID_PRICES, Party.PUBLIC): Phase.OPENING,
    (Information.RESERVE_PRICE, Party.PUBLIC): Phase.OPENING,
    (Information.EXPERT_NAMES, Party.TENDERER): Phase.AWARDED,
    (Information.EXPERT_NAMES, Party.BIDDER_OWN): Phase.AWARDED,
    (Information.MEMBER_SCORES, Party.BIDDER_OWN): Phase.AWARDED,
    (Information.MEMBER_SCORES, Party.TENDERER): Phase.PUBLICITY,
    (Information.MEMBER_SCORES, Party.SUPERVISOR): Phase.EVALUATION,
}

LAWS: Mapping[Regime, Law] = {
    Regime.TENDERING: Law(
        duties=_TENDERING,
        deeds=frozenset(
            {
                Deed.INVITE,
                Deed.CHANGE,
                Deed.DEADLINE,
                Deed.COMMITTEE,
                Deed.OPEN,
                Deed.OPENING_RECORD,
                Deed.EVALUATE,
                Deed.REPORT,
                Deed.CANDIDATES,
                Deed.AWARD,
                Deed.RESULT,
                Deed.SUPERVISOR_REPORT,
                Deed.CONTRACT,
                Deed.CONTRACT_PUBLICATION,
                Deed.REFUND,
                Deed.OBJECT_DOCUMENTS,
                Deed.OBJECT_OPENING,
                Deed.OBJECT_RESULT,
                Deed.ANSWER,
                Deed.FAIL,
                Deed.TERMINATE,
            }
        ),
        causes=frozenset({"Q-01", "Q-02", "Q-03", "Q-04", "Q-05", "Q-06", "Q-07", "Q-08"}),
        failure_notice="B-08",
        earliest=_SECRET_UNTIL,
    )
}
NEVER_VISIBLE: frozenset[tuple[Information, Party]] = frozenset(
    {
        # Others' scores and files, and the members' own marks, have no audience at all.
        (Information.BID_CONTENT, Party.OPERATOR),
        (Information.RESERVE_PRICE, Party.OPERATOR),
        (Information.EXPERT_NAMES, Party.OPERATOR),
        (Information.MEMBER_SCORES, Party.OPERATOR),
        (Information.MEMBER_SCORES, Party.BIDDER_OTHER),
        (Information.MEMBER_SCORES, Party.PUBLIC),
        (Information.DOCUMENT_HOLDERS, Party.PUBLIC),
        (Information.DOCUMENT_HOLDERS, Party.BIDDER_OTHER),
        (Information.COMPLAINT_FILE, Party.PUBLIC),
        (Information.COMPLAINT_FILE, Party.BIDDER_OTHER),
    }
)
