"""Who may register what where, and which lots may be added."""

from decimal import Decimal

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal

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
NO_ESTIMATE = Reason(
    code="projects.no_estimate",
    message="标段合同估算价必须大于零。",
    remedy="请填写以元为单位的估算价，例如 13500000.00。",
)


def require_within_reach(*, region_code: str, reach: str) -> None:
    """Refuse a place outside the person's region. Raises ``Refusal`` (OUT_OF_REACH)."""
    if not region_code.startswith(reach):
        raise Refusal(OUT_OF_REACH, region=region_code, reach=reach)


def require_party(*, organisation_code: str, tenderer_code: str, agency_code: str) -> None:
    """Refuse a tender of two other organisations. Raises ``Refusal`` (NOT_A_PARTY)."""
    if organisation_code not in {tenderer_code, agency_code}:
        raise Refusal(NOT_A_PARTY, organisation=organisation_code)


def require_estimate(estimate: Decimal) -> None:
    """Refuse a lot worth nothing. Raises ``Refusal`` (NO_ESTIMATE)."""
    if estimate <= 0:
        raise Refusal(NO_ESTIMATE, estimate=estimate)
