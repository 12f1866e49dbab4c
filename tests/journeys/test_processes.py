"""Nothing is left behind, whatever becomes of the command that started it all."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.nodes import Nodes, await_ready, launch, stop, temporary_state, wait_until

pytestmark = pytest.mark.journey

SECOND_START_SECONDS = 45
"""Ten on a quiet machine; tests share theirs, with the nodes of other tests."""
READY = 60


@pytest.fixture(scope="module")
def clone(three_nodes: Nodes) -> Iterator[Nodes]:
    """A second clone beside the first: six nodes at once, in ``--full``. Tests stop and start it."""
    del three_nodes  # it has the usual ports
    with temporary_state() as state:
        other = Nodes(state, launch(state))
        try:
            await_ready(other.process, state)
            yield other
        finally:
            stop(other.process)


def start_again(clone: Nodes) -> None:
    clone.process = launch(clone.state)
    await_ready(clone.process, clone.state)


@pytest.mark.full
def test_a_second_clone_takes_the_next_ports_and_says_so(three_nodes: Nodes, clone: Nodes) -> None:
    said = (clone.state / "up.log").read_text()

    ports = {node.config.web.port for node in (*three_nodes.all, *clone.all)}
    assert len(ports) == 6
    for node in clone.all:
        assert node.get("/").status_code == 200
        assert str(node.config.web.port) in said
        for peer in node.config.peers:
            assert peer.kind == "vendor" or peer.url in {each.url for each in clone.all}


@pytest.mark.full
def test_ctrl_c_leaves_no_process_and_the_second_start_is_quick(clone: Nodes) -> None:
    was_running = clone.processes()

    code = stop(clone.process)

    assert code == 0
    assert len(was_running) > 7
    assert clone.processes() == []

    began = time.monotonic()
    clone.process = launch(clone.state)
    wait_until(lambda: clone.city.get("/").status_code == 200, seconds=READY)
    took = time.monotonic() - began
    await_ready(clone.process, clone.state)
    assert took < SECOND_START_SECONDS


@pytest.mark.full
def test_a_killed_supervisor_leaves_no_process_and_the_next_start_recovers(clone: Nodes) -> None:
    os.kill(clone.process.pid, signal.SIGKILL)
    stop(clone.process)

    wait_until(lambda: clone.processes() == [], seconds=20)
    start_again(clone)
    assert clone.city.get("/").status_code == 200


@pytest.mark.parametrize("program", ["web", "worker"])
def test_a_killed_program_comes_back(three_nodes: Nodes, program: str) -> None:
    for node in three_nodes.all:
        before = node.pid(program)

        node.kill(program)

        node.wait_until(lambda node=node, before=before: node.pid(program) != before)
        node.wait_until(lambda node=node: node.get("/").status_code == 200)


def test_a_killed_database_server_comes_back(three_nodes: Nodes) -> None:
    before = three_nodes.postgres_pid

    os.kill(before, signal.SIGKILL)

    wait_until(lambda: three_nodes.postgres_pid != before)
    for node in three_nodes.all:
        node.wait_until(lambda node=node: node.get("/").status_code == 200)


def test_a_second_run_in_the_same_folder_is_refused_and_harms_nothing(three_nodes: Nodes) -> None:
    second = launch(three_nodes.state)

    assert second.wait(30) == 4
    stop(second)
    assert three_nodes.city.get("/").status_code == 200


def test_every_mistake_is_told_at_once(three_nodes: Nodes) -> None:
    with temporary_state() as state:
        subprocess.run(
            [sys.executable, "-m", "gongheng.node.cli", "demo"],
            env=os.environ | {"GONGHENG_STATE": str(state)},
            check=True,
        )
        file = state / "city" / "node.toml"
        text = file.read_text()
        for right, wrong in MISTAKES.items():
            assert right in text
            text = text.replace(right, wrong, 1)
        file.write_text(text)

        process = launch(state)

        assert process.wait(30) == 2
        stop(process)
        said = (state / "up.log").read_text()
        for word in ("tier", "url", "region", "port", "direction"):
            assert word in said
    assert three_nodes.city.get("/").status_code == 200


MISTAKES = {
    'tier = "city"': 'tier = "town"',
    'region = "530100"': 'region = "5301"',
    'url = "http://127.0.0.1': 'url = "ftp://127.0.0.1',
    "port = 80": "port = -80",
    'direction = "parent"': 'direction = "up"',
}
