"""Marks are read or said to be unreadable; none is made up."""

import uuid
import zipfile
from pathlib import Path
from typing import Any

import pytest

from gongheng.trust.envelope import fingerprint


def office(path: Path, inside: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("docProps/core.xml", inside)
    return path


def files_of(paths: dict[str, Path]) -> Any:
    return fingerprint.take(paths, tool="test", version="1")["files"]


def test_authors_are_read_where_files_name_them(tmp_path: Path) -> None:
    core = "<x><dc:creator>张三</dc:creator><cp:lastModifiedBy>李四</cp:lastModifiedBy></x>"
    plain, coded = tmp_path / "p.pdf", tmp_path / "c.pdf"
    plain.write_bytes(b"%PDF-1.7\n<< /Author (Wang \\(Wu\\)) >>" + bytes(200_000))
    coded.write_bytes(bytes(200_000) + b"/Author <FEFF738B4E94>")

    marks = files_of({"a": office(tmp_path / "a.docx", core), "p": plain, "c": coded})

    assert marks["a"] == {"author": {"value": "张三"}, "last_modified_by": {"value": "李四"}}
    assert marks["p"] == {"author": {"value": "Wang (Wu)"}}
    assert marks["c"] == {"author": {"value": "王五"}}


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    """E-30."""
    (tmp_path / "no.xlsx").write_bytes(b"not a zip")
    (tmp_path / "bare.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "x.dwg").write_bytes(b"")
    paths = {path.name: path for path in tmp_path.iterdir()}
    paths["empty.docx"] = office(tmp_path / "empty.docx", "<x><dc:creator></dc:creator></x>")

    marks = files_of(paths)

    for name in paths:
        for mark in marks[name].values():
            assert list(mark) == ["unreadable"], name
            assert mark["unreadable"]


def test_an_invented_card_number_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """E-30."""

    def machine() -> Any:
        return fingerprint.take({}, tool="test", version="1")["machine"]

    monkeypatch.setattr(uuid, "getnode", lambda: 0x0123456789AB)
    invented = machine()["network_card"]
    monkeypatch.setattr(uuid, "getnode", lambda: 0x00163E123456)
    real = machine()["network_card"]

    assert invented == {"unreadable": "系统没有提供网卡地址"}
    assert real == {"value": "00163e123456"}
    for mark in machine().values():
        assert set(mark) in ({"value"}, {"unreadable"})
