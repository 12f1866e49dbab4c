"""Facts of a case as rules read them, and as the history keeps them: instants, days, counts, words.

Facts are written into the history and the acts: never a name of an expert, never what a bid holds.
"""

from collections.abc import Mapping
from datetime import date, datetime

from gongheng.kernel.reasons import Reason, Refusal

Fact = str | int | bool | date | datetime
Facts = Mapping[str, Fact]

FACT_MISSING = Reason(
    code="cases.fact_missing",
    message="办理本步骤所需的信息不全。",
    remedy="请补充提示的信息后再办理。",
)


def stored(facts: Facts) -> dict[str, str | int | bool]:
    """Return facts as JSON values: instants and days as ISO texts."""
    return {
        name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in facts.items()
    }


def instant(facts: Facts, name: str) -> date | datetime:
    """Return an instant or a day. Raises ``Refusal`` (FACT_MISSING), ``ValueError``."""
    fact = _fact(facts, name)
    if isinstance(fact, date):
        return fact
    text = str(fact)
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def count(facts: Facts, name: str) -> int:
    """Return a count. Raises ``Refusal`` (FACT_MISSING), ``TypeError``."""
    fact = _fact(facts, name)
    if isinstance(fact, bool) or not isinstance(fact, int):
        msg = f"{name} is no count: {fact!r}"
        raise TypeError(msg)
    return fact


def is_so(facts: Facts, name: str) -> bool:
    """Tell whether a yes/no fact holds; one that nobody stated does (the stricter side)."""
    return bool(facts.get(name, True))


def _fact(facts: Facts, name: str) -> Fact:
    if name not in facts:
        raise Refusal(FACT_MISSING, missing=(name,))
    return facts[name]
