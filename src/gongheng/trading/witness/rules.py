"""Who may witness, when, and what an entry must say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms.sources import HOUSE_RULES
from gongheng.trading.witness.kinds import EntryKind, Sitting

U_04 = Law(HOUSE_RULES, rule="U-04")
NOT_A_WITNESS = Reason(
    code="witness.not_a_witness",
    message="见证由项目所在地交易中心的见证人员办理。",
    law=U_04,
    remedy="请由有见证角色的人员办理。",
)
PARTY = Reason(
    code="witness.party",
    message="您是本项目招标人、代理机构或投标人的人员，不能担任本项目的见证人员。",
    law=U_04,
    remedy="请由交易中心的其他见证人员见证。",
)
MEMBER = Reason(
    code="witness.member",
    message="您参加过本项目的评标委员会，不能担任本项目的见证人员。",
    law=U_04,
    remedy="请由交易中心的其他见证人员见证。",
)
ACTED = Reason(
    code="witness.acted",
    message="您办理过本项目的环节，不能担任本项目的见证人员。",
    law=U_04,
    remedy="请由没有办理过本项目的见证人员见证。",
)
NOT_NOW = Reason(
    code="witness.not_now",
    message="现在没有可以见证的开标或评标。",
    law=U_04,
    remedy="开标前两小时起可以开始开标见证；进入评标环节后可以开始评标见证。",
)
CLOSED = Reason(
    code="witness.closed",
    message="见证记录已经办结，不能再补充。",
    law=U_04,
    remedy="办结后发现的问题，请以书面方式报交易中心和监督部门。",
)
NOT_HERE = Reason(
    code="witness.not_here",
    message="您没有在本记录中登记到场。",
    law=U_04,
    remedy="接班的见证人员请先在见证列表中登记到场。",
)
INCOMPLETE = Reason(
    code="witness.incomplete",
    message="这一条缺少必要的内容。",
    law=U_04,
    remedy="签到、签退和门禁写明姓名和身份；事项、异常和更正写明经过；音视频写明文件名、起止时间和 SM3 摘要。",
)
FUTURE = Reason(
    code="witness.future",
    message="所填的时间晚于现在，或者结束早于开始。",
    law=U_04,
    remedy="请核对时间；见证只记录已经发生的事。",
)
STILL_IN = Reason(
    code="witness.still_in",
    message="还有人员签到以后没有签退。",
    law=U_04,
    remedy="请先登记这些人员的签退，再办结见证记录。",
)
DIGEST_LETTERS = 64
BEFORE = timedelta(hours=2)
"""So long before the opening people come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What ties a person to a case."""

    organisation: str
    parties: frozenset[str]
    sits: bool
    acted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a witness says of one thing that was seen; ``corrects`` is the number of another entry."""

    kind: EntryKind
    happened_at: datetime
    until: datetime | None = None
    person_name: str = ""
    person_role: str = ""
    words: str = ""
    file_name: str = ""
    file_digest: str = ""
    corrects: int | None = None


def require_independent(ties: Ties) -> None:
    """Refuse whoever has a part in the case. Raises ``Refusal`` (PARTY, MEMBER, ACTED)."""
    if ties.organisation and ties.organisation in ties.parties:
        raise Refusal(PARTY)
    if ties.sits:
        raise Refusal(MEMBER)
    if ties.acted:
        raise Refusal(ACTED)


def require_time(
    sitting: Sitting,
    *,
    opening_at: datetime | None,
    is_opening: bool,
    is_evaluating: bool,
    now: datetime,
) -> None:
    """Refuse a record of what is not happening. Raises ``Refusal`` (NOT_NOW)."""
    if sitting is Sitting.OPENING:
        is_near = opening_at is not None and now >= opening_at - BEFORE
        if is_opening and is_near:
            return
    elif is_evaluating:
        return
    raise Refusal(NOT_NOW, sitting=sitting)


def require_complete(seen: Seen, *, now: datetime) -> None:
    """Refuse an entry that does not say what it must. Raises ``Refusal`` (INCOMPLETE, FUTURE)."""
    kind = seen.kind
    if kind.is_of_person:
        is_whole = bool(seen.person_name.strip() and seen.person_role.strip())
    elif kind is EntryKind.VIDEO:
        is_whole = bool(seen.file_name.strip() and seen.until and _is_digest(seen.file_digest))
    else:
        is_whole = bool(seen.words.strip())
    if not is_whole or (kind is EntryKind.CORRECTION) is not (seen.corrects is not None):
        raise Refusal(INCOMPLETE, kind=kind)
    if seen.happened_at > now or (seen.until and not seen.happened_at <= seen.until <= now):
        raise Refusal(FUTURE, now=now)


def _is_digest(text: str) -> bool:
    return len(text) == DIGEST_LETTERS and set(text) <= set("0123456789abcdef")


def still_in(movements: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return who came and did not leave; ``movements`` are (kind, name, role) in their order."""
    inside: dict[tuple[str, str], None] = {}
    for kind, name, role in movements:
        if kind == EntryKind.ARRIVAL:
            inside[name, role] = None
        elif kind == EntryKind.DEPARTURE:
            inside.pop((name, role), None)
    return [name for name, _ in inside]


def require_all_left(movements: Iterable[tuple[str, str, str]]) -> None:
    """Refuse to close while somebody is in the room. Raises ``Refusal`` (STILL_IN)."""
    if inside := still_in(movements):
        raise Refusal(STILL_IN, inside=len(inside))
