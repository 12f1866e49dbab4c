"""How often a password may be tried, and what makes an address safe to return to."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from gongheng.kernel.reasons import Reason, Refusal

WINDOW = timedelta(hours=1)
NAME_LIMIT = 10
"""Guesses in a window for one name from strange devices; one known device has as many again."""
ADDRESS_LIMIT = 100
"""Guesses in a window from one address, whatever the names: many people share an office's line."""

WRONG = Reason(
    code="identity.wrong_credentials",
    message="账号或密码不正确。",
    remedy="请检查大小写和输入法后重试；忘记密码请联系本单位的平台管理员。",
)
TOO_OFTEN = Reason(
    code="identity.too_many_attempts",
    message="登录尝试次数过多，本账号暂停接受新的尝试。",
    remedy="请在一小时后重试；在常用设备上登录不受他人尝试的影响。",
)
SIGN_IN_FIRST = Reason(
    code="identity.sign_in_first",
    message="这个页面需要登录后才能查看。",
    remedy="请登录后继续。",
)


def is_expired(*, since: datetime, now: datetime) -> bool:
    """Tell whether failures counted since then no longer matter."""
    return now - since >= WINDOW


def require_may_try(*, failures: int, limit: int, reason: Reason = TOO_OFTEN) -> None:
    """Refuse a further try once as many as allowed have been. Raises ``Refusal`` (``reason``)."""
    if failures >= limit:
        raise Refusal(reason, failures=failures, limit=limit)


SEPARATED = frozenset({"administrator", "security", "auditor"})
"""The three officers (三员, A-10): one opens accounts, one grants roles, one reads what was done."""
SUPERVISOR = "supervisor"
STAFF = SEPARATED | {"officer", "operator", "witness", SUPERVISOR}
"""Roles that sign in with a one-time code besides the password, except in a demonstration."""
TRADING = frozenset({"clerk", "bidder"})
"""Roles in which a body trades."""
PARTY, PERSON, SUPERVISION, OPERATION = "party", "person", "supervision", "operation"
"""Types of organisations that these rules speak of (``roles.OrganisationType``)."""
CODE_LIMIT = 10
"""Wrong one-time codes in a window for one account."""

WRONG_CODE = Reason(
    code="identity.wrong_code",
    message="验证码不正确或已经用过。",
    remedy="请等认证器显示下一个 6 位验证码后再填；手机时间须与北京时间一致。",
)
NOT_SEPARATED = Reason(
    code="identity.not_separated",
    message="系统管理员、安全管理员、安全审计员须由三个人分别担任，且不得办理业务。",
    remedy="请为这项角色另开账号，由另一个人担任；或先收回该账号现有的角色。",
)
SUPERVISOR_TRADES = Reason(
    code="identity.supervisor_trades",
    message="监管账号不得办理交易业务。",
    remedy="请为办理业务的人另开账号。",
)
OTHER_BODY = Reason(
    code="identity.other_body",
    message="这项角色属于另一类单位，不能授予该单位的人员。",
    remedy="审批管理、行政监督、建设运营单位和交易主体分工负责：请核对单位和角色；单位类型登记有误的，先收回该单位人员的全部角色，再由系统管理员重新登记。",
)
NO_BODY = Reason(
    code="identity.no_body",
    message="该账号没有所属单位，不能授予监督、管理或者运营的角色。",
    remedy="请为该人员另开填写所属单位的账号。",
)
BODY_SETTLED = Reason(
    code="identity.body_settled",
    message="该单位已登记为另一类单位，其人员有有效的角色，账号没有开立。",
    remedy="请核对单位类型；确需更改的，先收回该单位人员的全部角色。",
)
TYPES_MIXED = Reason(
    code="identity.types_mixed",
    message="监督角色只能属于行政监督单位，其他角色不能属于行政监督单位；办理交易的角色不能属于建设运营单位。",
    remedy="请按分工改正角色所属的单位类型。",
)
NOT_ONESELF = Reason(
    code="identity.not_oneself",
    message="不能给自己授予或收回角色，也不能停用自己的账号。",
    remedy="请由另一位管理员办理。",
)
OUTSIDE_AREA = Reason(
    code="identity.outside_area",
    message="该账号不在您管理的区域内。",
    remedy="请由该区域的管理员办理，或核对账号的行政区划。",
)
END_NEEDED = Reason(
    code="identity.end_needed",
    message="角色必须有到期时间，且不得超过该角色的最长任期。",
    remedy="请填写晚于现在、不超过最长任期的到期时间；到期前可以续期。",
)
ALREADY_GRANTED = Reason(
    code="identity.already_granted",
    message="该账号已有这个角色，且到期时间不早于所填时间。",
    remedy="无需再授；如要缩短任期，请先收回。",
)
NOT_OFFERED = Reason(
    code="identity.not_offered",
    message="全省统一的角色模板已停止授予这个角色。",
    remedy="请选择现行模板中的角色；确需恢复的，请向省级平台的安全管理员提出。",
)
SAME_PASSWORD = Reason(
    code="identity.same_password",
    message="新密码与现在的密码相同。",
    remedy="请换一个新密码。",
)
WRONG_OLD_PASSWORD = Reason(
    code="identity.wrong_old_password",
    message="现在的密码不正确，密码没有修改。",
    remedy="请重新填写现在的密码。",
)


def require_separated(*, held: Collection[str], role: str) -> None:
    """Refuse a role that its holder's other roles forbid (A-10). Raises ``Refusal``."""
    if not held or set(held) == {role}:
        return
    if ({role, *held}) & SEPARATED:
        raise Refusal(NOT_SEPARATED, held=tuple(sorted(held)), role=role)
    if SUPERVISOR in {role, *held}:
        raise Refusal(SUPERVISOR_TRADES, held=tuple(sorted(held)), role=role)


def require_body(*, wanted: str, body: str | None) -> None:
    """Refuse a role of another type of body than the holder's (seed 001-6, A-10).

    ``body`` is nothing for who acts for nobody, or a body of which nothing is known yet. Raises
    ``Refusal`` (OTHER_BODY, NO_BODY).
    """
    if wanted == PERSON:
        if body not in {None, PARTY}:
            raise Refusal(OTHER_BODY, wanted=wanted, body=body)
    elif body is None and wanted != PARTY:
        raise Refusal(NO_BODY, wanted=wanted)
    elif body is not None and body != wanted:
        raise Refusal(OTHER_BODY, wanted=wanted, body=body)


def require_types_apart(types: Mapping[str, str]) -> None:
    """Refuse templates by which one body could supervise and trade, or run the platform and trade.

    Raises ``Refusal`` (TYPES_MIXED).
    """
    for role, kind in types.items():
        is_supervision = role == SUPERVISOR
        if (kind == SUPERVISION) is not is_supervision:
            raise Refusal(TYPES_MIXED, role=role, type=kind)
        if role in TRADING and kind == OPERATION:
            raise Refusal(TYPES_MIXED, role=role, type=kind)


def require_offered(*, role: str, is_offered: bool) -> None:
    """Refuse a role that the templates offer no longer (seed 001-22). Raises ``Refusal``."""
    if not is_offered:
        raise Refusal(NOT_OFFERED, role=role)


def require_area(*, region_code: str, reach: str) -> None:
    """Refuse what lies outside the own area (seed 001-22). Raises ``Refusal`` (OUTSIDE_AREA)."""
    if not region_code.startswith(reach):
        raise Refusal(OUTSIDE_AREA, region=region_code)


def require_term(*, now: datetime, ends_at: datetime | None, longest: timedelta) -> None:
    """Refuse a grant without end, or for longer than its template lets. Raises ``Refusal``."""
    if ends_at is None or not now < ends_at <= now + longest:
        raise Refusal(END_NEEDED, longest_days=longest.days)
