"""What every channel says of a version that does not fit what was kept before, and how long one waits."""

from datetime import timedelta
from typing import Final

from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason

RULES: Final = Law("公共资源交易平台系统数据规范", "数据交换与校验")

UNKNOWN: Final = "!"
"""Begins what stands for the key of a record whose dataset or key parts are not known."""
GRACE: Final = timedelta(hours=24)
"""Machine time that a child waits for its parent."""

HAS_CHILDREN = Reason(
    code="records.has_children",
    message="该记录之下还有未撤销的记录，不能撤销。",
    law=RULES,
    remedy="请先撤销下级记录，再撤销本记录。",
)
EARLIER_PARENT = Reason(
    code="records.parent_missing",
    message="上级记录尚未收到。",
    law=RULES,
    remedy="请先报送上级记录；系统保留本记录，上级记录到达后自动复核。",
)
OTHER_CONTENT = Reason(
    code="records.other_content",
    message="同一主键、同一版本号已收到不同内容。",
    law=RULES,
    remedy="请将版本号加一后重新报送。",
)
WAITED_TOO_LONG = Reason(
    code="records.waited_too_long",
    message="等待期内未收到上级记录。",
    law=RULES,
    remedy="请先报送上级记录，再重新报送本记录。",
)

ALL: Final = (HAS_CHILDREN, EARLIER_PARENT, OTHER_CONTENT, WAITED_TOO_LONG)
