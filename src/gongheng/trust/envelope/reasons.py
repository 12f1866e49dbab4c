"""Why an envelope, a policy, a release or a share is refused."""

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason

ELECTRONIC = "电子招标投标办法"
ASK_AGENCY = "请联系招标人或招标代理机构索取正确的文件。"

# The policy.
POLICY_UNREADABLE = Reason(
    code="envelope.policy_unreadable",
    message="开启规则文件无法识别，或内容不完整。",
    remedy=ASK_AGENCY,
)
POLICY_FORGED = Reason(
    code="envelope.policy_forged",
    message="开启规则没有招标人和交易中心两方的有效签名，不能采信。",
    remedy=ASK_AGENCY,
)
POLICY_OTHER = Reason(
    code="envelope.policy_other",
    message="开启规则与招标文件载明的摘要不一致。",
    remedy="请核对摘要；如无误，请联系招标代理机构重新索取开启规则文件。",
)
HOLDER_UNPROVEN = Reason(
    code="envelope.holder_unproven",
    message="开启规则中有保管方的密钥未经其本单位签名，或未证明由其持有。",
    remedy="请该保管方重新生成密钥，并把新的声明交给招标人。",
)
HOLDER_TWICE = Reason(
    code="envelope.holder_twice",
    message="同一保管方或同一密钥在开启规则中出现两次。",
    remedy="请让每一份份额由不同的保管方用各自的密钥保管。",
)
HOLDER_IS_SUPERVISOR = Reason(
    code="envelope.holder_is_supervisor",
    message="行政监督部门不得保管份额：监督方不参与交易活动，只联署日志。",
    remedy="请改由公证机构、中立平台等其他单位保管。",
)
THRESHOLD_UNFIT = Reason(
    code="envelope.threshold_unfit",
    message="开启所需份额数不合适：至少为二，且至少有两份可以缺席。",
    remedy="请采用五选三（默认），或四选二、六选四等组合。",
)
ONE_COMMAND_OPENS = Reason(
    code="envelope.one_command_opens",
    message="同属一个指挥关系的保管方合起来就够开启份额，等于一家可以提前开启。",
    remedy="请减少该方的份额，或提高开启所需份额数；招标人与其代理机构视为一方，候补随其单位计算。",
)
BIDDER_LEFT_OUT = Reason(
    code="envelope.bidder_left_out",
    message="依法必须招标的工程，开启投标文件必须有投标人自己的一半密钥。",
    remedy="请把该部分改为须由投标人解密。",
    law=Law(ELECTRONIC, "第三十条", rule="E-31"),
)
CONDITION_TOO_EARLY = Reason(
    code="envelope.condition_too_early",
    message="开启时间早于投标截止时间。",
    remedy="请把开启时间改到投标截止时间或以后。",
    law=Law("招标投标法", "第三十四条", rule="W-18"),
)
QUORUM_UNFIT = Reason(
    code="envelope.quorum_unfit",
    message="要求的联署数多于列出的联署方。",
    remedy="请补足联署方或降低要求的联署数。",
)

# Sealing.
NOTHING_TO_SEAL = Reason(
    code="envelope.nothing_to_seal",
    message="没有可加密的投标文件：文件夹与开启规则要求的各部分对不上。",
    remedy="规则只有一个部分时，把文件直接放入文件夹；有几个部分时，为每个部分建一个同名子文件夹。",
)
NAME_UNFIT = Reason(
    code="envelope.name_unfit",
    message="文件名不能用于投标文件：过长、含控制字符或保留字符，或只差大小写而重名。",
    remedy="请改名后再加密。",
)
FILE_CHANGED = Reason(
    code="envelope.file_changed",
    message="加密时文件被改动，没有生成投标文件。",
    remedy="请关闭正在编辑该文件的软件，再加密一次。",
)
TOO_LARGE = Reason(
    code="envelope.too_large",
    message="投标文件过大，超过了每个部分的上限。",
    remedy="请压缩图片和扫描件后再加密。",
)
FINGERPRINT_MISSING = Reason(
    code="envelope.fingerprint_missing",
    message="招标文件要求随投标文件记录制作环境信息，但尚未得到投标人同意。",
    remedy="请阅读说明；同意后加上 --consent 再加密。",
    law=Law("招标投标法实施条例", "第四十条", rule="E-30"),
)

# The file.
NOT_AN_ENVELOPE = Reason(
    code="envelope.not_an_envelope",
    message="文件不是按要求加密的投标文件。",
    remedy="请用投标文件制作工具加密后再提交。",
    law=Law(ELECTRONIC, "第二十六条", rule="E-01"),
)
DAMAGED = Reason(
    code="envelope.damaged",
    message="投标文件不完整或已被改动，与投标人的签名不符。",
    remedy="请重新上传；如仍不成功，请重新加密。",
    law=Law(ELECTRONIC, "第二十六条", rule="E-01"),
)
OTHER_TENDER = Reason(
    code="envelope.other_tender",
    message="投标文件是按另一标段或另一份开启规则加密的。",
    remedy="请下载本标段现行的开启规则，重新加密。",
)

# Closing, releases and opening.
NOT_YET = Reason(
    code="envelope.not_yet",
    message="未到开启时间，任何人不得解密、提取投标文件。",
    remedy="请在投标截止时间到达后再办理；如本机时间不准，请先校准。",
    law=Law(ELECTRONIC, "第二十七条", rule="A-06"),
)
CLOSING_INVALID = Reason(
    code="envelope.closing_invalid",
    message="投标截止声明不能采信：签名、联署、清单或摘要不符。",
    remedy="请不要交出密钥份额，联系交易中心和监督部门核实。",
)
NOT_IN_CLOSING = Reason(
    code="envelope.not_in_closing",
    message="这份投标文件不在投标截止声明的清单里。",
    remedy="请用递交回执与交易中心核对；确已按时递交的，可提出异议。",
)
LIST_INVALID = Reason(
    code="envelope.list_invalid",
    message="已解密投标人清单不能采信：签名不符，或与投标截止声明不一致。",
    remedy="请不要交出密钥份额，联系交易中心和监督部门核实。",
)
RELEASE_INVALID = Reason(
    code="envelope.release_invalid",
    message="投标人解密声明不能采信：签名不符，或其中的密钥不是加密时所用的。",
    remedy="请投标人核对所用的投标文件和密钥，在解密时限内重新解密。",
    law=Law(ELECTRONIC, "第三十条", rule="E-31"),
)
COVER_MISSING = Reason(
    code="envelope.cover_missing",
    message="清单中有投标文件没有随附密封信息，无法逐份交出份额。",
    remedy="请交易中心提供清单中全部投标文件（或其密封信息），再交出份额。",
)
STATEMENT_INVALID = Reason(
    code="envelope.share_statement_invalid",
    message="份额声明不能采信：签名不符，或不属于这次开启。",
    remedy="请该保管方核对截止声明和清单，重新交出份额。",
)
NOT_A_HOLDER = Reason(
    code="envelope.not_a_holder",
    message="该密钥不是开启规则中任何保管方的密钥。",
    remedy="请核对密钥文件：每个项目的保管密钥各不相同。",
)
NOT_THE_BIDDER = Reason(
    code="envelope.not_the_bidder",
    message="该密钥不是加密这份投标文件时所用的密钥。",
    remedy="请改用加密时的密钥；密钥遗失的，可用打印的恢复码解密。",
)
RECOVERY_CODE_WRONG = Reason(
    code="envelope.recovery_code_wrong",
    message="恢复码有误：位数不对，或有字符抄错。",
    remedy="请对照打印件逐组核对，共十四组，每组四个字符。",
)
TOO_FEW_SHARES = Reason(
    code="envelope.too_few_shares",
    message="有效的份额不够，无法开启。",
    remedy="请未交出份额或份额有误的保管方（见所列名单）补交。",
)
PLANTED = Reason(
    code="envelope.planted",
    message="投标文件自身前后矛盾：密钥承诺或份额不是由同一密钥得出的。这是加密一方造成的，与保管方无关。",
    remedy="按招标文件关于解密失败的规定处理，并保存全部证据。",
    law=Law(ELECTRONIC, "第三十一条", rule="E-07"),
)
CONTENT_BROKEN = Reason(
    code="envelope.content_broken",
    message="解密后的内容结构有误，无法还原为文件。这是加密一方造成的。",
    remedy="按招标文件关于解密失败的规定处理，并保留原文件。",
)
PLACE_TAKEN = Reason(
    code="envelope.place_taken",
    message="要写入的文件或文件夹已经存在，没有覆盖。",
    remedy="请换一个名字，或先移走原有的文件。",
)
