"""Whom a tenderer may invite, until when, and whom the invitation lets in. Pure."""

from collections.abc import Collection

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal

TENDERING_LAW = "招标投标法"

NOT_BY_INVITATION = Reason(
    code="invitations.not_by_invitation",
    message="本标段公开招标，不指定投标人。",
    law=Law(TENDERING_LAW, "第十条"),
    remedy="需要邀请招标的，应在登记项目时选择，并取得法定情形的认定。",
)
LETTER_OUT = Reason(
    code="invitations.letter_out",
    message="投标邀请书已经提交复核或者发出，被邀请人不能再改。",
    law=Law(TENDERING_LAW, "第十七条", rule="W-02"),
    remedy="尚未发出的，请先撤回投标邀请书的提交，修改后重新提交。",
)
INVITED_TWICE = Reason(
    code="invitations.invited_twice",
    message="该单位已在被邀请人之中。",
    remedy="请核对统一社会信用代码。",
)
A_PARTY = Reason(
    code="invitations.a_party",
    message="招标人、本项目的招标代理机构和本平台的运营机构不能受邀投标。",
    law=Law("招标投标法实施条例", "第十三条、第三十四条", rule="W-39"),
    remedy="请邀请与本次招标没有利害关系的单位。",
)
NO_ABILITY = Reason(
    code="invitations.no_ability",
    message="没有写明该单位具备承担招标项目的能力和良好资信的依据。",
    law=Law(TENDERING_LAW, "第十七条", rule="W-02"),
    remedy="请写明资质、类似业绩和信用情况，供复核人核对。",
)
NOT_INVITED = Reason(
    code="invitations.not_invited",
    message="本标段采用邀请招标，只有收到投标邀请书的单位可以办理。",
    law=Law(TENDERING_LAW, "第十七条", rule="W-02"),
    remedy="请在交易公告中查找公开招标的项目。",
)


def require_by_invitation(*, is_by_invitation: bool) -> None:
    """Refuse to choose who bids in an open tender. Raises ``Refusal`` (NOT_BY_INVITATION)."""
    if not is_by_invitation:
        raise Refusal(NOT_BY_INVITATION)


def require_not_out(*, is_out: bool) -> None:
    """Refuse another choice once the letter is on its way. Raises ``Refusal`` (LETTER_OUT)."""
    if is_out:
        raise Refusal(LETTER_OUT)


def require_invitable(
    code: str, *, ability: str, invited: Collection[str], bar: Reason | None
) -> None:
    """Refuse a firm twice, one that could not bid, and one of whose ability nothing is said.

    ``bar`` is why the firm could not bid (A-11, A-12, W-39).

    Raises ``Refusal`` (INVITED_TWICE, A_PARTY, NO_ABILITY).
    """
    if bar is not None:
        raise Refusal(A_PARTY, code=code, bar=bar.code)
    if code in invited:
        raise Refusal(INVITED_TWICE, code=code)
    if not ability.strip():
        raise Refusal(NO_ABILITY, code=code)


def require_invited(*, is_invited: bool) -> None:
    """Refuse whom the letter does not name. Raises ``Refusal`` (NOT_INVITED)."""
    if not is_invited:
        raise Refusal(NOT_INVITED)
