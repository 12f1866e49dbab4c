"""What becomes of a line, and the sorts of faults that a quality page counts."""

from django.db import models


class Outcome(models.TextChoices):
    """What became of a line of a file."""

    TAKEN = "taken", "已收录"
    REFUSED = "refused", "未收录"


class Category(models.TextChoices):
    """Whether something is missing, wrong or late."""

    MISSING = "missing", "缺失"
    WRONG = "wrong", "有误"
    LATE = "late", "逾期或期限不足"
