"""A monitor of the public stands for a while before a node that works, and then is rewritten by SQL."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb

from tests.faults.publishing import Publisher
from tests.network import Network
from tests.nodes import Node, clean_environment, wait_until

pytestmark = [pytest.mark.journey, pytest.mark.full]

SILENT_SECONDS, LOOKS = 80, 4
"""How long it must have nothing to say while notices come, and how often it must have looked."""
TELLING_SECONDS = 60
PUBLISHING_EVERY = 4.0
MONITOR = (sys.executable, "-m", "gongheng.node.cli", "monitor")
COPY_OF_ACT = """
INSERT INTO records_act SELECT (copy).* FROM (
    SELECT jsonb_populate_record(NULL::records_act, to_jsonb(act) || jsonb_build_object('id', %s::text)) AS copy
    FROM records_act AS act WHERE audience = 'public' ORDER BY id LIMIT 1
) AS made
"""


@dataclass
class Watching:
    """A standing monitor: what it found, and how often it looked and found nothing wrong."""

    process: "subprocess.Popen[bytes]"
    found: Path
    progress: Path

    def findings(self) -> list[dict[str, Any]]:
        """Return what it told, one finding a line."""
        assert self.process.poll() is None, self.progress.read_text()
        return [json.loads(line) for line in self.found.read_text().splitlines()]

    @property
    def looks(self) -> int:
        """How many looks are over."""
        return self.progress.read_text().count("已核对至第")


@contextmanager
def watching(node: Node, folder: Path) -> Iterator[Watching]:
    """Watch a node as anybody would, at the usual pace, knowing its address only."""
    found, progress = folder / "found.jsonl", folder / "progress.txt"
    with found.open("wb") as output, progress.open("wb") as errors:
        process = subprocess.Popen(
            [*MONITOR, node.url, "--state", str(folder / "memory")],
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
        )
    try:
        yield Watching(process, found, progress)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def publishing(publisher: Publisher) -> Iterator[None]:
    """Let tenders be published one after the other meanwhile."""
    ended = threading.Event()

    def publish() -> None:
        while not ended.wait(PUBLISHING_EVERY):
            publisher.publish()

    clerk = threading.Thread(target=publish, name="clerk")
    clerk.start()
    try:
        yield
    finally:
        ended.set()
        clerk.join()
        publisher.await_all()


Undo = Callable[[], None]


def a_title_is_changed_in_the_list(city: Node) -> tuple[str, Undo]:
    ((identity, title),) = city.rows(
        "SELECT version_id, title FROM records_current WHERE NOT is_withdrawn AND is_notice"
        " AND audience = 'public' ORDER BY id DESC LIMIT 1"
    )
    change = "UPDATE records_current SET title = %s WHERE version_id = %s"
    city.execute(change, f"{title}（作废）", identity)
    return str(identity), lambda: city.execute(change, title, identity)


def an_act_is_inserted(city: Node) -> tuple[str, Undo]:
    identity = str(uuid4())
    city.execute(COPY_OF_ACT, identity)
    return identity, lambda: city.execute("DELETE FROM records_act WHERE id = %s", identity)


def a_notice_is_rewritten(city: Node) -> tuple[str, Undo]:
    ((identity, body),) = city.rows(
        "SELECT id, body FROM records_version WHERE dataset = 'TENDER_ANN_QUA_INQUERY_ANN'"
        " AND audience = 'public' ORDER BY id LIMIT 1"
    )
    change = "UPDATE records_version SET body = %s WHERE id = %s"
    city.execute(change, Jsonb(body | {"NOTICE_CONTENT": "投标截止时间提前。"}), identity)
    return str(identity), lambda: city.execute(change, Jsonb(body), identity)


def a_leaf_is_rewritten(city: Node) -> tuple[str, Undo]:
    ((identity, subject, data),) = city.rows(
        "SELECT leaf.id, subject_id, data FROM ledger_leaf AS leaf JOIN records_version AS version"
        " ON version.id = subject_id WHERE audience = 'public' AND not_before IS NULL"
        " AND dataset <> 'TENDER_ANN_QUA_INQUERY_ANN' ORDER BY position LIMIT 1"
    )
    change = "UPDATE ledger_leaf SET data = %s WHERE id = %s"
    city.execute(change, bytes(data).replace(b'"full":"', b'"full":"0', 1), identity)
    return str(subject), lambda: city.execute(change, data, identity)


def an_old_checkpoint_is_deleted(city: Node) -> tuple[str, Undo]:
    ((size, note, made_at),) = city.rows(
        "SELECT size, note, made_at FROM ledger_checkpoint ORDER BY size LIMIT 1"
    )
    city.execute("DELETE FROM ledger_checkpoint WHERE size = %s", size)
    back = "INSERT INTO ledger_checkpoint (size, note, made_at) VALUES (%s, %s, %s)"
    return f"检查点（大小 {size}）", lambda: city.execute(back, size, note, made_at)


TAMPERINGS = (
    a_title_is_changed_in_the_list,
    an_act_is_inserted,
    a_notice_is_rewritten,
    a_leaf_is_rewritten,
    an_old_checkpoint_is_deleted,
)


def test_a_standing_monitor_is_silent_for_work_and_names_each_tampering_within_a_minute(
    network: Network, tmp_path: Path
) -> None:
    city = network.nodes.city
    network.publisher.publish()
    network.publisher.await_all()
    with publishing(network.publisher), watching(city, tmp_path) as monitor:
        time.sleep(SILENT_SECONDS)
        wait_until(lambda: monitor.looks >= LOOKS, seconds=SILENT_SECONDS)
        assert monitor.findings() == []
        assert len(network.publisher.acknowledged) > SILENT_SECONDS / PUBLISHING_EVERY

        done: list[tuple[str, Undo]] = []
        rows = set[str]()
        try:
            done.extend(tamper(city) for tamper in TAMPERINGS)
            rows.update(row for row, _ in done)
            assert len(rows) == len(TAMPERINGS)
            wait_until(lambda: _untold(monitor, rows) == [], seconds=TELLING_SECONDS)
        finally:
            untold, told = _untold(monitor, rows), monitor.findings()
            for _, undo in reversed(done):
                undo()

    assert untold == []
    assert [told_of for told_of in told if not any(row in told_of["row"] for row in rows)] == []


def _untold(monitor: Watching, rows: Iterable[str]) -> list[str]:
    """Return the rows that were not named."""
    told = [finding["row"] for finding in monitor.findings()]
    return [row for row in rows if not any(row in named for named in told)]
