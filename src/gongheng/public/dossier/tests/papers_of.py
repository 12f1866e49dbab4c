"""Papers as plain data, for the rules."""

from datetime import datetime, timedelta
from uuid import UUID

from gongheng.public.dossier.kinds import Stage
from gongheng.public.dossier.papers import Paper
from gongheng.public.dossier.tests.conftest import NOW

_DATASETS = {
    Stage.REGISTRATION: "SECTION",
    Stage.NOTICE: "TENDER_ANN_QUA_INQUERY_ANN",
    Stage.OPENING: "BID_OPENING_RECORD",
    Stage.CANDIDATES: "TENDER_CANDIDATE_ANNOUNCE",
    Stage.AWARD: "WIN_RESULT_ANNO",
    Stage.CONTRACT: "CONTRACT_PERFORMANCE",
    Stage.EXCEPTION: "TENDER_ABNORMITY_REPORT",
}


def paper(
    stage: Stage,
    *,
    days: int | None = 0,
    dataset: str = "",
    trade: str = "works",
    is_ours: bool = True,
    is_history: bool = False,
    title: str = "官渡区第三中学教学综合楼",
    **body: str,
) -> Paper:
    """Return a paper published some days after the first."""
    at: datetime | None = None if days is None else NOW + timedelta(days=days)
    return Paper(
        id=UUID(int=0),
        dataset=dataset or _DATASETS[stage],
        key=body.get("BID_SECTION_CODE", "1"),
        stage=stage,
        kind=stage.label,
        title=title,
        at=at,
        origin="示例平台",
        trade=trade,
        region_code="530111",
        transaction_code="",
        is_ours=is_ours,
        is_history=is_history,
        is_withdrawn=False,
        body=body,
    )
