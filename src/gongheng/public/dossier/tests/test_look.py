"""The page of a case in a real browser: a long one, one of history, an unknown one."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gongheng.data.records.models import Current
from gongheng.data.standard.times import wire_time
from gongheng.public.dossier.tests.conftest import NOW, StandingClock
from gongheng.public.dossier.tests.seeding import FIRST, SECOND, THIRD, Whole, take_history
from gongheng.public.search.tests.seeding import sign_log
from tests.browser import CHROMIUM, visitor as browser_visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]

LONG = "寻甸回族彝族自治县功山镇、六哨乡、羊街镇、河口镇、先锋镇、塘子街道、仁德街道、金所街道" * 3


def test_the_dossier_is_without_fault(
    live_server: Any, clock: StandingClock, tmp_path: Path
) -> None:
    clock.at = later = NOW + timedelta(days=100)
    case = Whole(1, at=NOW, name=LONG)
    notice = case.announce(opens_in=timedelta(days=25))
    for number in range(1, 9):
        at = NOW + timedelta(hours=number)
        case.correct(notice, at=at, OTHER_CONTENT=f"第 {number} 次补充说明")
        case.paper(
            "TENDER_FILE_CLARI_MODI",
            at=at,
            DOC_NAME=f"{LONG}第 {number} 号澄清",
            DOC_NO=f"{case.tender}{number:06}",
            SUBMIT_TIME=wire_time(at),
        )
    case.listed(FIRST, SECOND, at=NOW + timedelta(days=27))
    case.won_by(THIRD, at=NOW + timedelta(days=32))
    take_history(tmp_path, now=later)
    sign_log(now=later)
    award = Current.objects.get(title__startswith="示例市滨河路", kind="中标结果公告").version_id
    pages = {
        "long": (f"/dossiers/{case.tender}/", 200),
        "history": (f"/dossiers/{award}/", 200),
        "unknown": ("/dossiers/E9999999999999999999/", 404),
    }

    with browser_visitor() as look:
        for name, (address, status) in pages.items():
            look.at(live_server.url + address, name=f"dossier-{name}", status=status)
