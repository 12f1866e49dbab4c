"""Nothing is left behind, whatever becomes of the command that started it all."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.nodes import Nodes, await_ready, launch, running_nodes, stop, temporary_state, wait_until

pytestmark = pytest.mark.journey

SECOND_START_SECONDS = 25
"""Ten on a quiet machine; tests share theirs."""
READY = 60


def test_ctrl_c_leaves_no_process_and_the_second_start_is_quick() -> None:
    with temporary_state() as state:
        first = launch(state)
        await_ready(first, state)
        nodes = Nodes(state, first)
        was_running = nodes.processes()

        code = stop(first)

        assert code == 0
        assert len(was_running) > 7
        assert nodes.processes() == []

        began = time.monotonic()
        second = launch(state)
        try:
            wait_until(lambda: nodes.city.get("/").status_code == 200, seconds=READY)
            took = time.monotonic() - began
            await_ready(second, state)
        finally:
            stop(second)
        assert took < SECOND_START_SECONDS


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_recovers() -> None:
    with temporary_state() as state:
        process = launch(state)
        await_ready(process, state)
        nodes = Nodes(state, process)

        os.kill(process.pid, signal.SIGKILL)
        stop(process)

        wait_until(lambda: nodes.processes() == [], seconds=20)
        again = launch(state)
        try:
            await_ready(again, state)
            assert nodes.city.get("/").status_code == 200
        finally:
            stop(again)


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


def test_a_second_clone_takes_the_next_ports_and_says_so(three_nodes: Nodes) -> None:
    with running_nodes() as other:
        said = (other.state / "up.log").read_text()

        ports = {node.config.web.port for node in (*three_nodes.all, *other.all)}
        assert len(ports) == 6
        for node in other.all:
            assert node.get("/").status_code == 200
            assert str(node.config.web.port) in said
            for peer in node.config.peers:
                assert peer.kind == "vendor" or peer.url in {each.url for each in other.all}


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
