"""What a subject is, how far its registration has come, and what an application asks for."""

from dataclasses import dataclass

from gongheng.kernel.labels import Labelled

ORGANISATION_DATASET = "LEGAL_PERSON_BASE"
PERSON_DATASET = "INDIVIDUAL_BASE"


class SubjectKind(Labelled):
    """The four types of registration (002-6.3.1)."""

    LEGAL_PERSON = "legal_person", "企业法人"
    PUBLIC_BODY = "public_body", "机关和事业单位"
    NATURAL_PERSON = "natural_person", "自然人"
    OTHER = "other", "其他组织"

    @property
    def dataset(self) -> str:
        """Return the dataset of the standard whose row describes such a subject."""
        is_person = self is SubjectKind.NATURAL_PERSON
        return PERSON_DATASET if is_person else ORGANISATION_DATASET


class SubjectState(Labelled):
    """How far a subject has come; only a verified one takes part in trades."""

    SUBMITTED = "submitted", "核验中"
    REJECTED = "rejected", "未通过核验"
    VERIFIED = "verified", "已核验"
    SUSPENDED = "suspended", "已暂停"
    DEREGISTERED = "deregistered", "已注销"


class SubjectRole(Labelled):
    """What a subject does in trades, as the standard's list SUBJECT_ROLE has it."""

    TENDERER = "01", "招标人"
    AGENCY = "02", "招标代理机构"
    BIDDER = "03", "投标人"


class Purpose(Labelled):
    """What an application asks for."""

    REGISTER = "register", "主体登记"
    CHANGE = "change", "信息变更"
    JOIN = "join", "已登记主体开通账号"
    DEREGISTER = "deregister", "注销登记"


class ApplicationState(Labelled):
    """What has become of an application."""

    SUBMITTED = "submitted", "待核验"
    RETURNED = "returned", "退回补正"
    APPROVED = "approved", "已通过"
    REJECTED = "rejected", "未通过"


class Weight(Labelled):
    """How much a finding of the verification says."""

    AGREES = "agrees", "一致"
    NOTE = "note", "提示"
    DOUBT = "doubt", "存疑"


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing that the applicant has to put right: the field of the standard, and what to do."""

    field: str
    words: str


class Commission(Labelled):
    """What a tenderer lets its agency do (招标投标法 article 15: only that)."""

    PREPARATION = "preparation", "登记项目、提交审批材料、发布招标计划"
    DOCUMENTS = "documents", "编制招标文件，发布招标公告，澄清和修改"
    OPENING = "opening", "组织开标，公布开标记录"
    EVALUATION = "evaluation", "组建评标委员会，接收评标报告"
    AWARD = "award", "公示候选人，办理定标、通知书和结果公告，公告招标失败或终止"
    CONTRACT = "contract", "办理合同订立与公开，退还投标保证金"
    ANSWERS = "answers", "答复异议"
