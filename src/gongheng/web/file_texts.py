"""Finds personal data in one file: a program of its own, for a hostile file must not hurt the node.

    python -m gongheng.web.file_texts FILE MEDIA_TYPE

It first takes its own means away (memory, time, bytes written), then reads, and writes a line of
JSON for each thing that somebody must look at; ``file_search`` runs it and is ready for its death.
Nothing of the text leaves it but masked values. Lines, all with ``place``: ``kind`` and ``shown`` for
personal data; ``why`` for a place whose text could not be read. Besides them ``{"at": N}`` after each
page, and ``{"done": true}`` at the end.
"""

import json
import re
import resource
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from gongheng.kernel import invisible, masking

MEMORY = 1024**3
SECONDS = 20
WRITTEN = 4 * 1024**2
MOST_XML = 64 * 1024**2
"""Bytes of XML that a packed file may unpack to."""
MOST_LETTERS = 2_000_000
"""Letters of one page; more is no page that people read."""
MOST_SHOWN = 200
MOST_NOTES = 1000
ODD_SHARE = 0.1
"""From which share of letters that mean nothing a page counts as not read."""

PDF, PACKED = "application/pdf", "application/zip"

Line = dict[str, object]
_SPACED = re.compile(r"(?<![0-9])(?:[0-9][ \u00a0]){10,}[0-9Xx](?![0-9Xx])")
_BROKEN_ID = re.compile(r"(?<![0-9])([0-9]+)[ ]?\n[ ]?([0-9]*[0-9Xx])(?![0-9A-Za-z])")
_IDENTITY_LENGTH = 18
_OFD_PAGE = re.compile(r"(?:^|/)Page_([0-9]{1,6})/")
_SHEET = re.compile(r"worksheets/sheet([0-9]{1,6})\.xml$")
_TEXTS = frozenset({"t", "TextCode"})
_ENDS = {"p": "\n", "si": "\n", "row": "\n", "TextObject": "\n", "c": "\t"}


def lines(path: Path, media_type: str) -> Iterator[Line]:
    """Yield what is to be looked at in a file."""
    shown = 0
    for place, text, why in _read(path, media_type):
        if why:
            yield {"place": place, "why": why}
        for found in _personal(text[:MOST_LETTERS]):
            shown += 1
            if shown > MOST_SHOWN:
                yield {"place": "", "why": "many"}
                return
            yield {"place": place, **found}
        if place.isdecimal():
            yield {"at": int(place)}
    yield {"done": True}


def _read(path: Path, media_type: str) -> Iterator[tuple[str, str, str]]:
    """Yield place, text and why it was not read, or not wholly."""
    try:
        if media_type == PDF:
            yield from _pdf(path)
        elif media_type == PACKED:
            yield from _packed(path)
        else:
            yield "", "", "kind"
    except ImportError:
        raise  # the node lacks a library: that is no fault of the file's
    except Exception:  # noqa: BLE001  a damaged file fails in a hundred ways, and all say the same
        yield "", "", "damaged"


def _personal(text: str) -> Iterator[Line]:
    whole = _SPACED.sub(lambda run: re.sub(r"\s", "", run.group()), invisible.without(text))
    whole = _BROKEN_ID.sub(_joined, whole)
    for place in masking.found(whole):
        # Some numbers are only told by the words before them, so the line stays while it is covered.
        before = whole[max(whole.rfind("\n", 0, place.start), place.start - 40, 0) : place.start]
        value = masking.masked(before + whole[place.start : place.end])
        shown = value[len(masking.masked(before)) :]
        if shown == whole[place.start : place.end]:
            shown = masking.hidden(shown)
        yield {"kind": place.kind.value, "shown": shown}


def _joined(broken: re.Match[str]) -> str:
    """Return an identity number that a line's end parted; other numbers stay two."""
    number = broken.group(1) + broken.group(2)
    return number if len(number) == _IDENTITY_LENGTH else broken.group()


def _pdf(path: Path) -> Iterator[tuple[str, str, str]]:
    # Imported here: the program has taken its own means away before it loads the reader.
    from pypdf import PdfReader  # noqa: PLC0415

    reader = PdfReader(path)
    if reader.is_encrypted and not reader.decrypt(""):
        yield "", "", "encrypted"
        return
    properties = (reader.metadata or {}).values()
    yield "文件属性", "\n".join(str(value) for value in properties), ""
    catalogue: Any = reader.trailer["/Root"]
    if "/EmbeddedFiles" in (catalogue.get("/Names") or {}):
        yield "", "", "embedded"
    if "/XFA" in (catalogue.get("/AcroForm") or {}):
        yield "", "", "form"
    count = len(reader.pages)
    if not count:
        yield "", "", "damaged"
    for index in range(count):
        number = str(index + 1)
        try:
            text, why = _page(reader.pages[index])
        except Exception:  # noqa: BLE001  one page that fails says nothing of the next
            text, why = "", "damaged"
        yield number, text, why


def _page(page: Any) -> tuple[str, str]:  # noqa: ANN401  a page as the reader gives it
    text = page.extract_text()
    notes = "\n".join(_notes(page))
    if not text.strip():
        content = page.get_contents()
        is_blank = content is None or not content.get_data().strip()
        return notes, "" if is_blank else "no_text"
    is_odd = _share_of_odd(text) > ODD_SHARE or _has_unmapped_font(page)
    why = "garbled" if is_odd else "long" if len(text) > MOST_LETTERS else ""
    return f"{text}\n{notes}", why


def _notes(page: Any) -> Iterator[str]:  # noqa: ANN401  a page as the reader gives it
    """Yield comments and the values of form fields."""
    for note in list(page.get("/Annots") or ())[:MOST_NOTES]:
        found = note.get_object()
        for key in ("/Contents", "/V"):
            if isinstance(found.get(key), str):
                yield str(found[key])


def _has_unmapped_font(page: Any) -> bool:  # noqa: ANN401  a page as the reader gives it
    """Tell whether a font numbers its pictures of letters and does not say which letters they are."""
    resources: Any = page.get("/Resources")
    fonts: Any = resources.get_object().get("/Font") if resources else None
    named = fonts.get_object().values() if fonts else ()
    return any(not _is_mapped(font.get_object()) for font in named)


def _is_mapped(font: Any) -> bool:  # noqa: ANN401  a font as the reader gives it
    if "/ToUnicode" in font:
        return True
    kind, encoding = font.get("/Subtype"), str(font.get("/Encoding"))
    return kind != "/Type3" and not (kind == "/Type0" and encoding.startswith("/Identity"))


def _share_of_odd(text: str) -> float:
    odd = sum(
        1
        for letter in text
        if letter == "\N{REPLACEMENT CHARACTER}"
        or (unicodedata.category(letter) in {"Cc", "Co", "Cn"} and letter not in "\n\r\t")
    )
    return odd / len(text)


class _TooMuch(Exception):
    """A packed file unpacks to more than anybody writes."""


class _Counted:
    """A member of a packed file that is read no further than all of them may be."""

    def __init__(self, member: IO[bytes], left: list[int]) -> None:
        self._member, self._left = member, left

    def read(self, size: int = -1) -> bytes:
        piece = self._member.read(size if size >= 0 else MOST_XML)
        self._left[0] -= len(piece)
        if self._left[0] < 0:
            raise _TooMuch
        return piece


def _packed(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the texts of a document, a workbook or an OFD file: XML in a ZIP."""
    left = [MOST_XML]
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        if not {"[Content_Types].xml", "OFD.xml"} & set(names):
            yield "", "", "archive"
            return
        if any("/embeddings/" in name or "/Attachs/" in name for name in names):
            yield "", "", "embedded"
        for name in names:
            if not name.endswith(".xml"):
                continue
            try:
                with packed.open(name) as member:
                    text = _of_xml(_Counted(member, left), is_all=name.startswith("docProps/"))
            except _TooMuch:
                yield _named(name), "", "long"
                return
            except Exception:  # noqa: BLE001  one member that fails says nothing of the next
                yield _named(name), "", "damaged"
                continue
            yield _named(name), text, "long" if len(text) > MOST_LETTERS else ""


def _of_xml(source: _Counted, *, is_all: bool) -> str:
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415  lxml ships no types

    pieces: list[str] = []
    length = 0
    for _, element in etree.iterparse(
        source, events=("end",), resolve_entities=False, no_network=True, load_dtd=False
    ):
        name = etree.QName(element).localname
        words = element.text or ""
        is_number = name == "v" and element.getparent().get("t") != "s"
        if words and length <= MOST_LETTERS and (is_all or name in _TEXTS or is_number):
            pieces.append(words)
            length += len(words)
        pieces.append("\n" if is_all else _ENDS.get(name, ""))
        element.clear()
    return "".join(pieces)


def _named(name: str) -> str:
    """Return a member of a packed file in the words of people; a page by its number."""
    if page := _OFD_PAGE.search(name):
        return str(int(page.group(1)) + 1)
    if sheet := _SHEET.search(name):
        return f"工作表 {sheet.group(1)}"
    known = {"word/document.xml": "正文", "xl/sharedStrings.xml": "单元格文字"}
    if name.startswith("docProps/"):
        return "文件属性"
    return known.get(name, name[:100])


def confine() -> None:
    """Take away what reading a file needs not: what it tries beyond, fails."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    confine()
    for line in lines(Path(sys.argv[1]), sys.argv[2]):
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
