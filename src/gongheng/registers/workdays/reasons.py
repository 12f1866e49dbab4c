"""Why a notice is not loaded."""

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason

_TWO = Law("公共资源交易平台管理要求", "双人复核", rule="U-07")

KEPT_ELSEWHERE = Reason(
    code="calendar.kept_elsewhere",
    message="工作日历由省级平台统一载入，本平台只能使用，不能修改。",
    remedy="请向省级平台的运维人员提出。",
)
WAITS_ALREADY = Reason(
    code="calendar.waits_already",
    message="已有一份节假日安排在等待确认。",
    remedy="请等它确认或者退回后再载入。",
)
NOTHING_CHANGES = Reason(
    code="calendar.nothing_changes",
    message="这份安排与现行工作日历没有差别。",
    remedy="请核对年份和通知文字；已经载入的安排不必再次载入。",
)
DECIDED = Reason(
    code="calendar.decided",
    message="这份安排已经办理。",
    remedy="请查看现行的工作日历。",
)
OWN_PROPOSAL = Reason(
    code="calendar.own_proposal",
    message="载入的人不能自己确认。",
    law=_TWO,
    remedy="请由系统管理员确认。",
)
NO_ANSWER = Reason(
    code="calendar.no_answer",
    message="没有写明退回的理由。",
    remedy="请写明退回的理由。",
)
FORGED = Reason(
    code="calendar.forged",
    message="保存的节假日安排与签名不一致，不能据以计算期限。",
    remedy="请运维人员核对数据库和上级平台的公钥；系统会从省级平台重新取得。",
)
