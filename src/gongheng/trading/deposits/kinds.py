"""States of a bid deposit, and the causes for which one is kept."""

from django.db import models


class State(models.TextChoices):
    """What became of a deposit."""

    HELD = "held", "已收取"
    RETURNED = "returned", "已退还"
    KEPT = "kept", "依法不予退还"


class KeptCause(models.TextChoices):
    """The only causes for which a deposit is not given back (F-07)."""

    REVOKED = "revoked", "投标截止后撤销投标文件"
    NO_CONTRACT = "no_contract", "中标人无正当理由不与招标人订立合同"
    NO_BOND = "no_bond", "中标人不按招标文件要求提交履约保证金"

    @property
    def is_winners(self) -> bool:
        """Tell whether only a winner can give the cause, once the award letter is out (第七十四条)."""
        return self is not KeptCause.REVOKED
