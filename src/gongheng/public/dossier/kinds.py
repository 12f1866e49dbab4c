"""The stages that a case goes through, in the order in which its page shows them."""

from collections.abc import Mapping
from enum import StrEnum

from gongheng.data.standard import history, registry


class Stage(StrEnum):
    """A stage of a case; objections and exceptions stand last, whenever they happened."""

    PLAN = "plan"
    REGISTRATION = "registration"
    PREQUALIFICATION = "prequalification"
    NOTICE = "notice"
    CHANGE = "change"
    OPENING = "opening"
    CANDIDATES = "candidates"
    AWARD = "award"
    CONTRACT = "contract"
    PERFORMANCE = "performance"
    DISPUTE = "dispute"
    EXCEPTION = "exception"
    OTHER = "other"

    @property
    def label(self) -> str:
        """Return the stage in Chinese."""
        return _LABELS[self]


_LABELS = {
    Stage.PLAN: "计划",
    Stage.REGISTRATION: "项目登记",
    Stage.PREQUALIFICATION: "资格预审",
    Stage.NOTICE: "公告",
    Stage.CHANGE: "澄清与变更",
    Stage.OPENING: "开标",
    Stage.CANDIDATES: "评标与候选人",
    Stage.AWARD: "中标（成交）结果",
    Stage.CONTRACT: "合同",
    Stage.PERFORMANCE: "履约",
    Stage.DISPUTE: "异议与投诉",
    Stage.EXCEPTION: "异常情况",
    Stage.OTHER: "其他文件",
}
_OF_HISTORY = {
    "tender_plan": Stage.PLAN,
    "tender_notice": Stage.NOTICE,
    "listing_notice": Stage.NOTICE,
    "mining_listing": Stage.NOTICE,
    "mining_transfer": Stage.NOTICE,
    "clarification": Stage.CHANGE,
    "correction": Stage.CHANGE,
    "opening_record": Stage.OPENING,
    "candidate_publicity": Stage.CANDIDATES,
    "award": Stage.AWARD,
    "deal_result": Stage.AWARD,
    "land_deal": Stage.AWARD,
    "contract": Stage.CONTRACT,
}
_OF_STANDARD = {
    "registration": Stage.REGISTRATION,
    "prequalification": Stage.PREQUALIFICATION,
    "notice": Stage.NOTICE,
    "registration_notice": Stage.NOTICE,
    "tender_document": Stage.CHANGE,
    "clarification": Stage.CHANGE,
    "bidding": Stage.OPENING,
    "opening": Stage.OPENING,
    "evaluation": Stage.CANDIDATES,
    "publicity": Stage.CANDIDATES,
    "award": Stage.AWARD,
    "contract": Stage.CONTRACT,
    "performance": Stage.PERFORMANCE,
    "objection": Stage.DISPUTE,
    "complaint": Stage.DISPUTE,
    "exception": Stage.EXCEPTION,
}
_CHANGES = frozenset({"变更公告", "更正公告"})


def stage_of(dataset: str, kind: str, body: Mapping[str, str]) -> Stage:
    """Return the stage that a record belongs to; ``kind`` is the word of its badge."""
    if history.is_history(body):
        return _OF_HISTORY.get(body.get(history.KIND, ""), Stage.OTHER)
    if kind in _CHANGES:
        return Stage.CHANGE
    return _OF_STANDARD.get(registry.dataset(dataset).stage, Stage.OTHER)
