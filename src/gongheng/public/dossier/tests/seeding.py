"""Invented cases from plan to contract, and the history of another platform."""

from datetime import datetime, timedelta
from pathlib import Path

from gongheng.data.imports import actions as imports
from gongheng.data.imports.tests.support import line, write
from gongheng.data.records import actions as records
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.models import Version
from gongheng.data.standard import samples
from gongheng.data.standard.times import wire_time
from gongheng.public.search.tests.seeding import NOTICE, Case

FIRST, SECOND, THIRD = "春城（云南）建设有限公司", "滇池建工有限公司", "翠湖建设有限公司"


class Whole(Case):
    """A case of one lot whose papers are published one by one, each at a moment of its own."""

    def plan(self, *, at: datetime) -> None:
        """Publish the tender plan of the lot."""
        records.act(
            case_code=self.lot,
            kind="tender_plan.published",
            actor_code="12530100MB1X000028",
            facts={
                "plan": self.tender,
                "planned_on": "2026-10-01",
                "title": f"{self.name}招标计划",
            },
            audience=Audience.PUBLIC,
            now=at,
            region_code=self.region,
        )

    def correct(self, notice: Version, *, at: datetime, **values: str) -> Version:
        """Publish the next version of a notice."""
        return records.publish(
            dataset=NOTICE,
            body=notice.body | values,
            audience=Audience.PUBLIC,
            now=at,
            operation=Operation.UPDATE,
        )

    def paper(self, dataset: str, *, at: datetime, **values: str) -> Version:
        """Publish a paper of the lot."""
        known = {
            "TENDER_PROJECT_CODE": self.tender,
            "BID_SECTION_CODE": self.lot,
            "BID_SECTION_CODES": self.lot,
            "UNIFIED_DEAL_CODE": self.deal,
            "UNIFIED_DEAL_CODES": self.deal,
            "REGION_CODE": self.region,
            "TRA_PLACE_CODE": self.region,
        }
        body = samples.valid(dataset)
        body |= {column: value for column, value in known.items() if column in body} | values
        return records.publish(
            dataset=dataset, body=body, audience=Audience.PUBLIC, now=at, case_code=self.tender
        )

    def opened(self, *, at: datetime) -> Version:
        """Publish the opening record."""
        title = f"{self.name}开标记录"
        return self.paper(
            "BID_OPENING_RECORD", at=at, NOTICE_NAME=title, BID_OPENING_TIME=wire_time(at)
        )

    def listed(self, *names: str, at: datetime) -> Version:
        """Publish the candidates, best first, and their publicity of four days."""
        for rank, name in enumerate(names, start=1):
            self.paper(
                "TENDER_CANDIDATE",
                at=at,
                WIN_CANDIDATE_NAME=name,
                WIN_CANDIDATE_CODE=samples.firm(rank),
                WIN_CANDIDATE_ORDER=str(rank),
                BID_PRICE=f"{9_000_000 + rank}",
            )
        return self.paper(
            "TENDER_CANDIDATE_ANNOUNCE",
            at=at,
            PUBLICITY_NAME=f"{self.name}中标候选人公示",
            PUBLICITY_START_TIME=wire_time(at),
            PUBLICITY_END_TIME=wire_time(at + timedelta(days=4)),
        )

    def won_by(self, name: str, *, at: datetime) -> Version:
        """Publish the result."""
        return self.paper(
            "WIN_RESULT_ANNO",
            at=at,
            NOTICE_NAME=f"{self.name}中标结果公告",
            NOTICE_SEND_TIME=wire_time(at),
            NOTICE_NATURE="1",
            WIN_BIDDER_NAME=name,
            BID_AMOUNT="9000001",
        )

    def contracted(self, name: str, *, at: datetime) -> Version:
        """Publish the contract."""
        return self.paper(
            "CONTRACT_PERFORMANCE",
            at=at,
            CONTRACT_NAME=f"{self.name}施工合同",
            BIDDER_NAME=name,
            CONTRACT_SIGN_TIME=wire_time(at),
        )


def take_history(folder: Path, *, now: datetime) -> None:
    """Import a project of which the source had no notice, no opening and no contract."""
    name = "示例市滨河路人行天桥工程施工"
    candidates = [
        {"order": 1, "name": FIRST, "price_raw": "3312590.00", "price_yuan": 3312590},
        {"order": 2, "name": SECOND, "price_raw": "下浮率20.50%"},
    ]
    lines: list[object] = [
        line(
            1,
            kind="candidate_publicity",
            title=f"{name}中标候选人公示",
            project_code="",
            published_at="2026-03-10T09:00",
            parties={"candidates": candidates},
        ),
        line(
            2,
            title=f"{name}中标结果公告",
            project_code="",
            published_at="2026-03-16T09:00",
            parties={"buyer": "示例市住房和城乡建设局", "winner": THIRD},
        ),
        line(3, title="另一个示例项目中标结果公告", project_code=""),
    ]
    path = write(folder / "history.jsonl", lines)
    list(imports.import_notices(path, stays_here=True, now=now))
