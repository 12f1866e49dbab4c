"""An export folder with one fault: every fault is found and told at its place."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from gongheng.kernel.canonical import canonical
from gongheng.kernel.clock import DEMO_STARTS_AT
from gongheng.kernel.reasons import Reason
from gongheng.trust.crypto import sm2
from gongheng.trust.tlog import bundle, checkpoint as checkpoints, report as reports, rows
from gongheng.trust.tlog.__main__ import main
from gongheng.trust.tlog.leaves import public_digest
from gongheng.trust.tlog.tree import ALGORITHMS, Frontier

KEY, OTHER = sm2.PrivateKey.generate(), sm2.PrivateKey.generate()
ORIGIN = "gongheng/530100"
SIZE = 40
SIGNED_AT = (1, 7, 16, 33, SIZE)
SEALED = 5
FAULTY = 20
SALT = bytes(16)
COLUMNS: dict[str, str | int] = {"type": "record", "version": 1}


def record_of(position: int) -> str:
    return f"0192d9a0-0000-7000-8000-{position:012d}"


def body_of(position: int) -> dict[str, str]:
    return {"NOTICE_NAME": f"第{position}号公告"}


def leaf_of(position: int) -> bytes:
    if position % 10 == SEALED:
        return canonical({"v": 1, "type": "sealed", "full": f"{position:064x}"})
    digest = public_digest(SALT, body_of(position))
    return canonical({"v": 1, "id": record_of(position), "public": digest, **COLUMNS})


def record_row(position: int) -> rows.RecordRow:
    opened = rows.Disclosure(SALT, body_of(position), COLUMNS)
    return rows.RecordRow(position, record_of(position), opened)


def withheld_row(position: int) -> bytes:
    return rows.RecordRow(position, record_of(position), None).encoded()


def statements(size: int, signed_at: tuple[int, ...]) -> Iterator[checkpoints.Checkpoint]:
    frontiers = {algorithm: Frontier(algorithm) for algorithm in ALGORITHMS}
    for position in range(size):
        for frontier in frontiers.values():
            frontier.append(leaf_of(position))
        if position + 1 in signed_at:
            made_at = DEMO_STARTS_AT + timedelta(seconds=position)
            roots = (frontiers["sha256"].root(), frontiers["sm3"].root())
            yield checkpoints.Checkpoint(ORIGIN, position + 1, *roots, made_at)


def write(folder: Path, *, size: int = SIZE, signed_at: tuple[int, ...] = SIGNED_AT) -> None:
    claimed = [position for position in range(size) if position % 10 != SEALED]
    (folder / rows.PUBLIC_KEY).write_bytes(KEY.public.to_pem())
    with (folder / rows.LEAVES).open("wb") as file:
        file.writelines(rows.LeafRow(n, leaf_of(n)).encoded() for n in range(size))
    with (folder / rows.RECORDS).open("wb") as file:
        file.writelines(record_row(position).encoded() for position in claimed)
    with (folder / rows.CHECKPOINTS).open("wb") as file:
        file.writelines(
            rows.CheckpointRow(said.size, checkpoints.sign(said, KEY)).encoded()
            for said in statements(size, signed_at)
        )
    (folder / rows.DIFFERENCES).write_bytes(b"")
    manifest = rows.Manifest(ORIGIN, size, len(signed_at), len(claimed))
    (folder / rows.MANIFEST).write_bytes(manifest.encoded())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path)
    return tmp_path


def test_a_folder_as_it_was_written_is_right(folder: Path) -> None:
    report = bundle.verify_directory(folder, expected_key=KEY.public)

    assert report.lines() == [
        "日志“gongheng/530100”：存证记录 40 条，检查点 5 个，附正文的记录 36 条，未给出正文的 0 条。",
        "核验通过：两棵树的根、检查点签名与记录正文全部一致。",
    ]
    assert report.ok
    assert KEY.public.to_hex() in bundle.verify_directory(folder).lines()[-1]


def edit(file: str, change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / file
        path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))

    return spoil


def replaced(row: int, line: bytes) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [*lines[:row], line, *lines[row + 1 :]]


def dropped(row: int) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [*lines[:row], *lines[row + 1 :]]


def doubled(row: int) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [*lines[: row + 1], *lines[row:]]


def swapped(row: int) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [*lines[:row], lines[row + 1], lines[row], *lines[row + 2 :]]


def note_of(number: int, key: sm2.PrivateKey = KEY, **other: object) -> bytes:
    said = replace(list(statements(SIZE, SIGNED_AT))[number], **other)
    return rows.CheckpointRow(said.size, checkpoints.sign(said, key)).encoded()


def both(*spoils: Callable[[Path], None]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        for one in spoils:
            one(folder)

    return spoil


ROW = FAULTY - 2  # two sealed leaves before it have no row of their own


def column_as(written: bytes) -> Callable[[Path], None]:
    def change(lines: list[bytes]) -> list[bytes]:
        line = lines[ROW].replace(b'"version":1', b'"version":' + written)
        return replaced(ROW, line)(lines)

    return edit(rows.RECORDS, change)


FAULTS: dict[str, tuple[Callable[[Path], None], Reason, str]] = {
    "leaf altered": (
        edit(rows.LEAVES, replaced(FAULTY, rows.LeafRow(FAULTY, b"{}").encoded())),
        bundle.OTHER_ROOT,
        "checkpoints.jsonl 第 4 行：由存证记录算出的根与已签名的检查点不符。（sha256，位置 16 至 32 之间有改动）",
    ),
    "leaf dropped": (
        edit(rows.LEAVES, dropped(FAULTY)),
        bundle.GAP,
        "leaves.jsonl 第 21 行：存证记录不连续，中间缺少记录。（位置 20 至 20）",
    ),
    "leaf doubled": (
        edit(rows.LEAVES, doubled(FAULTY)),
        bundle.REPEATED,
        "leaves.jsonl 第 22 行：存证记录重复或次序颠倒。（位置 20）",
    ),
    "leaves swapped": (edit(rows.LEAVES, swapped(FAULTY)), bundle.GAP, "第 21 行"),
    "last leaf dropped": (
        edit(rows.LEAVES, dropped(SIZE - 1)),
        bundle.UNCOVERED,
        "检查点核对至 33 条，存证记录 39 条",
    ),
    "leaf added": (
        edit(rows.LEAVES, lambda lines: [*lines, rows.LeafRow(SIZE, b"{}").encoded()]),
        bundle.UNCOVERED,
        "检查点核对至 40 条，存证记录 41 条",
    ),
    "leaf not readable": (
        edit(rows.LEAVES, replaced(FAULTY, b'{"position":20}\n')),
        bundle.BAD_ROW,
        "leaves.jsonl 第 21 行",
    ),
    "leaf not base64": (
        edit(rows.LEAVES, replaced(FAULTY, b'{"position":20,"data":"***"}\n')),
        bundle.BAD_ROW,
        "leaves.jsonl 第 21 行",
    ),
    "leaves cut off": (
        edit(rows.LEAVES, lambda lines: [*lines[:-1], lines[-1][:10]]),
        bundle.BAD_ROW,
        "leaves.jsonl 第 40 行",
    ),
    "leaves missing": (
        lambda folder: (folder / rows.LEAVES).unlink(),
        bundle.UNREADABLE,
        "leaves.jsonl：文件不存在或无法读取。",
    ),
    "body altered": (
        edit(
            rows.RECORDS,
            lambda lines: [line.replace("第21号".encode(), "第22号".encode()) for line in lines],
        ),
        bundle.ALTERED_BODY,
        f"records.jsonl 第 {ROW + 2} 行：记录正文与其存证摘要不符。（位置 21，记录 {record_of(21)}）",
    ),
    "record renamed": (
        edit(
            rows.RECORDS,
            lambda lines: [
                line.replace(record_of(21).encode(), record_of(22).encode()) for line in lines
            ],
        ),
        bundle.ALTERED_BODY,
        "位置 21",
    ),
    "body dropped": (
        edit(rows.RECORDS, dropped(ROW)),
        bundle.MISSING_BODY,
        f"leaves.jsonl 第 21 行：有存证摘要的记录没有对应的正文行。（位置 20，记录 {record_of(20)}）",
    ),
    "body doubled": (edit(rows.RECORDS, doubled(ROW)), bundle.UNCLAIMED_BODY, "位置 20"),
    "last body doubled": (
        edit(rows.RECORDS, lambda lines: [*lines, lines[-1]]),
        bundle.UNCLAIMED_BODY,
        "位置 39",
    ),
    "bodies swapped": (edit(rows.RECORDS, swapped(ROW)), bundle.MISSING_BODY, "位置 20"),
    "body of a sealed leaf": (
        edit(rows.RECORDS, lambda lines: [*lines[:5], record_row(5).encoded(), *lines[5:]]),
        bundle.UNCLAIMED_BODY,
        "位置 5",
    ),
    "body not an object": (
        edit(
            rows.RECORDS,
            replaced(0, b'{"position":0,"id":"x","salt":"","public":[],"columns":{}}\n'),
        ),
        bundle.BAD_ROW,
        "records.jsonl 第 1 行",
    ),
    "salt not hexadecimal": (
        edit(
            rows.RECORDS,
            replaced(0, b'{"position":0,"id":"x","salt":"zz","public":{},"columns":{}}\n'),
        ),
        bundle.BAD_ROW,
        "records.jsonl 第 1 行",
    ),
    "body with a float": (
        edit(
            rows.RECORDS,
            replaced(0, b'{"position":0,"id":"x","salt":"","public":{"a":1.5},"columns":{}}\n'),
        ),
        bundle.BAD_ROW,
        "records.jsonl 第 1 行",
    ),
    "columns not an object": (
        edit(
            rows.RECORDS,
            replaced(0, b'{"position":0,"id":"x","salt":"","public":{},"columns":1}\n'),
        ),
        bundle.BAD_ROW,
        "records.jsonl 第 1 行",
    ),
    "column altered": (
        edit(
            rows.RECORDS,
            lambda lines: [
                line.replace(b'"record"', b'"act"') if number == ROW else line
                for number, line in enumerate(lines)
            ],
        ),
        bundle.ALTERED_BODY,
        f"位置 20，记录 {record_of(20)}",
    ),
    "body withheld": (
        edit(rows.RECORDS, replaced(ROW, withheld_row(20))),
        bundle.WITHHELD_BODY,
        f"records.jsonl 第 {ROW + 1} 行：应当公开的记录在平台上已被删除或隐藏，没有给出正文。",
    ),
    "difference told": (
        edit(
            rows.DIFFERENCES,
            lambda _: [rows.DifferenceRow("bids_bid", "7", None, "被改动。").encoded()],
        ),
        bundle.DIFFERENT,
        "differences.jsonl 第 1 行：平台数据库或文件与存证不符。（bids_bid 7：被改动。）",
    ),
    "differences missing": (
        lambda folder: (folder / rows.DIFFERENCES).unlink(),
        bundle.UNREADABLE,
        "differences.jsonl",
    ),
    "checkpoint by another key": (
        edit(rows.CHECKPOINTS, replaced(2, note_of(2, OTHER))),
        checkpoints.FORGED,
        "checkpoints.jsonl 第 3 行",
    ),
    "checkpoint of another history, rightly signed": (
        edit(rows.CHECKPOINTS, replaced(2, note_of(2, sm3=bytes(32)))),
        bundle.OTHER_ROOT,
        "（sm3，位置 7 至 15 之间有改动）",
    ),
    "checkpoint of another log": (
        edit(rows.CHECKPOINTS, replaced(2, note_of(2, origin="gongheng/530200"))),
        bundle.OTHER_ORIGIN,
        "（gongheng/530200）",
    ),
    "checkpoints swapped": (
        edit(rows.CHECKPOINTS, swapped(2)),
        bundle.DISORDER,
        "checkpoints.jsonl 第 4 行",
    ),
    "checkpoint doubled": (edit(rows.CHECKPOINTS, doubled(2)), bundle.DISORDER, "大小 16"),
    "checkpoint back in time": (
        edit(rows.CHECKPOINTS, replaced(2, note_of(2, made_at=DEMO_STARTS_AT))),
        bundle.DISORDER,
        "大小 16",
    ),
    "checkpoint with another size beside it": (
        edit(
            rows.CHECKPOINTS,
            lambda lines: [line.replace(b'"size":16', b'"size":17') for line in lines],
        ),
        bundle.DISORDER,
        "大小 16",
    ),
    "checkpoint dropped": (
        edit(rows.CHECKPOINTS, dropped(2)),
        bundle.OTHER_COUNT,
        "checkpoints.jsonl：数量与清单所述不符。（清单 5，实有 4）",
    ),
    "last checkpoint dropped": (edit(rows.CHECKPOINTS, dropped(4)), bundle.UNCOVERED, "33 条"),
    "no checkpoints": (edit(rows.CHECKPOINTS, lambda _: []), bundle.UNCOVERED, "核对至 0 条"),
    "another key": (
        lambda folder: (folder / rows.PUBLIC_KEY).write_bytes(OTHER.public.to_pem()),
        bundle.OTHER_KEY,
        OTHER.public.to_hex(),
    ),
    "key not readable": (
        lambda folder: (folder / rows.PUBLIC_KEY).write_bytes(b"key"),
        sm2.BAD_KEY,
        "public_key.pem",
    ),
    "key missing": (
        lambda folder: (folder / rows.PUBLIC_KEY).unlink(),
        bundle.UNREADABLE,
        "public_key.pem",
    ),
    "manifest missing": (
        lambda folder: (folder / rows.MANIFEST).unlink(),
        bundle.UNREADABLE,
        "manifest.json",
    ),
    "manifest empty": (edit(rows.MANIFEST, lambda _: []), bundle.BAD_ROW, "manifest.json"),
    "manifest of another format": (
        edit(rows.MANIFEST, lambda lines: [lines[0].replace(b"log/1", b"log/2")]),
        bundle.BAD_ROW,
        "manifest.json 第 1 行",
    ),
    "manifest with a negative count": (
        edit(rows.MANIFEST, lambda lines: [lines[0].replace(b'"size":40', b'"size":-1')]),
        bundle.BAD_ROW,
        "manifest.json 第 1 行",
    ),
    "column with another number": (
        column_as(b"2"),
        bundle.ALTERED_BODY,
        f"records.jsonl 第 {ROW + 1} 行",
    ),
    "column that is a truth value": (column_as(b"true"), bundle.BAD_ROW, "records.jsonl"),
    "column that is a fraction": (column_as(b"1.0"), bundle.BAD_ROW, "records.jsonl"),
    "column that is no text": (column_as(b'"\\ud800"'), bundle.BAD_ROW, "records.jsonl"),
    "both the leaf and its body altered": (
        both(
            edit(rows.LEAVES, replaced(FAULTY, rows.LeafRow(FAULTY, leaf_of(21)).encoded())),
            edit(rows.RECORDS, replaced(ROW, replace(record_row(21), position=FAULTY).encoded())),
        ),
        bundle.OTHER_ROOT,
        "位置 16 至 32",
    ),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_with_its_place(
    folder: Path, fault: tuple[Callable[[Path], None], Reason, str]
) -> None:
    spoil, reason, words = fault
    spoil(folder)

    report = bundle.verify_directory(folder, expected_key=KEY.public)

    assert not report.ok
    told = [str(failure) for failure in report.failures if failure.reason is reason]
    assert any(words in sentence for sentence in told), report.lines()
    assert all(sentence.endswith(reason.remedy) for sentence in told)


def earlier(number: int, key: sm2.PrivateKey = KEY, **other: object) -> str:
    return checkpoints.sign(replace(list(statements(SIZE, SIGNED_AT))[number], **other), key)


def test_a_log_that_continues_what_was_seen_is_right(folder: Path) -> None:
    for number in range(len(SIGNED_AT)):
        assert bundle.verify_directory(folder, seen=earlier(number)).ok


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        (earlier(4, size=SIZE + 1), bundle.ROLLED_BACK),
        (earlier(2, sm3=bytes(32)), bundle.FORKED),
        (earlier(2, OTHER), checkpoints.FORGED),
        ("\n", checkpoints.FORGED),
    ],
    ids=["rolled back", "forked", "other key", "nonsense"],
)
def test_a_log_that_does_not_continue_what_was_seen_is_told(
    folder: Path, note: str, reason: Reason
) -> None:
    report = bundle.verify_directory(folder, expected_key=KEY.public, seen=note)

    assert [failure.reason for failure in report.failures] == [reason]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_byte_of_what_is_proved_can_change_unseen(folder: Path, data: st.DataObject) -> None:
    file = data.draw(
        st.sampled_from([rows.LEAVES, rows.RECORDS, rows.CHECKPOINTS, rows.PUBLIC_KEY])
    )
    path = folder / file
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    letter = data.draw(st.sampled_from(b'0aZ="}\n\xff'))
    changed = content[:place] + bytes([letter]) + content[place + 1 :]
    path.write_bytes(changed)

    report = bundle.verify_directory(folder, expected_key=KEY.public)

    path.write_bytes(content)
    if changed != content:
        assert not report.ok or meaning(file, changed) == meaning(file, content)


def meaning(file: str, content: bytes) -> object:
    """What a file says: the last letter of a key's text has bits that say nothing."""
    if file == rows.PUBLIC_KEY:
        return sm2.PublicKey.from_pem(content)
    return [json.loads(line) for line in content.splitlines()]


def test_a_thousand_failures_are_counted_and_a_hundred_told(folder: Path) -> None:
    edit(rows.LEAVES, lambda lines: lines + [b"{}\n"] * 1000)(folder)

    report = bundle.verify_directory(folder)

    assert len(report.failures) == reports.MOST_FAILURES
    assert report.untold > 800
    assert f"另有 {report.untold} 处问题未逐一列出。" in report.lines()


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    def peak(size: int) -> int:
        folder = tmp_path / str(size)
        folder.mkdir()
        write(folder, size=size, signed_at=tuple(range(100, size + 1, 100)))
        tracemalloc.start()
        report = bundle.verify_directory(folder)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert report.ok
        return most

    # What is read at once is full with the first; 3,000 further digests alone would take more.
    assert peak(4_000) - peak(1_000) < 50_000


def test_the_command_judges_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--key", KEY.public.to_hex()]) == 0
    assert "核验通过" in capsys.readouterr().out
    edit(rows.LEAVES, dropped(FAULTY))(folder)
    assert main([str(folder)]) == 1
    assert "核验未通过" in capsys.readouterr().out
