"""Why a trade is held."""

from django.db import models


class HoldKind(models.TextChoices):
    """What a hold rests on."""

    OBJECTION = "objection", "异议"
    COMPLAINT = "complaint", "投诉处理"
    DIRECTIVE = "directive", "监管指令"
    OUTAGE = "outage", "系统故障"
