"""Papers that a room keeps: read back as they were handed in, or not to their end."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as node_settings

from gongheng.kernel.reasons import Refusal
from gongheng.web.files import UNKNOWN_TYPE, Paper, Store

PAPER = b"%PDF-1.7 " + b"x" * 200_000


@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Store:
    settings.NODE = replace(node_settings.NODE, state_dir=tmp_path)
    return Store("papers")


def test_a_paper_is_kept_under_a_title_of_ours_and_read_back_whole(store: Store) -> None:
    digest, name = store.enter(Paper(name="某公司.PDF", pieces=[PAPER]), title="一号-证据")

    assert name == "一号-证据.pdf"
    assert b"".join(store.read(digest)) == PAPER
    assert store.enter(None, title="一号-证据") == ("", "")


def test_a_paper_that_was_changed_on_the_disk_never_comes_to_its_end(store: Store) -> None:
    digest, _ = store.enter(Paper(name="a.pdf", pieces=[PAPER]), title="a")
    store.path_of(digest).write_bytes(PAPER[:-1] + b"y")
    read: list[bytes] = []

    with pytest.raises(ValueError, match="was changed on the disk"):
        read.extend(store.read(digest))

    assert len(b"".join(read)) < len(PAPER)
    with pytest.raises(ValueError, match="was changed on the disk"):
        store.answer(digest, name="a.pdf")


@pytest.mark.django_db
def test_an_answer_that_nobody_takes_opens_no_file(store: Store) -> None:
    digest, _ = store.enter(Paper(name="a.pdf", pieces=[PAPER]), title="a")
    answer = store.answer(digest, name="a.pdf")

    assert answer["Content-Length"] == str(len(PAPER))
    assert answer["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert not _is_open(store.path_of(digest))
    assert b"".join(map(bytes, answer)) == PAPER
    assert _is_open(store.path_of(digest))
    answer.close()
    assert not _is_open(store.path_of(digest))


def _is_open(path: Path) -> bool:
    return any(each.resolve() == path for each in Path("/proc/self/fd").iterdir())


def test_a_file_is_digested_once_until_somebody_writes_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest, _ = store.enter(Paper(name="a.pdf", pieces=[PAPER]), title="a")
    digested: list[str] = []
    read = Store.read

    def counted(self: Store, digest: str) -> Iterator[bytes]:
        digested.append(digest)
        return read(self, digest)

    monkeypatch.setattr(Store, "read", counted)
    for _ in range(3):
        store.answer(digest, name="a.pdf")
    assert digested == [digest]

    store.path_of(digest).write_bytes(PAPER[:-1] + b"y")
    for _ in range(2):
        with pytest.raises(ValueError, match="was changed on the disk"):
            store.answer(digest, name="a.pdf")


def test_a_name_alone_makes_no_paper(store: Store) -> None:
    with pytest.raises(Refusal) as refusal:
        store.enter(Paper(name="a.ofd", pieces=[b"MZ"]), title="a")

    assert refusal.value.reason is UNKNOWN_TYPE
    assert store.enter(Paper(name="a.ofd", pieces=[b"PK\x03\x04 ofd"]), title="a")[1] == "a.ofd"
