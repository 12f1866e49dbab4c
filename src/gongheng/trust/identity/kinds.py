"""Roles of people and outcomes of deeds, with their Chinese labels."""

from django.db import models


class Role(models.TextChoices):
    """What a person may be at a node; a role is granted for a region and a time."""

    CLERK = "clerk", "招标人经办"
    OFFICER = "officer", "交易中心受理"
    OPERATOR = "operator", "平台运维"
    SUPERVISOR = "supervisor", "行业监管"
    BIDDER = "bidder", "投标人"
    EXPERT = "expert", "评标专家"
    WITNESS = "witness", "交易见证"
    ADMINISTRATOR = "administrator", "系统管理员"
    SECURITY = "security", "安全管理员"
    AUDITOR = "auditor", "安全审计员"


class SetState(models.TextChoices):
    """Where a set of role templates stands."""

    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    REJECTED = "rejected", "已退回"


class Outcome(models.TextChoices):
    """How a deed in the audit trail ended."""

    DONE = "done", "完成"
    REFUSED = "refused", "拒绝"
