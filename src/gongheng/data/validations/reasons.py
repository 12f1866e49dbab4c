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
CUT_SHORT = Reason(
    code="validations.cut_short",
    message="收到的文件与签名的大小或摘要不符，可能在途中被截断或改动。",
    remedy="请重新提交整个文件；摘要为文件全部字节的SM3。",
)
UNREADABLE = Reason(
    code="validations.unreadable",
    message="提交文件的声明不完整：须给出name、size、sm3，以及可选的dataset、strict。",
    remedy="请按接口说明（docs/api/validations.md）填写后重新签名提交。",
)
UNKNOWN_JOB = Reason(
    code="validations.unknown_job",
    message="没有这份校验结果，或不是贵平台提交的，或已过三十日。",
    remedy="请核对提交时答复的编号；已过期的请重新提交文件。",
)
NO_ERRORS = Reason(
    code="validations.no_errors",
    message="这份文件没有错误清单：尚未校验完，或未能校验。",
    remedy="请先查询状态（state），为done时再取错误清单。",
)
REFUSED_THERE = Reason(
    code="validations.refused_there",
    message="上级平台没有受理这个文件。",
    remedy="请按上级平台的答复处理。",
)

BY_CODE = {each.code: each for each in list(globals().values()) if isinstance(each, Reason)}
