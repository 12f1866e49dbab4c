"""The pages of the files that are judged, in a real browser."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from gongheng.data.validations import actions
from gongheng.data.validations.tests.support import NOW, actor, person, projects, submitted
from tests.browser import CHROMIUM, session_of, visitor

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]


def test_every_page_is_without_fault(live_server: Any, settings: Any, tmp_path: Path) -> None:
    settings.NODE = replace(settings.NODE, state_dir=tmp_path)
    account = person("operator")
    client = Client()
    client.force_login(account)
    with visitor(session_of(client, live_server.url)) as look:
        look.at(f"{live_server.url}/validations/", name="validations-none")
        who = actor(account)
        name = f"PROJECT-{'很长的文件名' * 12}.csv"
        done = submitted(who, projects(PROJECT_NAME="", CREATE_TIME="20261301000000"), name)
        actions.step(now=NOW)
        waiting = submitted(who, projects())
        look.at(f"{live_server.url}/validations/", name="validations")
        look.at(f"{live_server.url}/validations/{done.pk}/", name="validation-done")
        look.at(f"{live_server.url}/validations/{waiting.pk}/", name="validation-waiting")
        broken = submitted(who, b"%PDF-1.4", "PROJECT.pdf")
        actions.step(now=NOW)
        actions.step(now=NOW)
        look.at(f"{live_server.url}/validations/{broken.pk}/", name="validation-broken")
