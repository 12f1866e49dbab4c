"""One look at a platform: whether what it publishes is what it has signed, now and before.

A look trusts nothing but the memory and the pinned key. The first look pins the key and takes the
log as it is; every later one compares. What is proven is remembered only when nothing contradicts.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter

from gongheng.public.monitor import findings, listing
from gongheng.public.monitor.findings import Finding
from gongheng.public.monitor.memory import Growth, Memory, Notice
from gongheng.public.monitor.source import Source
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.tlog import checkpoint as checkpoints, tree
from gongheng.trust.tlog.bundle import is_opened_by
from gongheng.trust.tlog.checkpoint import Checkpoint, ForgedCheckpoint
from gongheng.trust.tlog.growth import is_grown
from gongheng.trust.tlog.leaves import claim_of
from gongheng.trust.tlog.rows import EntryRow

MOST = 5000
"""Old entries that one look reads again, and rows of the list of notices."""
GRACE, PAUSE = 24.0, 4.0
"""Seconds that a notice may be listed before a checkpoint covers it, and between two tries."""
CASES = 100
"""Cases that one look reads: so many with the newest entries, and so many of all in turn."""
PAGES = 40
"""Pages of a thousand that one look reads of the list of everything published."""
KEY, NEWEST, PLACE, MARK, CASE, ID = "key", "newest", "place", "mark", "case", "id"


class Monitor:
    """Looks at one platform again and again."""

    def __init__(
        self,
        source: Source,
        memory: Memory,
        *,
        key: str = "",
        most: int = MOST,
        cases: int = CASES,
        grace: float = GRACE,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._source, self._memory, self._most, self._cases = source, memory, most, cases
        self._grace, self._sleep = grace, sleep
        self._confirmed: set[Finding] = set()
        pinned = key or memory.fact(KEY) or source.key()
        self._key = PublicKey.from_hex(pinned)
        memory.note_fact(KEY, pinned)

    @property
    def size(self) -> int:
        """How many leaves are known and proven."""
        return self._memory.size

    def look(self) -> list[Finding]:
        """Return everything that is wrong now. Raises ``Refusal`` (unreachable)."""
        found: list[Finding] = []
        if self._source.key() != self._key.to_hex():
            found.append(Finding(findings.FORGED_KEY, self._key.to_hex()))
        signed = self._newest(found)
        if signed is not None:
            found += self._old_entries(signed.size)
            found += self._old_checkpoints()
            found += self._tiles()
            found += self._grown(signed)
        return found + self._list()

    def _newest(self, found: list[Finding]) -> Checkpoint | None:
        """Return the newest checkpoint, rightly signed, having compared it with the last one."""
        signed = self._opened(note := self._source.newest())
        if signed is None:
            found.append(Finding(findings.FORGED, "最新检查点"))
            return None
        last = self._last()
        if last is not None:
            found += self._compare(last, signed)
        if not found:
            self._memory.note_fact(NEWEST, note)
        return signed

    def _last(self) -> Checkpoint | None:
        note = self._memory.fact(NEWEST)
        return checkpoints.read(note) if note else None

    def _opened(self, note: str) -> Checkpoint | None:
        try:
            return checkpoints.open_note(note, self._key)
        except ForgedCheckpoint:
            return None

    def _compare(self, last: Checkpoint, signed: Checkpoint) -> Iterator[Finding]:
        if signed.origin != last.origin:
            yield Finding(findings.FORGED, f"最新检查点（日志 {signed.origin}）")
        if signed.made_at < last.made_at:
            yield Finding(findings.REDATED, f"检查点（大小 {signed.size}）")
        if signed.size < last.size:
            for position, data in self._memory.leaves(signed.size, last.size):
                yield Finding(findings.ROLLED_BACK, _name(position, data), position)
        elif signed.size == last.size and any(
            signed.root(algorithm) != last.root(algorithm) for algorithm in tree.ALGORITHMS
        ):
            yield Finding(findings.FORKED, f"检查点（大小 {signed.size}）")
        elif not is_grown(last, signed, self._source.consistency(last.size, signed.size)):
            row = f"检查点（大小 {last.size} 至 {signed.size}）"
            yield Finding(findings.NOT_CONTINUED, row)

    def _old_entries(self, size: int) -> Iterator[Finding]:
        """Read known entries again, as many as a look may, going on where the last one ended."""
        known = min(self._memory.size, size)
        start = int(self._memory.fact(PLACE) or 0)
        start = start if start < known and known > self._most else 0
        end = min(known, start + self._most)
        rows = {row.position: row for row in self._source.entries(start, end)}
        for position, data in self._memory.leaves(start, end):
            row = rows.get(position)
            if row is None:
                yield Finding(findings.MISSING_LEAF, _name(position, data), position)
            elif row.data != data:
                is_moved = self._memory.position_of(row.data) is not None
                reason = findings.MOVED_LEAF if is_moved else findings.ALTERED_LEAF
                yield Finding(reason, _name(position, data), position)
            else:
                yield from _judge(row)
        self._memory.note_fact(PLACE, str(end if end < known else 0))

    def _old_checkpoints(self) -> Iterator[Finding]:
        """Compare a page of old checkpoints with those that were seen."""
        after = int(self._memory.fact(MARK) or 0)
        page = self._source.checkpoints(after)
        until = page[-1].size if page else 1 << 62
        known = self._memory.checkpoints(after, until)
        listed = {row.size: row.note for row in page if row.size <= self._memory.size}
        for size in sorted(known.keys() | listed.keys()):
            row = f"检查点（大小 {size}）"
            if size not in listed:
                yield Finding(findings.LOST_CHECKPOINT, row)
            elif (signed := self._opened(listed[size])) is None or signed.size != size:
                yield Finding(findings.FORGED, row)
            elif size not in known:
                yield Finding(findings.LATE_CHECKPOINT, row)
            else:
                yield from self._compare_old(signed, checkpoints.read(known[size]), row)
        is_over = not page or until >= self._memory.size
        self._memory.note_fact(MARK, "0" if is_over else str(until))

    def _compare_old(self, signed: Checkpoint, known: Checkpoint, row: str) -> Iterator[Finding]:
        if any(signed.root(name) != known.root(name) for name in tree.ALGORITHMS):
            yield Finding(findings.FORKED, row)
        if signed.made_at < known.made_at:
            yield Finding(findings.REDATED, row)

    def _tiles(self) -> Iterator[Finding]:
        """Compare the published tiles with those that the known leaves make."""
        for algorithm, own in self._memory.trees.items():
            for level in sorted({place.level for place in own.places}):
                wanted = {p.number: h for p, h in own.places.items() if p.level == level}
                published: dict[int, bytes] = {}
                while len(published) < len(wanted):
                    page = self._source.tiles(algorithm, level, max(published, default=-1) + 1)
                    if not page:
                        break
                    published |= {row.number: row.hashes for row in page}
                for number, hashes in wanted.items():
                    # A tile grows: what was known must be its beginning.
                    if published.get(number, b"")[: len(hashes)] != hashes:
                        yield Finding(findings.OTHER_TILE, f"{algorithm}/{level}/{number}")

    def _grown(self, signed: Checkpoint) -> Iterator[Finding]:
        """Read what is new, compare the roots at every new checkpoint, keep what is proven."""
        start = self._memory.size
        if signed.size <= start:
            return
        rows = list(self._source.entries(start, signed.size))
        for expected, row in enumerate(rows, start=start):
            if row.position != expected:
                yield Finding(findings.MISSING_LEAF, f"位置 {expected}", expected)
                return
        if len(rows) != signed.size - start:
            missing = start + len(rows)
            yield Finding(findings.MISSING_LEAF, f"位置 {missing}", missing)
            return
        growth = self._memory.growth([row.data for row in rows])
        notes = self._new_notes(signed)
        opened = {size: self._opened(note) for size, note in notes.items()}
        wrong = list(self._compare_roots({**opened, signed.size: signed}, growth))
        yield from wrong
        for row in rows:
            yield from _judge(row)
        if not any(finding.reason is findings.OTHER_ROOT for finding in wrong):
            proven = [notice for row in rows if (notice := _notice(row)) is not None]
            good = {size: note for size, note in notes.items() if opened[size] is not None}
            self._memory.keep(growth, good, proven)

    def _new_notes(self, signed: Checkpoint) -> dict[int, str]:
        notes: dict[int, str] = {}
        after = self._memory.size
        while page := self._source.checkpoints(after):
            notes |= {row.size: row.note for row in page if row.size <= signed.size}
            after = page[-1].size
            if after >= signed.size:
                break
        return notes

    def _compare_roots(
        self, opened: dict[int, Checkpoint | None], growth: Growth
    ) -> Iterator[Finding]:
        agreed = self._memory.size
        for size, signed in sorted(opened.items(), key=itemgetter(0)):
            if signed is None or signed.size != size:
                yield Finding(findings.FORGED, f"检查点（大小 {size}）")
                continue
            for algorithm in tree.ALGORITHMS:
                if self._memory.root(algorithm, size, growth) != signed.root(algorithm):
                    row = f"位置 {agreed} 至 {size - 1}（{algorithm}）"
                    yield Finding(findings.OTHER_ROOT, row, agreed)
                    return
            agreed = size

    def _list(self) -> list[Finding]:
        """Compare lists and cases, patiently: a notice is listed before it is signed.

        Only what is wrong each time counts: where much is published, there is always something new.
        """
        turn = self._memory.cases(self._memory.fact(CASE), self._cases)
        strange = self._cases_with_strangers()
        found = self._suspicions([*strange, *self._memory.newest_cases(self._cases), *turn])
        grace = self._grace
        while grace > 0 and not self._confirmed.issuperset(found):
            began = time.monotonic()
            self._sleep(PAUSE)
            signed = self._opened(self._source.newest())
            if signed is None or any(self._grown(signed)):
                break  # that is told at the next look
            still = self._suspicions([code for code in found.values() if code])
            found = {finding: code for finding, code in found.items() if finding in still}
            grace -= max(PAUSE, time.monotonic() - began)
        self._confirmed = set(found)
        self._memory.note_fact(CASE, turn[-1] if turn and len(turn) == self._cases else "")
        return list(found)

    def _suspicions(self, codes: Iterable[str]) -> dict[Finding, str]:
        """Return what lists and cases show otherwise than the leaves, with the case it stands in."""
        found = dict.fromkeys(self._compare_list(), "")
        for code in dict.fromkeys(codes):
            found |= dict.fromkeys(self._compare_case(code), code)
        return found

    def _cases_with_strangers(self) -> list[str]:
        """Return the cases of what is published without a leaf, of as much as a look reads."""
        place, found = self._memory.fact(ID), list[str]()
        for _ in range(PAGES):
            page, place = self._source.published(place)
            known = self._memory.known({str(row.get("id")) for row in page})
            found += [str(row.get("case_code")) for row in page if row.get("id") not in known]
            if not place:
                break
        self._memory.note_fact(ID, place)
        return [code for code in dict.fromkeys(found) if code]

    def _compare_list(self) -> Iterator[Finding]:
        expected = listing.in_force(self._memory.notices())
        listed = self._source.notices(self._most)
        return listing.compare(expected, listed, most=self._most)

    def _compare_case(self, code: str) -> Iterator[Finding]:
        """Look for rows without a leaf on the page of a case."""
        proven = self._memory.shown_of(code)
        for row in self._source.case(code):
            if row.get("id") not in proven:
                name = f"{row.get('id')}（{row.get('title') or row.get('kind')}）"
                yield Finding(findings.UNPROVEN_IN_CASE, f"项目 {code} 的 {name}")


def _name(position: int, data: bytes) -> str:
    claim = claim_of(data)
    return claim.words if claim else f"位置 {position} 的未公开存证"


def _judge(row: EntryRow) -> Iterator[Finding]:
    """Judge whether what is shown of a row is what its leaf holds."""
    claim = claim_of(row.data)
    if claim is None:
        return
    if row.disclosure is None:
        yield Finding(findings.MISSING_BODY, claim.words, row.position)
    elif not is_opened_by(claim, row.disclosure):
        yield Finding(findings.ALTERED_BODY, claim.words, row.position)


def _notice(row: EntryRow) -> Notice | None:
    claim = claim_of(row.data)
    if claim is None or row.disclosure is None or not is_opened_by(claim, row.disclosure):
        return None
    return listing.notice_of(claim, row.disclosure.body, row.position)
