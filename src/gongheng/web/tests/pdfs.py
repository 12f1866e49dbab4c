"""Real PDF files for tests, written by hand: a page each of Chinese text in a CID font, and hostile ones."""

import zlib
from collections.abc import Sequence

FONT = 3


def packed(objects: Sequence[bytes]) -> bytes:
    """Return a PDF of objects numbered from 1, the first being the catalogue."""
    whole, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return bytes(whole) + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(whole))
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), entries, data)


def flate(data: bytes) -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter/FlateDecode")


def cid_font(letters: str, *, is_mapped: bool = True) -> list[bytes]:
    """Return a font, its descendant and its map: letters have no codes of their own in the file."""
    pairs = b"\n".join(
        b"<%04X> <%s>" % (number, letter.encode("utf-16-be").hex().encode())
        for number, letter in enumerate(letters, start=1)
    )
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"%d beginbfchar\n%s\nendbfchar endcmap end end" % (len(letters), pairs)
    )
    mapped = b"/ToUnicode 5 0 R" if is_mapped else b""
    return [
        b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/Identity-H/DescendantFonts[4 0 R]%s>>"
        % mapped,
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/DW 1000/CIDSystemInfo%s>>"
        % b"<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>",
        stream(cmap),
    ]


def written(*pages: str, is_mapped: bool = True, extra: bytes = b"") -> bytes:
    """Return a PDF whose pages say these lines."""
    letters = "".join(sorted({letter for page in pages for letter in page if letter != "\n"}))
    codes = {letter: b"%04X" % number for number, letter in enumerate(letters, start=1)}
    contents = [_lines(page, codes) if page else stream(b"") for page in pages]
    return paged(contents, cid_font(letters or "x", is_mapped=is_mapped), extra=extra)


def _lines(page: str, codes: dict[str, bytes]) -> bytes:
    shown = [
        b"<%s> Tj 0 -16 Td" % b"".join(codes[letter] for letter in line)
        for line in page.split("\n")
    ]
    return stream(b"BT /F1 12 Tf 60 780 Td\n%s\nET" % b"\n".join(shown))


def paged(contents: Sequence[bytes], font: Sequence[bytes], *, extra: bytes = b"") -> bytes:
    """Return a PDF of pages with these content streams."""
    first = FONT + len(font)
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % extra,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(contents), kids),
        *font,
    ]
    for number, content in enumerate(contents):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (first + 2 * number + 1)
        )
        objects.append(content)
    return packed(objects)
