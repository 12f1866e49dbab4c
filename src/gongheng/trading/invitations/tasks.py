"""What is to be done about invitations beside the steps: name enough firms before the letter."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from gongheng.kernel.workdays.counting import day_of
from gongheng.trading.cases import queries as cases
from gongheng.trading.cases.duties import LEAST_INVITED
from gongheng.trading.cases.kinds import TenderMode
from gongheng.trading.invitations import permissions, queries
from gongheng.trust.identity.actors import Actor
from gongheng.web.work import Task, provides_tasks


@provides_tasks
def firms_to_name(*, actor: Actor, now: datetime) -> Iterator[Task]:
    """Yield the clerk's lots that invite too few firms for their letter."""
    if not actor.may(permissions.NAME):
        return
    on = day_of(now)
    for case in cases.cases_for(actor).filter(is_over=False, terms_on=None):
        procedure = cases.declaration_of(case)
        if procedure.tender_mode is TenderMode.INVITED and not queries.is_enough(case, on=on):
            yield Task(
                title="确定被邀请的投标人",
                address=reverse("case-invitees", args=[case.pk]),
                subject=case.title,
                case_code=case.code,
                rule=LEAST_INVITED.rule,
            )
