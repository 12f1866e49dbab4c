"""Writing the log into an export folder that everybody can verify (``tlog.rows``, ``tlog.bundle``)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.sm2 import PublicKey
from gongheng.trust.ledger import queries
from gongheng.trust.ledger.models import Checkpoint, Leaf
from gongheng.trust.tlog import checkpoint as checkpoints, rows
from gongheng.trust.tlog.leaves import claim_of
from gongheng.trust.tlog.rows import (
    CheckpointRow,
    DifferenceRow,
    Disclosure,
    LeafRow,
    Manifest,
    RecordRow,
)

Disclose = Callable[[Sequence[Leaf]], Mapping[int, Disclosure]]
"""Gives the public bodies that may be published now, by position, for leaves that claim one."""

CHUNK = 2000

NOTHING_SIGNED = Reason(
    code="ledger.nothing_signed",
    message="存证日志还没有已签名的检查点，没有可导出的内容。",
    remedy="请在平台运行数秒、有记录公布之后再导出。",
)
NOT_EMPTY = Reason(
    code="ledger.folder_not_empty",
    message="导出文件夹已存在且不为空。",
    remedy="请指定一个新的或空的文件夹。",
)


def write(
    directory: Path,
    *,
    public: PublicKey,
    disclose: Disclose,
    differences: Iterable[DifferenceRow] = (),
) -> Manifest:
    """Write the log up to its latest checkpoint; return what was written.

    ``disclose`` answers for records, which lie above the log; ``differences`` is what was found
    when the platform's rows and files were compared with it. The manifest comes last: a folder
    without one was not finished. Raises ``Refusal`` (``NOTHING_SIGNED``, ``NOT_EMPTY``).
    """
    last = queries.latest_checkpoint()
    if last is None:
        raise Refusal(NOTHING_SIGNED)
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise Refusal(NOT_EMPTY, directory=directory)
    (directory / rows.PUBLIC_KEY).write_bytes(public.to_pem())
    with (directory / rows.DIFFERENCES).open("wb") as file:
        file.writelines(difference.encoded() for difference in differences)
    manifest = Manifest(
        origin=checkpoints.read(last.note).origin,
        size=last.size,
        checkpoints=_write_checkpoints(directory, last.size),
        records=_write_leaves(directory, last.size, disclose),
    )
    (directory / rows.MANIFEST).write_bytes(manifest.encoded())
    return manifest


def _write_checkpoints(directory: Path, size: int) -> int:
    signed = Checkpoint.objects.filter(size__lte=size).order_by("size")
    count = 0
    with (directory / rows.CHECKPOINTS).open("wb") as file:
        for checkpoint in signed.iterator(chunk_size=CHUNK):
            file.write(CheckpointRow(checkpoint.size, checkpoint.note).encoded())
            count += 1
    return count


def _write_leaves(directory: Path, size: int, disclose: Disclose) -> int:
    count = 0
    with ExitStack() as files:
        leaves = files.enter_context((directory / rows.LEAVES).open("wb"))
        records = files.enter_context((directory / rows.RECORDS).open("wb"))
        for start in range(0, size, CHUNK):
            chunk = queries.feed(start, min(CHUNK, size - start))
            leaves.writelines(
                LeafRow(start + offset, bytes(leaf.data)).encoded()
                for offset, leaf in enumerate(chunk)
            )
            opened = list(_opened(start, chunk, disclose))
            records.writelines(row.encoded() for row in opened)
            count += len(opened)
    return count


def _opened(start: int, chunk: Sequence[Leaf], disclose: Disclose) -> Iterator[RecordRow]:
    claims = {
        start + offset: (leaf, claim)
        for offset, leaf in enumerate(chunk)
        if (claim := claim_of(bytes(leaf.data)))
    }
    disclosures = disclose([leaf for leaf, _ in claims.values()]) if claims else {}
    for position, (_, claim) in claims.items():
        yield RecordRow(position, claim.record, disclosures.get(position))
