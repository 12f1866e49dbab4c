"""The bid fingerprint: marks of tool, machine and files, taken while sealing, read after opening.

It travels inside the sealed part. A mark that cannot be read says so, with the reason; none is ever
made up. It is taken only from those who agreed to ``CONSENT``.
"""

import os
import platform
import re
import uuid
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

CONSENT = (
    "招标文件要求随投标文件记录制作环境：加密工具及其版本、本机网卡地址、机器编号、主板序列号、"
    "操作系统，以及各文件中写明的作者和最后修改人。这些信息封存在投标文件内，开启前任何人都看不到，"
    "开启后只用于依法核查串通投标。"
)
_MULTICAST = 1 << 40
_LONGEST_PROPERTIES = 1 << 20
_PDF_WINDOW = 1 << 16
_OFFICE = frozenset({".docx", ".xlsx", ".pptx"})

Mark = Mapping[str, str]


class _Unreadable(Exception):
    """A mark that this machine or file does not show, and why (Chinese)."""


def take(files: Mapping[str, Path], *, tool: str, version: str) -> dict[str, object]:
    """Return the marks of this machine and of ``files``, by their path inside the part."""
    return {
        "consent": CONSENT,
        "tool": {"value": tool},
        "tool_version": {"value": version},
        "machine": {
            "network_card": _mark(_network_card),
            "machine_id": _mark(lambda: _text_of(Path("/etc/machine-id"))),
            "board_serial": _mark(lambda: _text_of(Path("/sys/class/dmi/id/board_serial"))),
            "system": _mark(lambda: f"{platform.system()} {platform.release()}"),
        },
        "files": {path: _marks_of(files[path]) for path in sorted(files)},
    }


def _mark(read: Callable[[], str]) -> Mark:
    try:
        value = read().strip()
    except _Unreadable as unreadable:
        return {"unreadable": str(unreadable)}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        return {"unreadable": f"读取失败（{type(error).__name__}）"}
    return {"value": value} if value else {"unreadable": "其中没有写明"}


def _network_card() -> str:
    number = uuid.getnode()
    if number & _MULTICAST:
        # The library invents a number, and marks it so, where it finds no card.
        raise _Unreadable("系统没有提供网卡地址")
    return f"{number:012x}"


def _text_of(path: Path) -> str:
    if not path.exists():
        raise _Unreadable("本系统没有这一项")
    if not os.access(path, os.R_OK):
        raise _Unreadable("没有读取权限")
    return path.read_text(encoding="utf-8", errors="replace")


def _marks_of(path: Path) -> Mapping[str, Mark]:
    suffix = path.suffix.lower()
    if suffix in _OFFICE:
        return {
            "author": _mark(lambda: _office(path, "dc:creator")),
            "last_modified_by": _mark(lambda: _office(path, "cp:lastModifiedBy")),
        }
    if suffix == ".pdf":
        return {"author": _mark(lambda: _pdf(path, b"Author"))}
    return {"author": {"unreadable": "此类文件不记录作者"}}


def _office(path: Path, element: str) -> str:
    with zipfile.ZipFile(path) as archive, archive.open("docProps/core.xml") as properties:
        text = properties.read(_LONGEST_PROPERTIES).decode(errors="replace")
    found = re.search(rf"<{element}[^>]*>([^<]*)</{element}>", text)
    return found[1] if found else ""


def _pdf(path: Path, name: bytes) -> str:
    """Return an entry of the information dictionary where it stands plain at the file's ends."""
    with path.open("rb") as file:
        data = file.read(_PDF_WINDOW)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - _PDF_WINDOW, 0))
        data += file.read()
    plain = re.search(rb"/" + name + rb"\s*\(((?:[^()\\]|\\.)*)\)", data, re.DOTALL)
    coded = re.search(rb"/" + name + rb"\s*<([0-9A-Fa-f\s]*)>", data)
    if coded:
        return _pdf_text(bytes.fromhex(coded[1].decode()))
    if plain:
        return _pdf_text(re.sub(rb"\\(.)", rb"\1", plain[1], flags=re.DOTALL))
    raise _Unreadable("文件中没有可直接读取的作者")


def _pdf_text(data: bytes) -> str:
    is_wide = data.startswith(b"\xfe\xff")
    return data[2:].decode("utf-16-be") if is_wide else data.decode("utf-8", errors="replace")
