"""What a monitor may find, and how it is told: one JSON object a line."""

import json
from dataclasses import dataclass

from gongheng.kernel.reasons import Reason

_TELL = "请保留监测目录作为证据，向行业监管部门和上级平台反映。"

FORGED_KEY = Reason("monitor.key_changed", "平台公布的签名公钥与先前的不同。", _TELL)
FORGED = Reason("monitor.checkpoint_forged", "检查点不是该平台所签，或已被改动。", _TELL)
ROLLED_BACK = Reason("monitor.rolled_back", "日志比先前短，已被倒退，下列存证不见了。", _TELL)
FORKED = Reason("monitor.forked", "同样长度的日志有两个不同的根，历史已被改写。", _TELL)
REDATED = Reason("monitor.checkpoint_redated", "检查点的时间比先前见过的早。", _TELL)
LOST_CHECKPOINT = Reason("monitor.checkpoint_missing", "先前公布过的检查点不见了。", _TELL)
LATE_CHECKPOINT = Reason("monitor.checkpoint_inserted", "出现了先前没有公布过的旧检查点。", _TELL)
NOT_CONTINUED = Reason(
    "monitor.not_continued", "平台给不出日志只增不改的证明，或证明不成立。", _TELL
)
OTHER_ROOT = Reason("monitor.root_differs", "由存证算出的根与签名的检查点不符。", _TELL)
ALTERED_LEAF = Reason("monitor.leaf_altered", "这个位置的存证与先前的不同。", _TELL)
MOVED_LEAF = Reason("monitor.leaf_moved", "这个位置现在是别处的存证，次序已被改动。", _TELL)
MISSING_LEAF = Reason("monitor.leaf_missing", "这个位置的存证不见了。", _TELL)
OTHER_TILE = Reason("monitor.tile_altered", "公布的树节点与由存证算出的不符。", _TELL)
ALTERED_BODY = Reason("monitor.row_altered", "公布的内容与其存证不符，已被改动。", _TELL)
MISSING_BODY = Reason("monitor.row_missing", "有存证的公开内容已被删除或隐藏。", _TELL)
UNLISTED = Reason("monitor.notice_unlisted", "公告有存证，但公告列表中没有它。", _TELL)
UNPROVEN = Reason("monitor.notice_without_leaf", "公告列表中的这一条没有存证。", _TELL)
UNPROVEN_IN_CASE = Reason(
    "monitor.case_row_without_leaf", "项目页面中的这一条没有存证，是插入的。", _TELL
)
OTHER_LISTING = Reason("monitor.listing_altered", "公告列表所示与公告的存证不符。", _TELL)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: why, and which row (Chinese, exact enough to find it)."""

    reason: Reason
    row: str
    position: int | None = None

    def line(self, *, at: str) -> str:
        """Return the finding as a line of data; ``at`` is when it was seen."""
        return json.dumps(
            {
                "at": at,
                "code": self.reason.code,
                "row": self.row,
                "position": self.position,
                "message": self.reason.message,
                "remedy": self.reason.remedy,
            },
            ensure_ascii=False,
        )
