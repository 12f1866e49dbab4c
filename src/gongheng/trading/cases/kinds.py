"""The words of a declared procedure, with their Chinese labels. Plain Python, no tables."""

from enum import IntEnum, StrEnum


class Regime(StrEnum):
    """Which body of law a procedure obeys; the legal duties are listed for each."""

    TENDERING = "tendering"

    @property
    def label(self) -> str:
        """Return the name of the law."""
        return {Regime.TENDERING: "招标投标法"}[self]


class Deed(StrEnum):
    """What a step is in law, whatever a procedure calls it."""

    INTAKE = "intake"
    PLAN = "plan"
    DOCUMENTS = "documents"
    INVITE = "invite"
    CHANGE = "change"
    BID = "bid"
    DEADLINE = "deadline"
    COMMITTEE = "committee"
    OPEN = "open"
    OPENING_RECORD = "opening_record"
    EVALUATE = "evaluate"
    REPORT = "report"
    CANDIDATES = "candidates"
    AWARD = "award"
    RESULT = "result"
    SUPERVISOR_REPORT = "supervisor_report"
    CONTRACT = "contract"
    CONTRACT_PUBLICATION = "contract_publication"
    REFUND = "refund"
    KEEP_DEPOSIT = "keep_deposit"
    OBJECT_DOCUMENTS = "object_documents"
    OBJECT_OPENING = "object_opening"
    OBJECT_RESULT = "object_result"
    ANSWER = "answer"
    SUSPEND = "suspend"
    RESUME = "resume"
    FAIL = "fail"
    TERMINATE = "terminate"
    DECIDE = "decide"
    ARCHIVE = "archive"


class TenderMode(StrEnum):
    """Who may bid: everybody, or whom the tenderer invites; codes of the list TENDER_MODE."""

    OPEN = "1"
    INVITED = "2"

    @property
    def label(self) -> str:
        """Return the mode in Chinese."""
        return {TenderMode.OPEN: "公开招标", TenderMode.INVITED: "邀请招标"}[self]


class EndingKind(StrEnum):
    """How a case is over."""

    CONCLUDED = "concluded"
    FAILED = "failed"
    TERMINATED = "terminated"
    ABANDONED = "abandoned"


class Phase(IntEnum):
    """The phases of the visibility matrix; they hold while a step is awaited."""

    BIDDING = 1
    OPENING = 2
    EVALUATION = 3
    PUBLICITY = 4
    AWARDED = 5

    @property
    def label(self) -> str:
        """Return the phase in Chinese."""
        return _PHASES[self]


_PHASES = {
    Phase.BIDDING: "投标截止前",
    Phase.OPENING: "截止至开标结束",
    Phase.EVALUATION: "评标",
    Phase.PUBLICITY: "中标候选人公示",
    Phase.AWARDED: "定标后",
}


class Sight(StrEnum):
    """How much of an item of information a party sees."""

    NOTHING = "nothing"
    NUMBER = "number"
    SUMMARY = "summary"
    FULL = "full"


class Role(StrEnum):
    """Who may act in a step; the values are those that an actor carries."""

    CLERK = "clerk"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    BIDDER = "bidder"
    EXPERT = "expert"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """Return the role in Chinese."""
        return _ROLES[self]


_ROLES = {
    Role.CLERK: "招标人或代理机构经办",
    Role.OFFICER: "交易中心",
    Role.SUPERVISOR: "行业监管部门",
    Role.BIDDER: "投标人",
    Role.EXPERT: "评标专家",
    Role.SYSTEM: "系统到时自动办理",
}


class Party(StrEnum):
    """Who looks at information, the columns of the visibility matrix."""

    TENDERER = "tenderer"
    BIDDER_OWN = "bidder_own"
    BIDDER_OTHER = "bidder_other"
    EXPERT = "expert"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    PUBLIC = "public"


class Information(StrEnum):
    """What is looked at, the rows of the visibility matrix."""

    DOCUMENT_HOLDERS = "document_holders"
    BID_CONTENT = "bid_content"
    BID_PRICES = "bid_prices"
    RESERVE_PRICE = "reserve_price"
    EXPERT_NAMES = "expert_names"
    MEMBER_SCORES = "member_scores"
    COMPLAINT_FILE = "complaint_file"


class Verdict(StrEnum):
    """What becomes of a matter that a second person reviewed."""

    PUBLISH = "publish"
    RETURN = "return"

    @property
    def label(self) -> str:
        """Return the verdict in Chinese."""
        return {Verdict.PUBLISH: "同意公开、执行", Verdict.RETURN: "退回修改"}[self]
