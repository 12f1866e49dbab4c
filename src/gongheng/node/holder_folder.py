"""What a body that holds shares keeps on its own machine: keys, what it signed, and its journal.

    body.json               who it is, and the one node it works with (code, address, public key)
    standing.pem            its standing signing key
    journal.jsonl           every act, each line with the digest of the line before
    cases/<case>/           for one case: key.pem, announcement.json, policy.json, shares-<part>.json,
                            destroyed.json

A file appears under its name only when it is whole and on the disk, so a machine that is cut off
between two acts goes on where it was.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from gongheng.kernel.canonical import canonical
from gongheng.kernel.faults import reached
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.trust.crypto.digests import sm3
from gongheng.trust.crypto.sm2 import PrivateKey, PublicKey
from gongheng.trust.envelope.fields import Fields, instant_text, whole

FOLDER_UNREADABLE = Reason(
    code="node.holder_folder_unreadable",
    message="保管方文件夹不完整：缺少 body.json 或 standing.pem，或内容无法识别。",
    remedy="请先用 gongheng holder init 建立文件夹；文件损坏的，请从备份恢复。",
)
FOLDER_TAKEN = Reason(
    code="node.holder_folder_taken",
    message="这个文件夹里已经有保管方的资料，没有覆盖。",
    remedy="请换一个文件夹。",
)
JOURNAL_BROKEN = Reason(
    code="node.holder_journal_broken",
    message="保管方日志被改动过：有一行与它后面一行记载的摘要不符。",
    remedy="请停止使用这个文件夹，保存原样并查明原因。",
)

BODY, STANDING, JOURNAL = "body.json", "standing.pem", "journal.jsonl"
_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Body:
    """Who the machine works for, and the only node it listens to."""

    code: str
    name: str
    node: str
    node_key: str

    def as_json(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "v": 1,
            "code": self.code,
            "name": self.name,
            "node": self.node,
            "node_key": self.node_key,
        }

    @classmethod
    def read(cls, fields: Fields) -> "Body":
        """Read the JSON form. Raises ``ValueError``."""
        fields.version()
        return cls(
            code=fields.text("code", 32),
            name=fields.text("name", 200),
            node=fields.text("node", 32),
            node_key=fields.text("node_key"),
        )


class HolderFolder:
    """The folder of one body."""

    def __init__(self, path: Path) -> None:
        """Open the folder. Raises ``Refusal`` (FOLDER_UNREADABLE, JOURNAL_BROKEN)."""
        self.path = path
        try:
            self.body = whole(Fields(json.loads((path / BODY).read_bytes())), Body.read)
            self.standing = PrivateKey.from_pem((path / STANDING).read_bytes())
            PublicKey.from_hex(self.body.node_key)
        except (OSError, ValueError, Refusal) as error:
            raise Refusal(FOLDER_UNREADABLE, path=path) from error
        self._count, self._last = self._read_journal()

    @classmethod
    def make(cls, path: Path, body: Body, standing: PrivateKey | None = None) -> "HolderFolder":
        """Make the folder of a body, with a new standing key unless it has one.

        Raises ``Refusal`` (FOLDER_TAKEN).
        """
        if (path / BODY).exists() or (path / STANDING).exists():
            raise Refusal(FOLDER_TAKEN, path=path)
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        write(path / STANDING, (standing or PrivateKey.generate()).to_pem())
        write(path / BODY, canonical(body.as_json()) + b"\n")
        return cls(path)

    def case(self, case_id: UUID) -> Path:
        """Return the folder of a case."""
        folder = self.path / "cases" / str(case_id)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def key_of(self, case_id: UUID) -> PrivateKey | None:
        """Return the key made for a case; nothing before it is made and after it is destroyed."""
        path = self.case(case_id) / "key.pem"
        return PrivateKey.from_pem(path.read_bytes()) if path.exists() else None

    def make_key(self, case_id: UUID) -> PrivateKey:
        """Return the key of a case, made and safe on the disk the first time."""
        if found := self.key_of(case_id):
            return found
        key = PrivateKey.generate()
        write(self.case(case_id) / "key.pem", key.to_pem())
        return key

    def destroy_key(self, case_id: UUID) -> None:
        """Overwrite the key of a case and remove it; what is not there is destroyed already."""
        destroy(self.case(case_id) / "key.pem")

    def kept(self, case_id: UUID, name: str) -> object:
        """Return what was kept of a case under a name; ``None`` when there is nothing yet."""
        path = self.case(case_id) / f"{name}.json"
        return json.loads(path.read_bytes()) if path.exists() else None

    def keep(self, case_id: UUID, name: str, value: Mapping[str, object]) -> None:
        """Keep something of a case, safe on the disk."""
        write(self.case(case_id) / f"{name}.json", canonical(value) + b"\n")

    def note(self, deed: str, *, at: datetime, **facts: object) -> None:
        """Write an act down, after all before it."""
        self._count += 1
        line = canonical(
            {
                "number": self._count,
                "at": instant_text(at),
                "deed": deed,
                "facts": {name: str(fact) for name, fact in facts.items()},
                "previous": self._last,
            }
        )
        with (self.path / JOURNAL).open("ab") as file:
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._last = sm3(line).hex()

    def _read_journal(self) -> tuple[int, str]:
        """Return how many lines there are and the digest of the last; a torn end is cut off."""
        path = self.path / JOURNAL
        if not path.exists():
            return 0, _START
        whole_part, _, torn = path.read_bytes().rpartition(b"\n")
        count, last = 0, _START
        for line in whole_part.splitlines():
            try:
                said = json.loads(line)["previous"]
            except (ValueError, KeyError, TypeError) as error:
                raise Refusal(JOURNAL_BROKEN, line=count + 1) from error
            if said != last:
                raise Refusal(JOURNAL_BROKEN, line=count + 1)
            count, last = count + 1, sm3(line).hex()
        if torn:
            os.truncate(path, len(whole_part) + (1 if whole_part else 0))
        return count, last


def destroy(path: Path) -> None:
    """Overwrite a secret file and remove it; what is not there is destroyed already."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    reached("holder.key_overwritten")
    path.unlink()
    _sync_folder(path.parent)


def write(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, and that is there whole or not at all."""
    draft = path.with_name(f".{path.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    reached("holder.file_drafted")
    draft.replace(path)
    _sync_folder(path.parent)
    reached("holder.file_written")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
