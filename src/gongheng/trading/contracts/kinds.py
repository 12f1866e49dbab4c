"""Sides of a contract, forms of a performance bond, and what the sheets of an archive are."""

from django.db import models


class Side(models.TextChoices):
    """Who signs for whom."""

    WINNER = "winner", "中标人"
    PARTNER = "partner", "联合体成员"
    TENDERER = "tenderer", "招标人"


class BondForm(models.TextChoices):
    """In which form a performance bond is given."""

    MONEY = "money", "银行转账"
    BANK = "bank", "银行保函"
    SURETY = "surety", "担保保函"
    INSURANCE = "insurance", "保险保函"
