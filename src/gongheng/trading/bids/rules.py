"""When a bid may be taken, whose it is, and under which rules of opening. Pure."""

from datetime import datetime

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal

ELECTRONIC = "电子招标投标办法"
REGULATION = "招标投标法实施条例"
ONE_MEBIBYTE = 1 << 20
LONGEST_REQUEST = 16 * ONE_MEBIBYTE
"""The longest request of a body that holds shares, in bytes."""
LARGEST = 500 * ONE_MEBIBYTE
"""The largest bid that the platform takes, in bytes."""

TOO_LATE = Reason(
    code="bids.too_late",
    message="投标截止时间已过，系统不再接收、替换或撤回投标文件。",
    law=Law(REGULATION, "第三十六条", rule="W-16"),
    remedy="如对截止时间有疑问，请联系招标人或招标代理机构。",
)
TOO_LARGE = Reason(
    code="bids.too_large",
    message="投标文件超过 500 MB，系统不能接收。",
    remedy="请压缩图片和扫描件，重新加密后再递交。",
)
NOTHING_SENT = Reason(
    code="bids.nothing_sent",
    message="没有收到投标文件。",
    remedy="请选择加密后的投标文件（例如 bid.gbe），再递交一次。",
)
INCOMPLETE = Reason(
    code="bids.incomplete",
    message="投标文件没有传完，系统没有收下。",
    law=Law(ELECTRONIC, "第二十七条", rule="E-03"),
    remedy="请在投标截止时间之前重新递交；用命令行递交时可从断处继续。",
)
OUT_OF_PLACE = Reason(
    code="bids.out_of_place",
    message="这一段与已收到的部分不相接。",
    remedy="请从平台告知的位置继续上传。",
)
NO_UPLOAD = Reason(
    code="bids.no_upload",
    message="这次上传已经结束或过期。",
    remedy="请在“我的投标”中查看是否已有回执；没有的，请重新递交。",
)
NO_SPACE = Reason(
    code="bids.no_space",
    message="平台的存储空间不足，暂时不能接收投标文件，您的文件没有收下。",
    remedy="请立即联系平台运维人员；平台会记录这次故障。",
    law=Law(ELECTRONIC, "第二十七条", rule="E-03"),
)
NO_POLICY = Reason(
    code="bids.no_policy",
    message="本标段的开启规则还没有由招标人和交易中心双方签署，不能递交投标文件。",
    remedy="请联系招标人或招标代理机构。",
)
NO_KEY = Reason(
    code="bids.no_key",
    message="贵单位还没有在主体库登记签名密钥，系统无法核对投标文件的签名。",
    law=Law("电子签名法", "第十三条"),
    remedy="请在主体库登记签名公钥并证明由本单位持有，再递交投标文件。",
)
OTHERS_KEY = Reason(
    code="bids.others_key",
    message="投标文件不是用贵单位登记的签名密钥签署的。",
    law=Law("电子签名法", "第十三条"),
    remedy="请用主体库登记的密钥重新加密；密钥已更换的，请先更新登记。",
)
NOTHING_STANDS = Reason(
    code="bids.nothing_stands",
    message="没有可以撤回的有效投标文件。",
    remedy="请在“我的投标”中核对状态。",
)
NOT_CLOSED = Reason(
    code="bids.not_closed",
    message="投标截止之前，任何人不得查看投标人名单和数量。",
    law=Law("招标投标法", "第二十二条", rule="W-13"),
    remedy="请在投标截止后再查看。",
)

# The policy.
NO_STANDING_KEY = Reason(
    code="bids.no_standing_key",
    message="招标人还没有登记签名密钥，不能作为份额保管方，也不能签署开启规则。",
    remedy="请先在主体库为本单位登记签名公钥，再订立开启规则。",
)
POLICY_FROZEN = Reason(
    code="bids.policy_frozen",
    message="招标公告已经发布或者投标邀请书已经发出，开启规则不能再改。",
    remedy="确需更改的，应重新招标；投标截止时间顺延不影响已签署的规则。",
)
NOT_ALL_ANNOUNCED = Reason(
    code="bids.not_all_announced",
    message="还有保管方没有交来本标段的密钥声明，不能拟定开启规则。",
    remedy="请等待或联系提示的保管方；全部交来后再拟定。",
)
NOT_ASKED = Reason(
    code="bids.not_asked",
    message="本标段没有请这家单位保管份额。",
    remedy="请核对标段编码和单位代码。",
)
ANNOUNCED_OTHERWISE = Reason(
    code="bids.announced_otherwise",
    message="该单位已为本标段交来另一把密钥，或这把密钥已用于别的标段。",
    remedy="每家单位在每个标段只用一把新密钥；需要更换的，请联系招标人重新发起。",
)
POLICY_STALE = Reason(
    code="bids.policy_stale",
    message="签署的不是最新拟定的开启规则。",
    remedy="请重新下载现行的规则文件，核对摘要后再签署。",
)
DEADLINE_PAST = Reason(
    code="bids.policy_deadline_past",
    message="开启规则的最早开启时间应晚于现在。",
    remedy="请填写不晚于预定投标截止时间的将来时间。",
)
DEADLINE_BEFORE_POLICY = Reason(
    code="bids.deadline_before_policy",
    message="投标截止时间早于已签署的开启规则写明的最早开启时间，到了截止时间也不能开标。",
    law=Law("招标投标法", "第三十四条", rule="W-18"),
    remedy="请把投标截止时间改到最早开启时间或以后；公告发布前也可以重新拟定并签署开启规则。",
)
NOT_SIGNED = Reason(
    code="bids.policy_not_signed",
    message="本标段的开启规则还没有由招标人和交易中心双方签署，公告发布后不能再订立，投标人将无法加密投标文件。",
    law=Law(ELECTRONIC, "第三十条", rule="E-31"),
    remedy="请先在“开启规则”中请各保管方生成密钥、拟定并签署规则，再发布公告。",
)
NOT_NAMED = Reason(
    code="bids.policy_not_named",
    message="招标文件没有写明已签署的开启规则。",
    remedy="请在“开启规则”中把已签署的规则写入招标文件，再发布公告。",
)


def is_in_time(*, completed_at: datetime, deadline: datetime) -> bool:
    """Tell whether a bid whose last byte was stored then counts: strictly before the deadline."""
    return completed_at < deadline


def require_in_time(*, completed_at: datetime, deadline: datetime) -> None:
    """Refuse what was complete only at the deadline or later (T-10). Raises ``Refusal``."""
    if not is_in_time(completed_at=completed_at, deadline=deadline):
        raise Refusal(TOO_LATE, completed_at=completed_at, deadline=deadline)


def require_policy_named(*, signed: str, named: str) -> None:
    """Refuse to invite sealed bids before their rules of opening are signed and in the documents.

    ``signed`` is the digest of the rules that both sides signed, ``named`` that in the tender
    documents; empty when there is none. Raises ``Refusal`` (NOT_SIGNED, NOT_NAMED).
    """
    if not signed:
        raise Refusal(NOT_SIGNED)
    if named != signed:
        raise Refusal(NOT_NAMED, named=named, signed=signed)


def require_allowed_by_policy(*, bids_due_at: datetime, earliest: datetime) -> None:
    """Refuse to announce a deadline at which the rules of opening would still keep bids closed.

    Raises ``Refusal`` (DEADLINE_BEFORE_POLICY).
    """
    if bids_due_at < earliest:
        raise Refusal(DEADLINE_BEFORE_POLICY, bids_due_at=bids_due_at, earliest=earliest)


def require_size(size: int) -> None:
    """Refuse an empty or too large file. Raises ``Refusal`` (NOTHING_SENT, TOO_LARGE)."""
    if size < 1:
        raise Refusal(NOTHING_SENT)
    if size > LARGEST:
        raise Refusal(TOO_LARGE, size=size)


def require_own_key(*, signed_by: str, registered: str | None) -> None:
    """Refuse an envelope that is not signed by the firm's own key (hex).

    Raises ``Refusal`` (NO_KEY, OTHERS_KEY).
    """
    if not registered:
        raise Refusal(NO_KEY)
    if signed_by.lower() != registered.lower():
        raise Refusal(OTHERS_KEY)
