"""Why a file is not taken for judging, or was not judged to its end."""

from gongheng.kernel.reasons import Reason

TOO_LARGE = Reason(
    code="validations.too_large",
    message="文件超过 512 兆字节。",
    remedy="请分成几个文件，或在本单位电脑上运行 gongheng validate，那里没有大小限制。",
)
TOO_MANY = Reason(
    code="validations.too_many",
    message="您已有五个文件在等待校验。",
    remedy="请等前面的文件校验完再提交。",
)
INTERRUPTED = Reason(
    code="validations.interrupted",
    message="后台在校验这个文件时三次中断。",
    remedy="请在本单位电脑上运行 gongheng validate，并把情况告诉运维人员。",
)
BROKEN_OFF = Reason(
    code="validations.broken_off",
    message="校验程序没有得出结论就结束了，原因已写入后台日志。",
    remedy="请重新提交；仍不成功的，请把文件名和时间告诉运维人员。",
)
