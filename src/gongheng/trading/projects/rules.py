"""Who may register what where, which papers an intake takes, and when a lot may be dropped."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.projects.catalogue import Listing
from gongheng.trading.projects.kinds import (
    Approval,
    FilingFacts,
    Ground,
    Recogniser,
    Recognition,
)

DIGEST_LENGTH = 64
"""Hex digits of an SM3 digest."""

OUT_OF_REACH = Reason(
    code="projects.out_of_reach",
    message="项目所在地不在您的办理范围内。",
    remedy="请选择您账号所属区域内的行政区划，或联系项目所在地的平台办理。",
)
NOT_A_PARTY = Reason(
    code="projects.not_a_party",
    message="您所在的单位既不是该项目的招标人，也不是其招标代理机构。",
    law=Law("招标投标法", "第十二条"),
    remedy="请把招标人或代理机构的统一社会信用代码填写为本单位的代码，或由相应单位的经办人登记。",
)
NOT_ENGAGED = Reason(
    code="projects.not_engaged",
    message="招标代理机构与招标人之间没有当日有效、双方确认并包括项目登记和计划的委托协议，不能代为办理。",
    law=Law("招标投标法", "第十五条"),
    remedy="请在“委托协议”中登记协议并由对方确认；协议已到期的，请登记新的协议。",
)
NO_ESTIMATE = Reason(
    code="projects.no_estimate",
    message="标段合同估算价必须大于零。",
    remedy="请填写以元为单位的估算价，例如 13500000.00。",
)
NOT_IN_CATALOGUE = Reason(
    code="projects.not_in_catalogue",
    message="交易目录中没有与该交易分类和标段分类代码对应的项目。",
    law=Law("公共资源交易平台管理暂行办法", "第八条"),
    remedy="请核对标段分类代码首位：A工程、B货物、C服务；确属目录以外的，请联系交易中心。",
)
EXCEPTION_UNFOUNDED = Reason(
    code="projects.exception_unfounded",
    message="估算价已达到必须招标的标准，但登记为非依法必须招标项目，缺少例外的理由、批准单位或批准文号。",
    law=Law("必须招标的工程项目规定", "第五条", rule="W-01"),
    remedy="请填写例外理由、批准单位和批准文号；没有批准的，请按依法必须招标项目重新登记。",
)
NO_APPROVAL = Reason(
    code="projects.no_approval",
    message="项目审批资料不全。",
    law=Law("招标投标法", "第九条"),
    remedy="请填写审批文件名称、文号、审批单位和批准日期，并上传审批文件。",
)
APPROVAL_LATER = Reason(
    code="projects.approval_later",
    message="批准日期晚于今天。",
    law=Law("招标投标法", "第九条"),
    remedy="请核对审批文件上的日期；尚未批准的项目不能招标。",
)
NOT_FILED = Reason(
    code="projects.not_filed",
    message="项目还没有提交登记资料。",
    remedy="请先核对交易目录、填写审批资料并提交。",
)
NO_CORRECTIONS = Reason(
    code="projects.no_corrections",
    message="退回时没有写明需要补正的内容。",
    law=Law("优化营商环境条例", "第三十七条", rule="U-01"),
    remedy="请一次性写明全部需要补正的内容，每行一项。",
)
RETURNED_ONCE = Reason(
    code="projects.returned_once",
    message="该项目已经一次性告知补正，不能再提出新的补正要求。",
    law=Law("优化营商环境条例", "第三十七条", rule="U-01"),
    remedy="请受理；上次告知的内容仍未补正的，只能逐字列出上次告知而未补正的各项。",
)
NO_GROUND = Reason(
    code="projects.no_ground",
    message="依法必须招标的项目采用邀请招标，缺少法定情形的认定。",
    law=Law("招标投标法实施条例", "第八条", rule="W-01"),
    remedy="请选择法定情形，并填写认定部门、认定文号和日期；没有认定的，请按公开招标重新登记。",
)
OTHERS_RECOGNISE = Reason(
    code="projects.others_recognise",
    message="该情形应当由项目审批、核准部门在审批、核准时认定，不能由行政监督部门认定。",
    law=Law("招标投标法实施条例", "第七条、第八条", rule="W-01"),
    remedy="请填写项目审批、核准部门的认定文号；没有的，请按公开招标重新登记。",
)
PLAN_PAST = Reason(
    code="projects.plan_past",
    message="计划发布招标公告的日期不能早于今天。",
    law=Law("关于创新完善体制机制推动招标投标市场规范健康发展的意见", rule="B-01"),
    remedy="请填写今天或以后的日期；一般应比招标计划发布日晚三十日以上。",
)
PLAN_EMPTY = Reason(
    code="projects.plan_empty",
    message="招标计划没有写明招标内容。",
    remedy="请写明拟招标的内容和规模。",
)
STALE_PLAN = Reason(
    code="projects.stale_plan",
    message="招标计划在提交复核后又被修改，或已经发布。",
    remedy="请按现在的内容重新提交。",
)
NO_REASON = Reason(
    code="projects.no_reason",
    message="没有写明理由。",
    remedy="请写明理由，理由随项目保存。",
)
DROPPING_NOT_APPROVED = Reason(
    code="projects.dropping_not_approved",
    message="不再招标的决定缺少审批、核准部门的批准。",
    law=Law("工程建设项目施工招标投标办法", "第三十八条", rule="W-37"),
    remedy="请填写批准文件的名称、文号、批准单位和批准日期；没有批准的，请重新招标。",
)
NOTHING_WAITS = Reason(
    code="projects.nothing_waits",
    message="本招标项目没有等待办理本步骤的标段。",
    remedy="请刷新项目页面，查看各标段所在的环节。",
)


def require_within_reach(*, region_code: str, reach: str) -> None:
    """Refuse a place outside the person's region. Raises ``Refusal`` (OUT_OF_REACH)."""
    if not region_code.startswith(reach):
        raise Refusal(OUT_OF_REACH, region=region_code, reach=reach)


def require_party(*, organisation_code: str, tenderer_code: str, agency_code: str) -> None:
    """Refuse a tender of two other organisations. Raises ``Refusal`` (NOT_A_PARTY)."""
    if organisation_code not in {tenderer_code, agency_code}:
        raise Refusal(NOT_A_PARTY, organisation=organisation_code)


def require_engaged(*, is_engaged: bool) -> None:
    """Refuse an agency that no agreement of the tenderer engages that day. Raises ``Refusal``."""
    if not is_engaged:
        raise Refusal(NOT_ENGAGED)


def require_estimate(estimate: Decimal) -> None:
    """Refuse a lot worth nothing. Raises ``Refusal`` (NO_ESTIMATE)."""
    if estimate <= 0:
        raise Refusal(NO_ESTIMATE, estimate=estimate)


def require_catalogue(listing: Listing | None, *, is_statutory: bool, facts: FilingFacts) -> None:
    """Refuse what the catalogue does not know, and an exception without reason and approver.

    An exception is a tender that reaches the sum but is not stated as one that the law demands.
    Raises ``Refusal`` (NOT_IN_CATALOGUE, EXCEPTION_UNFOUNDED).
    """
    if listing is None:
        raise Refusal(NOT_IN_CATALOGUE)
    grounds = (facts.exception_reason, facts.exception_approver, facts.exception_document)
    if is_exception(listing, is_statutory=is_statutory) and not all(map(str.strip, grounds)):
        raise Refusal(EXCEPTION_UNFOUNDED, threshold=listing.threshold, total=listing.total)


def is_exception(listing: Listing, *, is_statutory: bool) -> bool:
    """Tell whether a tender that must be held by law is stated as one that need not."""
    return listing.is_listed and not is_statutory


def require_approval(approval: Approval, *, digest: str, today: date) -> None:
    """Refuse an approval that is not whole or not yet given. Raises ``Refusal``."""
    said = (approval.name, approval.number, approval.authority)
    if not all(map(str.strip, said)) or approval.on is None or len(digest) != DIGEST_LENGTH:
        raise Refusal(NO_APPROVAL)
    if approval.on > today:
        raise Refusal(APPROVAL_LATER, on=approval.on)


def require_recognised(recognition: Recognition | None, *, today: date) -> None:
    """Refuse an invitation whose ground nobody found, or not who has to (W-01).

    The sparing of costs may also be found by the supervisor, for projects that need no approval.
    Raises ``Refusal`` (NO_GROUND, OTHERS_RECOGNISE, APPROVAL_LATER).
    """
    if recognition is None or not recognition.number.strip() or recognition.on is None:
        raise Refusal(NO_GROUND)
    if recognition.ground is Ground.FEW_ABLE and recognition.by is not Recogniser.APPROVER:
        raise Refusal(OTHERS_RECOGNISE)
    if recognition.on > today:
        raise Refusal(APPROVAL_LATER, on=recognition.on)


def require_corrections(corrections: Sequence[str], *, earlier: Sequence[str] | None) -> None:
    """Refuse a return that says nothing, or that asks for more than the first one did (U-01).

    ``earlier`` are the corrections that were asked for before, nothing for the first return. Raises
    ``Refusal`` (NO_CORRECTIONS, RETURNED_ONCE).
    """
    if not corrections:
        raise Refusal(NO_CORRECTIONS)
    if earlier is not None and not set(corrections) <= set(earlier):
        raise Refusal(RETURNED_ONCE, earlier=tuple(earlier))


def require_plan(*, planned_on: date, scope: str, today: date) -> None:
    """Refuse a plan for a day that is over, or of nothing. Raises ``Refusal``."""
    if planned_on < today:
        raise Refusal(PLAN_PAST, planned_on=planned_on)
    if not scope.strip():
        raise Refusal(PLAN_EMPTY)


def require_reason(reason: str) -> None:
    """Refuse a decision without its reason. Raises ``Refusal`` (NO_REASON)."""
    if not reason.strip():
        raise Refusal(NO_REASON)


def require_dropping_approved(approval: Approval | None, *, today: date) -> None:
    """Refuse to drop a lot without approval (W-37). Raises ``Refusal`` (DROPPING_NOT_APPROVED)."""
    if approval is None:
        raise Refusal(DROPPING_NOT_APPROVED)
    said = (approval.name, approval.number, approval.authority)
    if not all(map(str.strip, said)) or approval.on is None or approval.on > today:
        raise Refusal(DROPPING_NOT_APPROVED)
