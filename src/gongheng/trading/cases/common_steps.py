"""Steps that procedures of many trade types declare alike."""

from gongheng.trading.cases.declaration import IDLE, Outcome, Step
from gongheng.trading.cases.kinds import Deed, Role


def closing_idle(*, before_notice: tuple[str, ...], to: str) -> Step:
    """Return the step by which two people of the centre close a case that nobody goes on with (U-05)."""
    return Step(
        code="close_idle",
        label="关闭闲置项目",
        deed=Deed.DECIDE,
        permission="trading:failure:close_idle",
        roles=(Role.OFFICER,),
        second=(Role.OFFICER,),
        during=before_notice,
        not_before=IDLE,
        facts=("statement",),
        guards=("cases.idle",),
        outcomes=(Outcome(code="done", label="已关闭", to=to),),
        rules=("U-05", "U-07"),
    )


def terminating_idle(*, after_notice: tuple[str, ...], to: str) -> Step:
    """Return the step that announces the end of such a case once it was announced to the public."""
    return Step(
        code="terminate_idle",
        label="终止闲置项目",
        deed=Deed.TERMINATE,
        permission="trading:failure:terminate_idle",
        roles=(Role.OFFICER,),
        second=(Role.OFFICER,),
        notice="B-08",
        during=after_notice,
        not_before=IDLE,
        facts=("cause",),
        guards=("cases.idle",),
        outcomes=(Outcome(code="done", label="已公告终止", to=to, cause="Q-05"),),
        rules=("U-05", "U-07"),
    )
