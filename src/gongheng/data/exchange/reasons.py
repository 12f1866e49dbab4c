"""Why a batch or a question of a peer is not taken."""

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason

_RULES = Law("公共资源交易平台系统数据规范", "数据交换")

UNKNOWN_PEER = Reason(
    code="exchange.unknown_peer",
    message="报送方未在本节点登记。",
    law=_RULES,
    remedy="请向上级平台登记节点代码和 SM2 公钥（node.toml 的 peer 项）。",
)
FORGED = Reason(
    code="exchange.forged",
    message="签名与登记的公钥不符，或签名内容被改动。",
    law=_RULES,
    remedy="请核对 SM2 私钥、签名标签和用户标识（1234567812345678）后重新签名报送。",
)
NOT_FOR_US = Reason(
    code="exchange.not_for_us",
    message="批次的接收方不是本节点。",
    law=_RULES,
    remedy="请核对接收方节点代码和地址。",
)
STALE = Reason(
    code="exchange.stale",
    message="签名时间与本节点时钟相差超过十五分钟。",
    law=_RULES,
    remedy="请校准服务器时钟，用新的批次号和时间重新签名报送。",
)
UNREADABLE = Reason(
    code="exchange.unreadable",
    message="批次无法读取：格式、摘要或条数与签名的批次头不符，可能在途中被截断。",
    law=_RULES,
    remedy="请重新发送完整批次；同一批次可以安全地重发。",
)
TOO_LARGE = Reason(
    code="exchange.too_large",
    message="批次超过 32 MB。",
    law=_RULES,
    remedy="请拆分为较小的批次报送。",
)
REPLAYED = Reason(
    code="exchange.replayed",
    message="该批次号已用于另一批内容。",
    law=_RULES,
    remedy="请为新的内容使用新的批次号。",
)
ROLLED_BACK = Reason(
    code="exchange.log_rolled_back",
    message="报送方存证日志比它先前出示的更短或不一致：日志被回退或改写。",
    law=_RULES,
    remedy="请双方运维人员核查备份恢复过程；核实后由接收方运维人员解除警报。",
)
UNREACHABLE = Reason(
    code="exchange.unreachable",
    message="无法连接上级平台。",
    remedy="系统会自动重试；请检查网络和上级平台地址。",
)
BAD_RECEIPT = Reason(
    code="exchange.bad_receipt",
    message="上级平台的回执签名或内容不符。",
    remedy="请核对上级平台公钥；未取得有效回执的数据视为未送达，会重新发送。",
)
PROOF_NEEDED = Reason(
    code="exchange.proof_needed",
    message="批次未附带自上次检查点以来日志只增不改的证明。",
    law=_RULES,
    remedy="系统会按回复中的长度（size）自动附上一致性证明重新发送。",
)
