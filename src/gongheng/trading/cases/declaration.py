"""The language in which a trade type and method is declared: plain frozen rows, no behaviour.

A case awaits one step at a time. A step with ``during`` is a side step: it may be done while the
case awaits one of those, and usually leaves it there (``STAY``). Everything else a step says is a
condition (role, time, periods, counts, guards) or a duty (notice, second person). No number of the
law stands here: a ``Period`` or ``Threshold`` names the rule, and the term in force on the day of
the case's first public notice gives the number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gongheng.trading.cases.kinds import (
    Deed,
    EndingKind,
    Information,
    Party,
    Phase,
    Regime,
    Role,
    Sight,
    TenderMode,
)

STAY = "."
"""As the target of an outcome: the case goes on awaiting what it awaits."""
NOW = "now"
"""As the name of an instant: the moment at which the step is done."""
DONE_AT = "@"
"""Before a step's code: the moment at which that step was last done in this round."""
LETTER = "B-03i"
"""The notice that goes to those whom it names and to nobody else: whoever invites by it, chooses."""
IDLE = "idle_close_from"
"""As the name of an instant: from then on a case that was reminded may be closed as idle (U-05)."""
FAILED_ROUNDS = "failed_rounds"
"""As the name of a count: the rounds of the case that failed, this one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A time the law fixes between two instants; what breaks it is refused, or only noted.

    ``start`` and ``end`` name facts of the case, ``NOW`` or ``@step``. ``value`` is the procedure's
    own, stricter number. ``when`` names a yes/no fact: otherwise the period does not bind. Being
    late with a duty must be noted, not refused: refused, the duty could never be done at all.
    """

    rule: str
    start: str
    end: str = NOW
    key: str = ""
    value: int | None = None
    when: str = ""
    is_noted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A count that the law fixes; with ``is_met`` false the outcome is for those below it."""

    rule: str
    fact: str
    key: str = ""
    is_met: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a step may come to, and which step or ending follows.

    ``cause`` is the event of the failure table (Q-01 ...) that the outcome is. ``closes_as`` names
    the ending of this round; the case then awaits ``to`` in the next one.
    """

    code: str
    label: str
    to: str
    thresholds: tuple[Threshold, ...] = ()
    guards: tuple[str, ...] = ()
    cause: str = ""
    closes_as: str = ""

    @property
    def opens_round(self) -> bool:
        """Tell whether the case goes on in a new round."""
        return bool(self.closes_as)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: who does it under which permission, and everything that must hold.

    ``second`` are the roles of the second person who must confirm (U-07). ``facts`` must be given
    when the step is done, and satisfy the ``thresholds``. It may be done from the instant named ``not_before`` and before the one
    named ``before``. ``needs`` are steps done earlier in the round. A silent step is judged and
    leaves no trace in the case (bids must not be countable). ``suspends`` opens a matter under the
    document number in the fact ``document``, ``resumes`` closes it; meanwhile only steps with
    ``in_suspension`` may be done. ``rules`` are the rules of the handbook that it serves.
    """

    code: str
    label: str
    deed: Deed
    permission: str
    roles: tuple[Role, ...]
    phase: Phase = Phase.BIDDING
    outcomes: tuple[Outcome, ...] = ()
    second: tuple[Role, ...] = ()
    notice: str = ""
    during: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    guards: tuple[str, ...] = ()
    not_before: str = ""
    before: str = ""
    rules: tuple[str, ...] = ()
    suspends: str = ""
    resumes: str = ""
    in_suspension: bool = False
    is_once: bool = False
    is_silent: bool = False
    binds_terms: bool = False

    @property
    def is_side(self) -> bool:
        """Tell whether the step is done beside the one that is awaited."""
        return bool(self.during)

    def outcome(self, code: str) -> Outcome | None:
        """Return the outcome of that code; a step with a single one needs no code."""
        if not code and len(self.outcomes) == 1:
            return self.outcomes[0]
        return next((outcome for outcome in self.outcomes if outcome.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A state after which nothing follows."""

    code: str
    label: str
    kind: EndingKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TermName:
    """A term by its rule and key."""

    rule: str
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """How the committee is made up: terms of its size and of its share of experts."""

    size: TermName
    experts: TermName
    is_odd: bool = True
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """An evaluation method that the documents may choose, and the rules of its arithmetic."""

    code: str
    label: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A deposit or bond with the terms that limit it and that fix its return."""

    code: str
    label: str
    limits: tuple[TermName, ...]
    refunds: tuple[TermName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A link of the dispute chain: the matter, the step that raises it, the one that answers."""

    matter: str
    label: str
    objection: str
    answer: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """From which phase on a party sees an item, and how much; without a row it sees nothing."""

    information: Information
    party: Party
    phase: Phase
    sight: Sight = Sight.FULL


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A trade type and method. ``lasting`` are the facts that a new round takes over."""

    code: str
    title: str
    trade_type: str
    regime: Regime
    begins_at: str
    steps: tuple[Step, ...]
    endings: tuple[Ending, ...]
    committee: Committee | None = None
    methods: tuple[Method, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    views: tuple[View, ...] = ()
    lasting: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    def by_code(self) -> Mapping[str, Step]:
        """Return the steps by their codes."""
        return {step.code: step for step in self.steps}

    def step(self, code: str) -> Step:
        """Return a step. Raises ``KeyError``."""
        return self.by_code()[code]

    @property
    def invitation(self) -> Step | None:
        """Return the step that invites bids."""
        return next((step for step in self.steps if step.deed is Deed.INVITE), None)

    @property
    def tender_mode(self) -> TenderMode:
        """Return who may bid: the notice that invites bids says it."""
        by_letter = self.invitation is not None and self.invitation.notice == LETTER
        return TenderMode.INVITED if by_letter else TenderMode.OPEN

    def ending(self, code: str) -> Ending | None:
        """Return the ending of that code, if it is one."""
        return next((ending for ending in self.endings if ending.code == code), None)

    def label_of(self, state: str) -> str:
        """Return the Chinese name of a step or an ending. Raises ``KeyError``."""
        ending = self.ending(state)
        return ending.label if ending else self.step(state).label


def derived(
    original: Procedure,
    *,
    code: str,
    title: str,
    replacing: tuple[Step, ...] = (),
    rules: tuple[str, ...] = (),
) -> Procedure:
    """Return a procedure that is another one except for some steps: only the difference is written.

    Raises ``KeyError`` for a step that the original does not have.
    """
    changed = {step.code: step for step in replacing}
    for missing in changed.keys() - original.by_code().keys():
        raise KeyError(missing)
    return replace(
        original,
        code=code,
        title=title,
        steps=tuple(changed.get(step.code, step) for step in original.steps),
        rules=(*original.rules, *rules),
    )
