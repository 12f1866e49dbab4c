"""The deeds of an evaluation: what other rooms, pages and tests call; the only writers of the room.

Members see only their own committee: each deed of a member finds the seat by the actor.
"""

from gongheng.trading.evaluation.asking import answer, ask, correct
from gongheng.trading.evaluation.forming import (
    Letter,
    Seat,
    declare,
    extend_time,
    form,
    person_for,
    replace,
    say,
    vote,
)
from gongheng.trading.evaluation.marking import (
    Finding,
    close_review,
    close_technical,
    reopen_review,
    save,
    save_all,
)
from gongheng.trading.evaluation.reporting import (
    draw_up,
    note_refusal,
    receive,
    sign,
    submit,
    withdraw,
)

__all__ = [
    "Finding",
    "Letter",
    "Seat",
    "answer",
    "ask",
    "close_review",
    "close_technical",
    "correct",
    "declare",
    "draw_up",
    "extend_time",
    "form",
    "note_refusal",
    "person_for",
    "receive",
    "reopen_review",
    "replace",
    "save",
    "save_all",
    "say",
    "sign",
    "submit",
    "vote",
    "withdraw",
]
