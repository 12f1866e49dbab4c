import subprocess
import sys
from pathlib import Path

import pytest

from gongheng.node import cli


def _run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_verify_needs_neither_django_nor_a_database(tmp_path: Path) -> None:
    said = _run(
        "import sys; from gongheng.node import cli\n"
        f"code = cli.main(['verify', {str(tmp_path)!r}])\n"
        "print(code, sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'django', 'psycopg', 'httpx'}))"
    )

    assert said.splitlines()[-1] == "1 []"


def test_the_supervisor_has_no_django() -> None:
    said = _run("import sys; from gongheng.node import up; print('django' in sys.modules)")

    assert said.strip() == "False"


def test_a_command_for_a_node_asks_which(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GONGHENG_NODE", raising=False)

    code = cli.main(["web"])

    said = capsys.readouterr()
    assert code == 1
    assert said.out == ""
    assert "GONGHENG_NODE" in said.err


def test_the_demonstrations_files_are_given_as_data(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GONGHENG_STATE", str(tmp_path))

    assert cli.main(["demo"]) == 0

    given = capsys.readouterr().out.split()
    assert [Path(path).parent.name for path in given] == ["city", "province", "nation"]
