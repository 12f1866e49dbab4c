"""What can be said of a record: who may see it, what was done, what became of it."""

from django.db import models


class Audience(models.TextChoices):
    """Who may see a record or an act, from everybody to the parties alone; deny by default."""

    PUBLIC = "public", "社会公开"
    GOVERNMENT = "government", "政务公开"
    SUPERVISION = "supervision", "监督"
    PARTIES = "parties", "当事人"


class Operation(models.TextChoices):
    """What a version does to its key."""

    INSERT = "insert", "新增"
    UPDATE = "update", "更正"
    DELETE = "delete", "撤销"


class State(models.TextChoices):
    """What the node thinks of a version: its own are accepted when they are made."""

    ACCEPTED = "accepted", "已接收"
    WAITING = "waiting", "等待关联记录"
    REFUSED = "refused", "已退回"


class TradeType(models.TextChoices):
    """The trade types of the portal, by the domain of the dataset."""

    WORKS = "works", "工程建设"
    PROCUREMENT = "procurement", "政府采购"
    LAND = "land", "土地使用权"
    MINING = "mining", "矿业权"
    PROPERTY = "property", "国有产权"
    OTHER = "other", "其他交易"
