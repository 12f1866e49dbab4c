"""Why a clock may not go on as it is."""

from gongheng.kernel.reasons import Reason
from gongheng.kernel.terms.services import T_10

CLOCK_OFF = Reason(
    code="time.clock_off",
    message="服务器时钟与时间源的比对不合要求。",
    law=T_10.law,
    remedy="请检查授时服务（如 chrony）、网络和 node.toml 的 [time]；有期限将至时不要手工拨动时钟。",
)
