"""Why a record is not taken."""

from gongheng.data.standard.histories import (
    EARLIER_PARENT,
    HAS_CHILDREN,
    OTHER_CONTENT,
    RULES,
    WAITED_TOO_LONG,
)
from gongheng.kernel.reasons import Reason

__all__ = [
    "ALREADY_THERE",
    "EARLIER_PARENT",
    "HAS_CHILDREN",
    "INVALID",
    "MALFORMED",
    "NOT_THERE",
    "OTHERS_KEY",
    "OTHER_CONTENT",
    "SECRET_FIELD",
    "WAITED_TOO_LONG",
    "WRONG_DIGEST",
]

INVALID = Reason(
    code="records.invalid",
    message="数据未通过国家数据规范校验，尚未发布。",
    law=RULES,
    remedy="请按逐项提示修改后重新提交，已填写的内容不会丢失。",
)
ALREADY_THERE = Reason(
    code="records.already_there",
    message="同一主键的记录已经发布，未重复发布。",
    law=RULES,
    remedy="如需修改，请发布更正（新版本）；原版本永久保留。",
)
NOT_THERE = Reason(
    code="records.not_there",
    message="要更正或撤销的记录不存在，或已撤销。",
    law=RULES,
    remedy="请核对主键；尚未发布的记录请先发布。",
)
OTHERS_KEY = Reason(
    code="records.others_key",
    message="该主键的记录由另一平台产生，本次报送方不能改写。",
    law=RULES,
    remedy="请由产生该记录的平台报送更正；如系主键重复，请改用本平台的编号。",
)
WRONG_DIGEST = Reason(
    code="records.wrong_digest",
    message="记录摘要与内容不符。",
    law=RULES,
    remedy="请按规范对可交换字段的规范化 JSON 计算 SM3 后重新报送。",
)
MALFORMED = Reason(
    code="records.malformed",
    message="记录信封不完整或格式错误，无法识别。",
    law=RULES,
    remedy="请按接口说明给出 dataset、number、operation、body、digest 等项后重新报送。",
)
SECRET_FIELD = Reason(
    code="records.secret_field",
    message="该字段只在产生数据的平台内部使用，不得报送。",
    law=RULES,
    remedy="请去掉该字段，按其余字段重新计算摘要后报送。",
)
