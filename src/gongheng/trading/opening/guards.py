"""The conditions of this room that a declaration may name."""

from gongheng.kernel.reasons import Refusal
from gongheng.trading.cases import guards
from gongheng.trading.cases.guards import Question
from gongheng.trading.cases.models import Case
from gongheng.trading.opening import destruction, queries, recording, rules


@guards.provide("opening.decryption_finished")
def decryption_finished(question: Question) -> None:
    """Ask that both phases are over, each cause decided, and the stated number the true one."""
    opening = recording.finished(question.case_id)
    count = queries.decrypted(opening)
    if question.facts.get("decrypted") != count:
        raise Refusal(rules.OTHER_COUNT, stated=question.facts.get("decrypted"), found=count)


@guards.provide("opening.record_confirmed")
def record_confirmed(question: Question) -> None:
    """Ask that all have answered for the record, or that their time is over (E-11)."""
    opening = queries.of_case(question.case_id)
    if opening is None:
        raise Refusal(rules.NOT_SHOWN)
    if opening.published_at is None:
        recording.require_confirmed(opening, now=question.now)


@guards.provide("opening.unopened_keys_destroyed")
def unopened_keys_destroyed(question: Question) -> None:
    """Ask that so many holders have destroyed their keys that nobody can open what was not."""
    destruction.require_destroyed(Case.objects.get(pk=question.case_id))
