"""The words of an opening: its stages, what becomes of a bid, whose cause it was, who says what."""

from django.db import models


class Stage(models.TextChoices):
    """Where an opening stands; it only ever goes forward."""

    BIDDERS = "bidders", "投标人解密"
    HOLDERS = "holders", "招标人解密"
    JUDGED = "judged", "核对解密结果"
    SHOWN = "shown", "公布"
    PUBLISHED = "published", "开标记录已公布"
    FAILED = "failed", "不再开启"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is decrypted any more."""
        return self not in {Stage.BIDDERS, Stage.HOLDERS}

    @property
    def shows_prices(self) -> bool:
        """Tell whether prices have been made known to those who take part (B-05)."""
        return self in {Stage.SHOWN, Stage.PUBLISHED}


class LaterStage(models.TextChoices):
    """Where the opening of the parts that waited for an event stands; it only goes forward (E-29)."""

    DECISION = "decision", "待招标人签署开启决定"
    HOLDERS = "holders", "保管方交出份额"
    JUDGED = "judged", "待交易中心公布"
    SHOWN = "shown", "已公布"


class State(models.TextChoices):
    """What becomes of a bid at the opening."""

    WAITING = "waiting", "待解密"
    RELEASED = "released", "投标人已解密"
    OPENED = "opened", "解密成功"
    ABSENT = "absent", "未解密"
    FAILED = "failed", "解密失败"


class Cause(models.TextChoices):
    """By whose fault a bid was not opened (E-07): it decides what the bid counts as."""

    BIDDER = "bidder", "投标人原因，视为撤销投标文件"
    PLATFORM = "platform", "平台原因，视为撤回投标文件，投标人有权要求赔偿"
    HOLDER = "holder", "保管方原因，视为撤回投标文件，投标人有权要求赔偿"


class DecisionKind(models.TextChoices):
    """What two people may decide in an opening, in writing."""

    EXTEND = "extend", "延长投标人解密时间"
    POSTPONE = "postpone", "因份额不足推迟开启"


class Answer(models.TextChoices):
    """What somebody says of the opening record (E-11)."""

    CONFIRM = "confirm", "确认无误"
    OBJECT = "object", "有不同意见"


class Side(models.TextChoices):
    """Who answers for whom."""

    BIDDER = "bidder", "投标人"
    CLERK = "clerk", "招标人（代理机构）"
