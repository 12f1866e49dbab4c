"""A price that nobody may know: looked for in database, log, files and memory, before and after.

Only processes of their own ever hold the price in the clear, so that the memory of the node's
process shows what the node knows. After the opening the same search must find it.
"""

import mmap
import os
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from psycopg import sql

from gongheng.kernel.identifiers import uuid7
from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids.tests.support import BODIES, Firm, firm
from gongheng.trading.opening import actions, decrypting, phases, queries, recording, sealed
from gongheng.trading.opening.kinds import Stage, State
from gongheng.trading.opening.models import Opening
from gongheng.trading.opening.tests.support import Hall, hall, letter
from gongheng.trust.envelope.sealing import Content, seal
from gongheng.trust.identity.kinds import Role
from tests.cases import CLERK, OFFICER, SUPERVISOR, person
from tests.forking import fork, was_killed

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PLACES = ("database", "write-ahead log", "files", "memory")


def elsewhere(deed: Callable[[], bytes]) -> bytes:
    """Do something in a process of its own and return what it answers."""
    reading, writing = os.pipe()
    child = fork(lambda: os.write(writing, deed()))
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        found = answer.read()
    assert not was_killed(child)
    return found


def keep_price(path: Path) -> bytes:
    """Think of a price and keep it in a spelling in which nobody looks for it."""
    price = f"{random.SystemRandom().randrange(10**9, 10**10)}.{random.SystemRandom().randrange(11, 99)}"
    path.write_text(price[::-1].encode().hex())
    return b"kept"


def price_in(path: Path) -> str:
    return bytes.fromhex(path.read_text()).decode()[::-1]


def seal_elsewhere(of: Hall, who: Firm, secret: Path) -> None:
    """Seal a bid with the price as the bidder does: on another machine."""
    target = of.tender.folder / f"{uuid7()}.gbe"

    def deed() -> bytes:
        home = of.tender.folder / str(uuid7())
        home.mkdir()
        (home / "bid.json").write_bytes(letter(price_in(secret)))
        (home / "how.txt").write_bytes(b"how")
        contents = {
            "qualification-technical": Content({"how.txt": home / "how.txt"}, {"tool": "test"}),
            "price": Content({"bid.json": home / "bid.json"}, {"tool": "test"}),
        }
        return seal(contents, target, signed=of.tender.signed, key=who.key).seed

    of.seeds[who.code] = elsewhere(deed)
    of.envelopes[who.code] = target
    of.firms.append(who)
    of.tender.submit(who, target.read_bytes())


def _database() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            for (row,) in cursor.fetchall():
                yield str(row).encode()


def _log() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (folder,) = cursor.fetchone()
    for path in sorted(Path(folder, "pg_wal").glob("0*")):
        yield path.read_bytes()


def _files(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.read_bytes()


def _memory(process: int) -> Iterator[bytes]:
    areas = Path(f"/proc/{process}/maps").read_text().splitlines()
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for area in areas:
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", area)
            if not found:
                continue
            start, end = (int(text, 16) for text in found.groups())
            for at in range(start, end, 16 * mmap.PAGESIZE * 256):
                try:
                    memory.seek(at)
                    yield memory.read(min(16 * mmap.PAGESIZE * 256 + 64, end - at))
                except (OSError, ValueError, OverflowError):
                    break


def places_of(secret: Path) -> set[str]:
    """Return where the price stands, looked for by a process of its own."""
    node = os.getpid()

    def deed() -> bytes:
        wanted = price_in(secret).encode()
        looked = {
            "database": _database(),
            "write-ahead log": _log(),
            "files": _files(Path(django_settings.NODE.state_dir)),
            "memory": _memory(node),
        }
        return ",".join(
            place for place, pieces in looked.items() if any(wanted in piece for piece in pieces)
        ).encode()

    return set(elsewhere(deed).decode().split(",")) - {""}


def early(of: Hall) -> Iterator[Callable[[], Any]]:
    """Yield what each role of the house could try before the hour and after."""
    case_id, now = of.case.pk, of.deadline
    everybody = [person(role.value, role.value) for role in Role]
    for who in (CLERK, OFFICER, SUPERVISOR, *everybody):
        yield lambda who=who: recording.propose_opening(case_id=case_id, actor=who, now=now)
    yield lambda: queries.opened(of.case.code)
    yield lambda: phases.take_shares(case_id=case_id, statement={}, now=now)
    yield lambda: actions.release(case_id=case_id, statements=[{}], now=now)


def open_as_owner_of_the_database(of: Hall) -> None:
    """Write into the rows what the hour, the list and the holders would have brought about."""
    before = of.opening
    Opening.objects.update(stage=Stage.HOLDERS, frozen_at=of.deadline)
    of.decrypt()
    assert not of.opening.entries.filter(state=State.OPENED).exists()
    before.save()


def test_the_price_is_nowhere_before_the_opening_and_found_after_it(tmp_path: Path) -> None:
    """A-06, E-04."""
    secret = tmp_path / "secret"
    elsewhere(lambda: keep_price(secret))
    three = hall(tmp_path, bidders=2)
    seal_elsewhere(three, firm(3), secret)
    assert places_of(secret) == set()

    for deed in early(three):
        with pytest.raises(Refusal):
            deed()
    three.begin()
    three.release()
    open_as_owner_of_the_database(three)
    assert places_of(secret) == set()
    three.freeze()
    three.share(tuple(BODIES)[:2])  # k - 1: whoever owns the database now still has nothing
    three.decrypt()
    assert places_of(secret) == set()
    assert not sealed.opened_folder(three.case).exists()
    assert decrypting.sweep(three.case) == 0

    three.share(tuple(BODIES)[2:3])
    three.decrypt()
    letters = list(three.opening.entries.values_list("letter", flat=True))

    # That the search finds it now, where the node holds it, shows that it would have found it before.
    assert places_of(secret) == set(PLACES)
    assert len(letters) == len(three.firms)
