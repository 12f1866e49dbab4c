"""Where a job stands."""

from django.db import models


class State(models.TextChoices):
    """What becomes of a file."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "校验中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will happen."""
        return self in {State.DONE, State.FAILED}
