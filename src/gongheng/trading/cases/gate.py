"""The gate of publications, openings and awards: what a second person sees before it goes out.

A room says in its ``gates.py`` what a two-person step of its own would publish or decide, and how
it is carried out; ``node`` imports these modules when it starts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongheng.kernel.canonical import canonical
from gongheng.trading.cases.declaration import Procedure
from gongheng.trading.cases.models import Proposal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.identity.actors import Actor
from gongheng.web.files import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that everybody may have once the passage is out; ``of``: what it belongs to."""

    of: str
    name: str
    digest: str
    store: Store


Record = tuple[str, Mapping[str, str]]
"""A dataset's code and a body as on the wire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Exactly what would go out: the title, the records, and label and words of what is decided.

    It is made anew whenever somebody looks. What depends on the very moment (when it was published)
    stays out of it: the second person confirms the passage that was seen, and none other.
    ``texts`` (of what, label, words) go out with it and are read elsewhere, so they are not shown
    again but searched; so are ``files``.
    """

    title: str
    records: tuple[Record, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, str, str], ...] = ()
    files: tuple[Attached, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the passage as JSON values."""
        return {
            "title": self.title,
            "records": [[dataset, dict(body)] for dataset, body in self.records],
            "facts": [list(fact) for fact in self.facts],
            "texts": [list(text) for text in self.texts],
            "files": [[file.of, file.name, file.digest] for file in self.files],
        }


Preview = Callable[[Proposal, datetime], Passage]
"""``preview(proposal, now)``; raises ``Refusal`` for what can no longer be published."""
CarryOut = Callable[[Proposal, Actor, datetime], None]
"""``carry_out(proposal, actor, now)`` writes, publishes and advances each case of the matter."""


@dataclass(frozen=True, slots=True)
class GatedDeed:
    """What a room does in a two-person step."""

    preview: Preview
    carry_out: CarryOut


class UnprovidedDeed(LookupError):
    """A two-person step that no room carries out: our fault, and the step stays closed."""


_provided: dict[str, GatedDeed] = {}


def provide(step: str, preview: Preview, carry_out: CarryOut) -> None:
    """Enter what a room does in a two-person step. Raises ``ValueError`` for a second room."""
    deed = GatedDeed(preview, carry_out)
    if _provided.setdefault(step, deed) != deed:
        msg = f"two rooms carry out {step}"
        raise ValueError(msg)


def deed_of(step: str) -> GatedDeed:
    """Return what the room does in a step. Raises ``UnprovidedDeed``."""
    if step not in _provided:
        raise UnprovidedDeed(step)
    return _provided[step]


def unprovided(procedure: Procedure) -> frozenset[str]:
    """Return the two-person steps of a declaration that no room carries out."""
    return frozenset(step.code for step in procedure.steps if step.second) - _provided.keys()


def proposals_of(matter: UUID) -> tuple[Proposal, ...]:
    """Return the proposals of a matter that wait, by the code of their case: one deed, several lots."""
    waiting = Proposal.objects.filter(matter=matter, settled_at__isnull=True)
    return tuple(waiting.select_related("case").order_by("case__code", "id"))


def digest(passage: Passage, proposals: Iterable[Proposal]) -> str:
    """Return the SM3 of a passage and of what was proposed, hex: it names what somebody saw."""
    proposed = [
        [str(proposal.pk), proposal.case.code, proposal.step, proposal.outcome, proposal.facts]
        for proposal in proposals
    ]
    return sm3(canonical({"passage": passage.as_json(), "proposed": proposed})).hex()
