"""What can be wrong with one value: the rule's public code, what it means, how to mend it."""

from dataclasses import dataclass

from gongheng.kernel.findings import Severity


@dataclass(frozen=True, slots=True)
class Fault:
    """A sort of fault; ``{label}`` and ``{limit}`` in the texts are filled in from the field."""

    rule: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR


REQUIRED = Fault("std.required", "“{label}”必须填写。", "请补充“{label}”后重新上报。")
KEY = Fault("std.key", "“{label}”是本表主键，不能为空。", "请补充“{label}”后重新上报。")
UNKNOWN_FIELD = Fault(
    "std.unknown_field", "本数据集没有“{label}”这一项。", "请删去该项，或核对字段代码的拼写。"
)
NOT_TEXT = Fault(
    "std.not_text", "“{label}”的值不是文本。", "请按数据标准以文本（字符串）形式填写。"
)
NOT_A_RECORD = Fault(
    "std.not_a_record", "上报内容不是一条记录。", "请以“字段代码—文本值”的形式上报一条记录。"
)
CONTROL = Fault(
    "std.control_character", "“{label}”含有不可见的控制字符。", "请删去控制字符后重新上报。"
)
TOO_LONG = Fault(
    "std.length",
    "“{label}”超过{limit}个字符。",
    "请压缩到{limit}个字符以内（一个汉字计一个字符）。",
)
EXACT_LENGTH = Fault(
    "std.length", "“{label}”应为{limit}个字符。", "请填写恰好{limit}个字符的值，不加空格。"
)
NUMBER = Fault(
    "std.number",
    "“{label}”不是符合要求的数字（{limit}）。",
    "请用半角阿拉伯数字填写，不加千分位、单位和空格。",
)
TIME = Fault(
    "std.time",
    "“{label}”不是真实的日期时间。",
    "请按{limit}填写北京时间的数字，零点写作次日000000。",
)
CODE = Fault(
    "std.code_list",
    "“{label}”的值不在代码表内。",
    "请从代码表{limit}中选择代码，填写代码而非名称。",
)
REGION = Fault(
    "std.region", "“{label}”不是已知的行政区划代码。", "请按GB/T 2260填写六位行政区划代码。"
)
EMPTY_PART = Fault(
    "std.empty_part", "“{label}”的多个值之间有空缺。", "请用一个半角分号隔开各值，首尾不加分号。"
)
USCC = Fault(
    "std.uscc",
    "“{label}”不是正确的统一社会信用代码。",
    "请核对18位代码，常见错误是字母O与数字0混用。",
)
SUBJECT = Fault(
    "std.subject_code",
    "“{label}”的校验位不正确。",
    "法人填统一社会信用代码，自然人填公民身份号码，请逐位核对。",
)
IDENTITY = Fault(
    "std.identity_number", "“{label}”不是正确的公民身份号码。", "请按证件逐位核对18位号码。"
)
DEAL_CODE = Fault(
    "std.deal_code",
    "“{label}”不是正确的统一交易标识码。",
    "应为“类别-平台代码-日期-序号-校验位”共40位，请核对赋码结果。",
)
DEAL_CATEGORY = Fault(
    "std.deal_code_category",
    "“{label}”的交易类别不在代码表内。",
    "请核对前三位类别代码。",
)
DEAL_CHECK = Fault(
    "std.deal_code_check",
    "“{label}”的校验位与本平台算法不一致。",
    "该代码由其他平台赋码的，请向赋码平台确认。",
    Severity.WARNING,
)
IMMUTABLE = Fault(
    "std.immutable",
    "“{label}”在首次上报后不得更改。",
    "请恢复原值；确需更改的，撤销原记录后重新上报。",
)
KEY_EXISTS = Fault(
    "std.key_exists", "该主键的记录已经存在，不能再次新增。", "请改用更正操作上报，或核对主键。"
)
KEY_UNKNOWN = Fault(
    "std.key_unknown", "没有该主键的记录，无法更正或撤销。", "请先以新增操作上报，或核对主键。"
)
PARENT_MISSING = Fault(
    "std.parent_missing", "尚未收到上级记录“{limit}”。", "请先上报“{limit}”，再上报本记录。"
)
