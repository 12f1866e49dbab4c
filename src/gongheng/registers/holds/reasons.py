"""Why a hold stops something, or is not placed or lifted."""

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason

HELD = Reason(
    code="holds.held",
    message="该项目已被暂停，解除之前不能办理。",
    law=Law("招标投标法实施条例", "第六十二条"),
    remedy="请按暂停通知的文号查询办理进展；解除后可继续办理。",
)
ALREADY_HELD = Reason(
    code="holds.already_held",
    message="该文号已经登记过暂停。",
    remedy="请核对文号；另有新的暂停事由的，请使用新的文号。",
)
NOT_HELD = Reason(
    code="holds.not_held",
    message="没有找到该文号登记的、尚未解除的暂停。",
    remedy="请核对项目编号和暂停通知的文号。",
)
NO_DOCUMENT = Reason(
    code="holds.no_document",
    message="没有填写文号。",
    remedy="暂停和解除都须凭文书办理，请填写文号。",
)
