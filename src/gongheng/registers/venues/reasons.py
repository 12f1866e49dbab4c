"""Why a room is not booked or kept."""

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason
from gongheng.kernel.terms.sources import HOUSE_RULES

BOOKING = Law(HOUSE_RULES, rule="U-03")

TAKEN = Reason(
    code="venues.taken",
    message="该场地在这一时段已被占用。",
    law=BOOKING,
    remedy="请选择其他场地或其他时段；页面列出了空闲的场地和最近的空闲时段。",
)
CLOSED = Reason(
    code="venues.closed",
    message="该场地已停用，不接受预约。",
    law=BOOKING,
    remedy="请选择其他场地，或向交易中心了解恢复使用的时间。",
)
UNSUITABLE = Reason(
    code="venues.unsuitable",
    message="该场地的类型不适合所选用途。",
    law=BOOKING,
    remedy="开标请选开标室，评标请选评标室或远程异地评标工位，竞价请选竞价厅。",
)
HALF_HOURS = Reason(
    code="venues.half_hours",
    message="场地按半小时预约，起止时间应当是整点或半点。",
    law=BOOKING,
    remedy="请把开始和结束时间改为整点或半点。",
)
BACKWARDS = Reason(
    code="venues.backwards",
    message="结束时间不晚于开始时间。",
    law=BOOKING,
    remedy="请核对起止时间。",
)
PAST = Reason(
    code="venues.past",
    message="开始时间已经过去。",
    law=BOOKING,
    remedy="请选择以后的时段。",
)
TOO_LONG = Reason(
    code="venues.too_long",
    message="一次预约的时间太长。",
    law=BOOKING,
    remedy="一次最多预约 72 小时；需要更长时间的，请分次预约。",
)
MISSES_OPENING = Reason(
    code="venues.misses_opening",
    message="预约的时段不包含本标段的开标时间。",
    law=BOOKING,
    remedy="请选择包含开标时间的时段；开标时间变更的，先发布变更再预约。",
)
BEFORE_OPENING = Reason(
    code="venues.before_opening",
    message="评标场地的时段早于本标段的开标时间。",
    law=BOOKING,
    remedy="请选择开标时间以后的时段。",
)
HAS_ONE = Reason(
    code="venues.has_one",
    message="本标段已经预约了开标室。",
    law=BOOKING,
    remedy="需要换场地或时段的，请先取消原预约。",
)
RELEASED = Reason(
    code="venues.released",
    message="该预约已经取消或释放。",
    law=BOOKING,
    remedy="请刷新页面查看现在的安排。",
)
SAME_NAME = Reason(
    code="venues.same_name",
    message="本地区已有同名的场地。",
    law=BOOKING,
    remedy="请换一个名称，例如加上楼层或房间号。",
)
NOT_YOURS = Reason(
    code="venues.not_yours",
    message="该场地或预约不在您的管理范围内。",
    law=BOOKING,
    remedy="请由场地所在地的交易中心人员，或预约单位的经办人办理。",
)
NO_WORDS = Reason(
    code="venues.no_words",
    message="没有填写事由。",
    law=BOOKING,
    remedy="请写明占用、取消或停用的事由，相关单位会收到。",
)
