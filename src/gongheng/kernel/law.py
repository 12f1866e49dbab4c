"""References to the law, so that every rule can say where it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """An article of a law, and the rule of the handbook that restates it."""

    title: str
    article: str = ""
    rule: str = ""

    def __str__(self) -> str:
        """Return the citation as it is printed to people: 《招标投标法》第二十四条."""
        return f"《{self.title}》{self.article}"
