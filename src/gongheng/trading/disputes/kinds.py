"""What may be objected to, what an objection must say, and what becomes of it."""

from dataclasses import dataclass

from django.db import models

from gongheng.web.files import Paper


class Matter(models.TextChoices):
    """What an objection is about; the value is the matter of the procedure's dispute chain."""

    DOCUMENTS = "documents", "招标文件"
    OPENING = "opening", "开标"
    RESULT = "result", "评标结果"

    @property
    def objection(self) -> str:
        """Return the step by which it is raised."""
        return f"object_{self.value}"

    @property
    def answer(self) -> str:
        """Return the step by which it is answered."""
        return f"answer_{self.value}"


class Verdict(models.TextChoices):
    """How an objection is answered."""

    REJECTED = "rejected", "异议不成立"
    UPHELD = "upheld", "异议成立"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFacts:
    """What an objection says (D-01): claims, facts, evidence, and how the objector is reached."""

    claims: str
    grounds: str
    evidence: str
    contact: str
    paper: Paper | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFacts:
    """How an objection is answered; ``finds_unlawful``: the documents offend against the law."""

    verdict: Verdict
    text: str
    finds_unlawful: bool = False
