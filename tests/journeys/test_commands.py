"""The commands that operators and doubters use, on running nodes."""

import json
import shutil
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.nodes import Node, Nodes, wait_until

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def exports(three_nodes: Nodes, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The exported log of each node, by the node's code; nothing but the manifest was printed."""
    folders = {}
    for node in three_nodes.all:
        folder = tmp_path_factory.mktemp("log") / node.code
        _await_checkpoint(node)
        done = node.manage("export", "ledger", str(folder))
        assert done.returncode == 0, done.stderr
        manifest = json.loads(done.stdout)
        assert manifest["origin"] == node.code
        assert manifest["size"] > 0
        folders[node.code] = folder
    return folders


def _await_checkpoint(node: Node) -> None:
    """Wait for the first checkpoint: a node that has just started signs it within seconds."""
    wait_until(lambda: node.rows("SELECT 1 FROM ledger_checkpoint LIMIT 1"))


def _verdict(node: Node, folder: Path) -> tuple[int, str]:
    done = node.manage("verify", str(folder), "--key", node.public_key)
    return done.returncode, done.stdout


def test_the_log_of_every_node_is_exported_and_holds(
    three_nodes: Nodes, exports: dict[str, Path]
) -> None:
    for node in three_nodes.all:
        code, said = _verdict(node, exports[node.code])

        assert code == 0, said


@pytest.mark.parametrize("name", ["leaves.jsonl", "records.jsonl"])
def test_one_changed_byte_is_found_and_named(
    three_nodes: Nodes, exports: dict[str, Path], tmp_path: Path, name: str
) -> None:
    node = three_nodes.city
    folder = tmp_path / "log"
    shutil.copytree(exports[node.code], folder)
    records = (folder / "records.jsonl").read_bytes().splitlines()
    position = json.loads(records[len(records) // 2])["position"]
    lines = (folder / name).read_bytes().splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if json.loads(line)["position"] == position)
    lines[place] = _with_one_byte_changed(lines[place])
    (folder / name).write_bytes(b"".join(lines))

    code, said = _verdict(node, folder)

    assert code == 1
    assert f"位置 {position}" in said


def _with_one_byte_changed(line: bytes) -> bytes:
    """Change one letter of the longest text in a line, so that it stays readable."""
    row = json.loads(line)
    text = max(_texts(row), key=len)
    place = line.index(text.encode()) + len(text.encode()) // 2
    while not chr(line[place]).isalnum():
        place += 1
    other = b"b" if line[place : place + 1] == b"a" else b"a"
    return line[:place] + other + line[place + 1 :]


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in _texts(each)]
    return [value] if isinstance(value, str) and value.isascii() else []


def _look_at(node: Node, folder: Path) -> tuple[int, str]:
    done = node.manage(
        "monitor", node.url, "--state", str(folder), "--key", node.public_key, "--once"
    )
    return done.returncode, done.stdout + done.stderr


def test_a_monitor_far_away_names_a_rewritten_notice(three_nodes: Nodes, tmp_path: Path) -> None:
    node = three_nodes.city
    assert _look_at(node, tmp_path)[0] == 0
    with psycopg.connect(node.database_url, autocommit=True) as database:
        found = database.execute(
            "SELECT id, body FROM records_version WHERE dataset = 'DEAL_BEHAVIOR_INFO' LIMIT 1"
        ).fetchone()
        assert found is not None
        change = "UPDATE records_version SET body = %s WHERE id = %s"
        rewritten = found[1] | {"ANNOUNCEMENT_TITLE": "另一个公告"}
        database.execute(change, (Jsonb(rewritten), found[0]))
        try:
            code, said = _look_at(node, tmp_path)
        finally:
            database.execute(change, (Jsonb(found[1]), found[0]))

    assert code == 1
    assert str(found[0]) in said


def test_an_export_over_something_else_is_refused(three_nodes: Nodes, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")

    done = three_nodes.city.manage("export", "ledger", str(tmp_path))

    assert done.returncode == 1
    assert done.stdout == ""
    assert "已存在且不为空" in done.stderr


def test_a_key_of_another_platform_does_not_pass(
    three_nodes: Nodes, exports: dict[str, Path]
) -> None:
    code, said = _verdict(three_nodes.nation, exports[three_nodes.city.code])

    assert code == 1, said


def test_the_doctor_finds_running_nodes_well(three_nodes: Nodes) -> None:
    done = three_nodes.city.manage("doctor", GONGHENG_STATE=str(three_nodes.state))

    assert done.returncode == 0, done.stderr
    assert "平台正在运行" in done.stdout
    for node in three_nodes.all:
        assert node.config.name in done.stdout
    assert "没有发现问题" in done.stderr
    assert "没有发现问题" not in done.stdout


def test_what_is_wrong_goes_to_standard_error(three_nodes: Nodes, exports: dict[str, Path]) -> None:
    node = three_nodes.city
    refused = node.manage("verify", str(exports[node.code]), "--key", "04nonsense")
    unknown = node.manage("export", "everything", "somewhere")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert refused.stderr
    assert unknown.stderr
