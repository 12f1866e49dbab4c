"""The room's part of the worker: begin at the hour, freeze the list, decrypt; never in a request."""

from collections.abc import Callable
from uuid import UUID

from gongheng.kernel.reasons import Refusal
from gongheng.registers.holds import reasons as holds
from gongheng.trading.opening import actions, decrypting, later, phases, queries
from gongheng.trading.opening.kinds import LaterStage, Stage
from gongheng.trading.opening.models import LaterOpening
from gongheng.web.clock import legal_now


def begin() -> bool:
    """Begin the openings whose hour has come."""
    due = queries.due_for_opening(now=legal_now())
    done = [_unless_held(_begin, case_id) for case_id in due]
    return any(done)


def _begin(case_id: UUID) -> bool:
    return actions.begin(case_id=case_id, now=legal_now()) is not None


def freeze() -> bool:
    """Freeze the lists whose time has come."""
    done = [_unless_held(_freeze, each) for each in queries.awaiting(Stage.BIDDERS)]
    return any(done)


def _freeze(opening_id: UUID) -> bool:
    return phases.freeze(opening_id=opening_id, now=legal_now())


def decrypt() -> bool:
    """Decrypt a few bids of each opening."""
    done = [_decrypt(each) for each in queries.awaiting(Stage.HOLDERS)]
    return any(done)


def _decrypt(opening_id: UUID) -> bool:
    return decrypting.step(opening_id=opening_id, now=legal_now())


def open_later() -> bool:
    """Decrypt what waited for an event, one bid of each opening."""
    waiting = LaterOpening.objects.filter(stage=LaterStage.HOLDERS).order_by("recorded_at")
    done = [later.step(later_id=row.pk, now=legal_now()) for row in waiting]
    return any(done)


def _unless_held(deed: Callable[[UUID], bool], subject: UUID) -> bool:
    """Do it, or leave what is held as it is: it is looked at again."""
    try:
        return deed(subject)
    except Refusal as refusal:
        if refusal.reason is not holds.HELD:
            raise
        return False


LOOPS: list[tuple[str, float, Callable[[], object]]] = [
    ("opening.begin", 1.0, begin),
    ("opening.freeze", 1.0, freeze),
    # Cipher and digest leave the interpreter to others, so that two threads fill two cores.
    ("opening.decrypt", 0.3, decrypt),
    ("opening.decrypt_beside", 1.0, decrypt),
    ("opening.later", 1.0, open_later),
]
"""Name, seconds between two looks unless the step found work, step."""
