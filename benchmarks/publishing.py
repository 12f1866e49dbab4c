"""Publishes records on the city's node: whole cases of works, each of four records."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from gongheng.data.standard import samples
from tests.nodes import Node

Row = tuple[str, dict[str, str]]
_CONTENT = (
    "本招标项目已由主管部门批准建设，现对该项目的施工进行公开招标，特邀请有兴趣的潜在投标人参加。"
)
"""Repeated until a notice has the length that real ones have, about three thousand characters."""


def cases() -> Iterator[Row]:
    """Yield records without end: project, tender, lot and notice of one invented case after another."""
    content = _CONTENT * 65
    for number in count(1):
        project = f"E5301009001{number:06}"
        tender, lot = project + "001", project + "001001"
        yield "PROJECT", samples.valid("PROJECT", PROJECT_CODE=project)
        yield (
            "TENDER_PROJECT",
            samples.valid("TENDER_PROJECT", PROJECT_CODE=project, TENDER_PROJECT_CODE=tender),
        )
        yield (
            "SECTION",
            samples.valid("SECTION", TENDER_PROJECT_CODE=tender, BID_SECTION_CODE=lot),
        )
        yield (
            "TENDER_ANN_QUA_INQUERY_ANN",
            samples.valid(
                "TENDER_ANN_QUA_INQUERY_ANN",
                TENDER_PROJECT_CODE=tender,
                BID_SECTION_CODES=lot,
                NOTICE_CONTENT=content,
            ),
        )


@dataclass
class Publisher:
    """Publishes through the record store's own action, in this process, as the city's node."""

    rows: Iterator[Row]

    @classmethod
    def on(cls, city: Node) -> "Publisher":
        os.environ["GONGHENG_NODE"] = str(city.folder / "node.toml")
        os.environ["DATABASE_URL"] = city.database_url
        os.environ["DJANGO_SETTINGS_MODULE"] = "gongheng.node.settings"
        import django  # noqa: PLC0415  the node must be known first

        django.setup()
        return cls(cases())

    def publish(self, number: int, *, seconds: float = 0.0) -> list[UUID]:
        """Publish records, spread evenly over ``seconds``; return their versions."""
        from gongheng.data.records import actions  # noqa: PLC0415
        from gongheng.data.records.kinds import Audience  # noqa: PLC0415
        from gongheng.web.clock import legal_now  # noqa: PLC0415

        started = time.monotonic()
        versions: list[UUID] = []
        for index in range(number):
            ahead = started + index * seconds / number - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
            dataset, body = next(self.rows)
            versions.append(
                actions.publish(
                    dataset=dataset, body=body, audience=Audience.PUBLIC, now=legal_now()
                ).pk
            )
        return versions

    def close(self) -> None:
        from django.db import connection  # noqa: PLC0415

        connection.close_pool()
