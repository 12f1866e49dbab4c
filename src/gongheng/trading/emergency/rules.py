"""Who may approve an early look, how long it lasts, and what makes it void (A-13)."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trading.emergency.kinds import State

LONGEST = timedelta(hours=72)
DECIDED_WITHIN = timedelta(days=3)
"""A request that nobody decided by then is void: its ground may be gone."""

NOT_SECRET = Reason(
    code="emergency.not_secret",
    message="这一事项您现在不经应急查阅即可查看，或本项目没有这一事项。",
    remedy="请在项目页面查看；如确需查阅其他事项，请重新选择。",
)
NO_PAPER = Reason(
    code="emergency.no_paper",
    message="没有填写文号、理由，或没有上传决定、调取文书。",
    remedy="应急查阅须有文书：请填写文号和理由，并上传文书的扫描件。",
)
ASKED_ALREADY = Reason(
    code="emergency.asked_already",
    message="同一事项已有一份申请待批准，或仍在有效期内。",
    remedy="请先办理这份申请。",
)
SAME_PERSON = Reason(
    code="emergency.same_person",
    message="申请人不能批准自己的申请。",
    remedy="应急查阅须由两名监管人员分别申请和批准，请由另一名监管人员办理。",
)
NOT_WAITING = Reason(
    code="emergency.not_waiting",
    message="这份申请已经办理，或提出后三日内没有办理，已经失效。",
    remedy="请刷新页面查看结果；仍需查阅的，请重新申请。",
)
NO_ANSWER = Reason(
    code="emergency.no_answer",
    message="不批准的，应当写明理由。",
    remedy="请填写理由后再提交。",
)
NO_AUDITOR = Reason(
    code="emergency.no_auditor",
    message="本区域没有在任的安全审计员，批准和查阅无人可以通知。",
    remedy="请先由安全管理员授予安全审计员角色；没有审计员的，不能进行应急查阅。",
)
NOT_APPROVED = Reason(
    code="emergency.not_approved",
    message="这份申请没有批准，或已超过批准的期限。",
    remedy="仍需查阅的，请重新申请并由另一名监管人员批准。",
)
NOT_YOURS = Reason(
    code="emergency.not_yours",
    message="只有这份申请的申请人和批准人可以查阅。",
    remedy="您确需查阅的，请另行申请。",
)
NOT_PROVEN = Reason(
    code="emergency.not_proven",
    message="这份批准与存证日志或所存文书不一致，不能据此查阅。",
    remedy="请立即通知安全审计员核查；需要查阅的，请重新申请。",
)


def require_paper(*, document: str, reason: str, has_paper: bool) -> None:
    """Refuse a request without number, story and paper. Raises ``Refusal`` (NO_PAPER)."""
    if not document.strip() or not reason.strip() or not has_paper:
        raise Refusal(NO_PAPER)


def require_hours(hours: int) -> None:
    """Refuse a term that is none, or beyond the longest. Raises ``ValueError``."""
    if not timedelta() < timedelta(hours=hours) <= LONGEST:
        msg = f"{hours} hours is no term of an early look"
        raise ValueError(msg)


def require_decidable(
    *, state: str, asked_at: datetime, is_same_person: bool, now: datetime
) -> None:
    """Refuse a second word that comes late, or from the first person.

    Raises ``Refusal`` (NOT_WAITING, SAME_PERSON).
    """
    if state != State.WAITING or now >= asked_at + DECIDED_WITHIN:
        raise Refusal(NOT_WAITING)
    if is_same_person:
        raise Refusal(SAME_PERSON)


def require_in_force(
    *,
    state: str,
    ends_at: datetime | None,
    people: Collection[UUID | None],
    by: UUID,
    now: datetime,
) -> None:
    """Refuse a look without approval, after its end, or by a third person.

    Raises ``Refusal`` (NOT_APPROVED, NOT_YOURS).
    """
    if state != State.APPROVED or ends_at is None or now >= ends_at:
        raise Refusal(NOT_APPROVED)
    if by not in people:
        raise Refusal(NOT_YOURS)
