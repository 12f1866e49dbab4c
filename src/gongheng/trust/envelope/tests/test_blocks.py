"""Long files past the cache, and by the usual way where a system knows no other."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gongheng.trust.envelope import blocks
from gongheng.trust.envelope.blocks import BLOCK, BlockFile, BlockReader
from gongheng.trust.envelope.suites import CHUNK, SEALED_CHUNK

SIZES = (CHUNK, CHUNK + 1, SEALED_CHUNK, 5 * CHUNK - 1, 5 * CHUNK + BLOCK, 9 * SEALED_CHUNK + 13)


@pytest.fixture(params=["past the cache", "no such way", "refused on the way"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "no such way":
        monkeypatch.setattr(blocks, "_STRAIGHT", 0)
    if request.param == "refused on the way":
        # The system demands whole blocks; what is as long as this it refuses.
        monkeypatch.setattr(blocks, "BLOCK", 100)
    return None


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("size", SIZES)
def test_what_was_written_in_place_and_by_pieces_is_read_again(tmp_path: Path, size: int) -> None:
    data, path = os.urandom(size), tmp_path / "file"
    with closing(BlockFile(path, size=size)) as file:
        file.write(data[:77])
        at = 77
        while at + CHUNK <= size:
            file.room()[:CHUNK] = data[at : at + CHUNK]
            file.took(CHUNK)
            at += CHUNK
        file.write(data[at:])
        file.end(is_durable=True)

    assert path.read_bytes() == data
    for start in (0, 1, 5000, size - 1, size):
        with closing(BlockReader(path, start=start)) as reader:
            found = []
            while piece := bytes(reader.take(SEALED_CHUNK)):
                found.append(piece)
        assert b"".join(found) == data[start:]
        assert all(len(piece) == SEALED_CHUNK for piece in found[:-1])


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"first")

    for size in (1, CHUNK):
        with pytest.raises(FileExistsError):
            BlockFile(tmp_path / "file", size=size)

    assert (tmp_path / "file").read_bytes() == b"first"
