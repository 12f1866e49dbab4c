"""A node with records, acts, bids and files, and the two that watch it: its export and a monitor."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from django.conf import settings
from django.test import Client

from gongheng.data.records import actions as records, receiving
from gongheng.data.records.kinds import Audience, Operation
from gongheng.data.records.models import Version
from gongheng.data.records.queries import disclosures
from gongheng.data.records.reasons import INVALID
from gongheng.data.standard import samples
from gongheng.kernel.clock import machine_now
from gongheng.kernel.reasons import Refusal
from gongheng.node import wiring
from gongheng.public.monitor.findings import Finding
from gongheng.public.monitor.memory import FILE, Memory
from gongheng.public.monitor.source import Source
from gongheng.public.monitor.watch import Monitor
from gongheng.public.search.tests.seeding import NOTICE, Case
from gongheng.registers.trail import sealing
from gongheng.trading.bids import actions as bids, slots, storage
from gongheng.trading.bids.tests.support import NOW, Tender, firm, tender
from gongheng.trust.crypto.sm2 import PrivateKey
from gongheng.trust.identity import chaining
from gongheng.trust.ledger import actions as ledger, examining, export
from gongheng.trust.ledger.models import Checkpoint, Tile
from gongheng.trust.tlog import bundle
from tests.cases import SYSTEM

ORIGIN = "gongheng.test"


@dataclass
class House:
    """What was published and handed in, and the state of the log a day earlier."""

    folder: Path
    lot: Tender
    notices: list[Version] = field(default_factory=list)
    yesterday: int = 0
    old_tiles: list[tuple[str, int, int, bytes]] = field(default_factory=list)
    day: int = 0

    @property
    def key(self) -> PrivateKey:
        return PrivateKey.from_pem(settings.NODE.key_path.read_bytes())

    def sign(self) -> Checkpoint:
        """Number and sign what was entered, a day after the last time."""
        self.day += 1
        while ledger.number():
            pass
        signed = ledger.sign_checkpoint(
            key=self.key, origin=ORIGIN, now=NOW + timedelta(days=self.day)
        )
        assert signed is not None
        return signed

    def files(self) -> list[Path]:
        return sorted(path for path in storage.home().rglob("*.gbe"))


def build(folder: Path) -> House:
    """Let a node work for some days: notices, a correction, a withdrawal, bids, their closing."""
    house = House(folder, tender(folder))
    for number in range(1, 5):
        at = NOW + timedelta(minutes=number)
        house.notices.append(Case(number, at=at, name=f"第{number}中学教学楼").announce())
        house.sign()
    _publish_more(house)
    _bid(house.lot)
    chaining.extend()
    sealing.seal(now=machine_now())
    house.yesterday = house.sign().size
    house.old_tiles = list(Tile.objects.values_list("algorithm", "level", "index", "hashes"))
    bids.close_due(now=house.lot.deadline, actor=SYSTEM)
    last = Case(5, at=NOW + timedelta(days=9), name="第5中学食堂")
    house.notices.append(last.announce())
    chaining.extend()
    sealing.seal(now=machine_now() + sealing.INTERVAL)
    house.sign()
    return house


def _publish_more(house: House) -> None:
    """Correct one notice, withdraw another, refuse what was received, keep a record back."""
    later = NOW + timedelta(hours=3)
    corrected = {**house.notices[1].body, "NOTICE_CONTENT": "<p>更正：开标时间不变。</p>"}
    records.publish(
        dataset=NOTICE,
        body=corrected,
        audience=Audience.PUBLIC,
        operation=Operation.UPDATE,
        case_code=house.notices[1].case_code,
        now=later,
    )
    records.withdraw(dataset=NOTICE, key=house.notices[3].key, now=later)
    for number in range(2):
        refused = {"record": f"看不懂的第{number}条"}
        receiving.refuse_malformed(refused, Refusal(INVALID), sender="530100", now=later)
    for number in range(90, 93):
        records.publish(
            dataset="PROJECT",
            body=samples.valid("PROJECT", PROJECT_CODE=f"E5301110001{number:06d}"),
            audience=Audience.PARTIES,
            now=later,
        )


def _bid(lot: Tender) -> None:
    """Let five firms bid, one of them twice, and one withdraw, in two slots of the log."""
    firms = [firm(number) for number in range(1, 6)]
    at = machine_now()
    handed_in = [lot.submit(each, at=NOW + timedelta(hours=1)).bid for each in firms]
    slots.enter(now=at)
    lot.submit(firms[0], at=NOW + timedelta(hours=2))
    withdrawn_at = NOW + timedelta(hours=3)
    bids.withdraw(bid_id=handed_in[4].pk, actor=firms[4].actor, now=withdrawn_at)
    slots.enter(now=at + slots.INTERVAL)


class Public:
    """A monitor of the node, as the public runs it: over HTTP, with a memory of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._watching() as watch:
            found = watch.look()
            assert found == [], found

    @contextmanager
    def _watching(
        self, sleep: Callable[[float], object] | None = None, **settings: int
    ) -> Iterator[Monitor]:
        patience = {"sleep": sleep} if sleep else {"grace": 0, "sleep": _unslept}
        patience |= settings
        with httpx.Client(transport=_Within(), base_url="http://localhost") as client:
            memory = Memory.at(self._folder)
            try:
                yield Monitor(Source(client), memory, **patience)  # type: ignore[arg-type]
            finally:
                memory.close()

    def look(
        self, sleep: Callable[[float], object] | None = None, **settings: int
    ) -> list[Finding]:
        """Return what a look finds; the memory is afterwards what it was before.

        Without ``sleep`` it does not wait for young rows to be signed. ``settings`` are the monitor's.
        """
        kept = self._folder / FILE
        copy = self._folder / "kept"
        shutil.copy(kept, copy)
        try:
            with self._watching(sleep, **settings) as watch:
                return watch.look()
        finally:
            copy.replace(kept)


class _Within(httpx.BaseTransport):
    """Carries requests to the node in this process, within the transaction of the test."""

    def __init__(self) -> None:
        self._visitor = Client()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._visitor.get(request.url.raw_path.decode())
        return httpx.Response(answer.status_code, content=answer.content)


def _unslept(seconds: float) -> None:
    msg = f"nobody waits {seconds} s in a test"
    raise AssertionError(msg)


def verified(house: House, folder: Path, *, seen: str) -> list[str]:
    """Export the log as the operator does, verify the folder, and return every failure told."""
    found = examining.examine(wiring.EXAMINERS)
    export.write(folder, public=house.key.public, disclose=disclosures, differences=found)
    report = bundle.verify_directory(folder, expected_key=house.key.public, seen=seen)
    shutil.rmtree(folder)
    return [str(failure) for failure in report.failures]
