"""Why a line of a file is not taken as a record; each line is a record or one of these."""

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason

_RULES = Law("公共资源交易平台系统数据规范", "数据交换与校验")

NOT_TEXT = Reason(
    code="imports.not_text",
    message="该行不是 UTF-8 文本。",
    law=_RULES,
    remedy="请以 UTF-8 编码导出后重新导入。",
)
NOT_A_NOTICE = Reason(
    code="imports.not_a_notice",
    message="该行不是一条公告（应为一个 JSON 对象）。",
    law=_RULES,
    remedy="请检查导出程序，每行写一个 JSON 对象。",
)
TOO_LONG = Reason(
    code="imports.too_long",
    message="该行超过 8 MB，不是一条正常的公告。",
    law=_RULES,
    remedy="请拆去附件内容，只保留公告正文。",
)
NO_IDENTITY = Reason(
    code="imports.no_identity",
    message="该行没有来源或来源编号，无法确认是哪条公告。",
    law=_RULES,
    remedy="请补充 source 和 id 后重新导入。",
)
NO_TITLE = Reason(
    code="imports.no_title",
    message="该行没有标题。",
    law=_RULES,
    remedy="请补充标题后重新导入。",
)
KNOWN = Reason(
    code="imports.known",
    message="同一来源、同一编号的公告已经导入，内容相同，未重复收录。",
    law=_RULES,
    remedy="无需处理。",
)
OTHER_CONTENT = Reason(
    code="imports.other_content",
    message="同一来源、同一编号的公告已经导入，但内容不同，未覆盖。",
    law=_RULES,
    remedy="请核对来源，以哪一条为准；需要更正的，给新编号后重新导入。",
)
DUPLICATE = Reason(
    code="imports.duplicate",
    message="与已导入的另一条公告内容完全相同（只有编号或链接不同），未重复收录。",
    law=_RULES,
    remedy="无需处理；如两条确为不同公告，请补充可区分的内容。",
)
NO_FILE = Reason(
    code="imports.no_file",
    message="找不到要导入的文件，或文件无法读取。",
    remedy="请核对路径；每行一个 JSON 对象，文件名以 .jsonl 结尾。",
)

REFUSALS = {
    reason.code: reason
    for reason in (
        NOT_TEXT,
        NOT_A_NOTICE,
        TOO_LONG,
        NO_IDENTITY,
        NO_TITLE,
        KNOWN,
        OTHER_CONTENT,
        DUPLICATE,
    )
}
