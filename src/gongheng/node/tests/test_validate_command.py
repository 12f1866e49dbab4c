"""A file judged by the platform above: the command asks over real HTTP, under the node's key."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gongheng.data.standard import samples
from gongheng.data.validations import actions, asking, reasons
from gongheng.data.validations.models import Job
from gongheng.data.validations.tests.support import NOW, as_child, projects, table
from gongheng.node import chosen, cli
from gongheng.node.validate_command import NOT_ABOVE, NOT_THERE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def written(folder: Path, content: bytes, name: str = "PROJECT-202611.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.fixture
def above(live_server: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return this node as its own parent: it judges whenever the command pauses."""
    child = as_child()
    parent = replace(child, url=live_server.url, direction="parent")
    (tmp_path / "state").mkdir()
    settings.NODE = replace(settings.NODE, peers=(child, parent), state_dir=tmp_path / "state")
    monkeypatch.setattr(chosen, "with_django", lambda: settings.NODE)
    monkeypatch.setattr(asking.time, "sleep", lambda _seconds: actions.step(now=NOW))
    return parent


def test_the_command_has_a_file_judged_by_the_platform_above(
    above: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, projects(PROJECT_NAME=""))
    errors = tmp_path / "errors.csv"

    assert cli.main(["validate", str(file), "--at", above.code, "--errors", str(errors)]) == 1

    said = capsys.readouterr()
    assert "PROJECT：2 条记录，1 条单条校验有错误" in said.out
    assert "“项目名称”必须填写。" in said.out
    assert "已校验 2 条" in said.err
    assert "PROJECT_NAME" in errors.read_text("utf-8-sig")
    right = written(tmp_path, table(samples.valid("PROJECT")), "PROJECT-2.csv")
    assert cli.main(["validate", str(right), "--at", above.code]) == 0
    assert cli.main(["validate", str(file), "--at", above.code, "--json"]) == 1
    assert cli.main(["validate", str(file), "--json"]) == 1
    there, here = map(json.loads, capsys.readouterr().out.splitlines()[-2:])
    assert there == json.loads(json.dumps(here).replace(f"{tmp_path}/", ""))


def test_the_command_says_when_a_file_was_not_judged_to_its_end(
    above: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_TRIES", 0)

    assert cli.main(["validate", str(written(tmp_path, projects())), "--at", above.code]) == 2

    assert reasons.INTERRUPTED.message in capsys.readouterr().err


def test_the_command_refuses_what_is_not_above_and_what_is_not_done_there(
    above: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, projects())

    assert cli.main(["validate", str(file), "--at", "999999"]) != 0
    assert NOT_ABOVE.message in capsys.readouterr().err
    assert cli.main(["validate", str(file), "--at", above.code, "--history", str(tmp_path)]) != 0
    assert NOT_THERE.message in capsys.readouterr().err
    assert not Job.objects.exists()
