"""Files are searched for personal data by page; what cannot be read is said, and none hurts the node."""

import io
import resource
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from gongheng.kernel.masking import Personal
from gongheng.web import file_search, file_texts
from gongheng.web.file_search import WHY, Place
from gongheng.web.files import Store
from gongheng.web.tests import pdfs
from tests.browser import CHROMIUM

IDENTITY = "53010219900307123X"
MOBILE = "13800138000"
ACCOUNT = "6222021234567890123"


@pytest.fixture
def store(tmp_path: Path, settings: object) -> Store:
    settings.NODE = SimpleNamespace(state_dir=str(tmp_path))  # type: ignore[attr-defined]
    return Store("documents")


def found(store: Store, data: bytes, name: str = "文件.pdf") -> tuple[Place, ...]:
    return file_search.places(store, store.keep([data], name=name).digest)


def why(*places: Place) -> list[tuple[str, str]]:
    return [(place.where, place.shown) for place in places if not place.is_read]


def test_chinese_text_in_a_cid_font_is_searched_page_by_page(store: Store) -> None:
    first = f"项目负责人张三，身份证号：{IDENTITY}\n联系电话：{MOBILE}"
    second = "投标人须知"
    third = f"开户行：某银行昆明分行\n账号：{ACCOUNT}"

    places = found(store, pdfs.written(first, second, third))

    assert [(place.where, place.kind) for place in places] == [
        ("第 1 页", Personal.IDENTITY),
        ("第 1 页", Personal.MOBILE),
        ("第 3 页", Personal.ACCOUNT),
    ]
    shown = " ".join(place.shown for place in places)
    assert not any(value in shown for value in (IDENTITY, MOBILE, ACCOUNT))
    assert places[1].shown == "138****8000"


def test_a_number_that_a_line_or_spaces_part_is_found(store: Store) -> None:
    parted = f"身份证\n{IDENTITY[:7]}\n{IDENTITY[7:]}\n电话 " + " ".join(MOBILE)

    assert {place.kind for place in found(store, pdfs.written(parted))} == {
        Personal.IDENTITY,
        Personal.MOBILE,
    }


def test_letters_that_nobody_sees_hide_no_number(store: Store) -> None:
    hidden = "电话 " + "\u200b".join(MOBILE)

    assert [place.kind for place in found(store, pdfs.written(hidden))] == [Personal.MOBILE]


def test_who_comes_while_another_file_is_read_is_told_to_come_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store.keep([pdfs.written(f"电话 {MOBILE}")], name="a.pdf")
    monkeypatch.setattr(file_search, "WAIT_SECONDS", 0.01)
    with file_search._one_at_a_time:
        assert why(*file_search.places(store, kept.digest)) == [("", WHY["busy"])]

    assert [place.kind for place in file_search.places(store, kept.digest)] == [Personal.MOBILE]


def test_a_clean_file_is_clean_and_a_blank_page_too(store: Store) -> None:
    assert found(store, pdfs.written("招标范围：全部工程", "")) == ()


def test_a_file_that_a_browser_printed_is_searched(store: Store, tmp_path: Path) -> None:
    source, target = tmp_path / "a.html", tmp_path / "a.pdf"
    words = f"拟派项目经理：李四，手机 {MOBILE}，身份证 {IDENTITY}"
    source.write_text(f"<meta charset=utf-8><p>{words}</p>", encoding="utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/user"]
    command = [CHROMIUM, *flags, f"--print-to-pdf={target}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    assert [(place.where, place.kind) for place in found(store, target.read_bytes())] == [
        ("第 1 页", Personal.MOBILE),
        ("第 1 页", Personal.IDENTITY),
    ]


def test_comments_form_fields_and_properties_are_searched(store: Store) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdfs.written("正文"))))
    writer.add_metadata({"/Subject": f"电话 {MOBILE}"})
    writer.add_annotation(0, FreeText(text=f"身份证 {IDENTITY}", rect=(50, 50, 200, 100)))

    assert [(place.where, place.kind) for place in found(store, _bytes(writer))] == [
        ("文件属性", Personal.MOBILE),
        ("第 1 页", Personal.IDENTITY),
    ]


def _bytes(writer: PdfWriter) -> bytes:
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_an_encrypted_file_is_told(store: Store, algorithm: str) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdfs.written(f"电话 {MOBILE}"))))
    writer.encrypt("secret", algorithm=algorithm)

    assert why(*found(store, _bytes(writer))) == [("", WHY["encrypted"])]


def test_a_file_that_only_forbids_changes_is_searched(store: Store) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdfs.written(f"电话 {MOBILE}"))))
    writer.encrypt("", "owner", algorithm="AES-256")

    assert [place.kind for place in found(store, _bytes(writer))] == [Personal.MOBILE]


def test_pages_without_text_are_told_as_scans(store: Store) -> None:
    scan = io.BytesIO()
    pages = [Image.new("RGB", (200, 280), color) for color in ("white", "grey", "white")]
    pages[0].save(scan, format="PDF", save_all=True, append_images=pages[1:])

    assert why(*found(store, scan.getvalue())) == [("第 1—3 页", WHY["no_text"])]


def test_a_font_that_does_not_say_its_letters_is_told(store: Store) -> None:
    hidden = pdfs.written(f"电话 {MOBILE}", is_mapped=False)

    assert ("第 1 页", WHY["garbled"]) in why(*found(store, hidden))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 nothing more",
        pdfs.written("招标文件")[:300],
        b"%PDF-1.7\n" + bytes(range(256)) * 400,
        pdfs.packed([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"]),
        pdfs.packed([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[2 0 R]>>"]),
    ],
    ids=["empty", "cut", "noise", "no_pages", "a_tree_that_holds_itself"],
)
def test_a_damaged_file_is_told(store: Store, data: bytes) -> None:
    assert why(*found(store, data)), "a file that cannot be read never counts as clean"


def test_files_within_a_file_are_told(store: Store) -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdfs.written("正文"))))
    writer.add_attachment("名单.txt", MOBILE.encode())

    assert why(*found(store, _bytes(writer))) == [("", WHY["embedded"])]


def test_a_small_file_that_unpacks_huge_neither_fills_the_memory_nor_passes(store: Store) -> None:
    once = zlib.compress(b"0 " * (1 << 27), 9)
    twice = zlib.compress(once, 9)
    bomb = pdfs.paged(
        [
            pdfs.stream(once, b"/Filter/FlateDecode"),
            pdfs.stream(twice, b"/Filter[/FlateDecode/FlateDecode]"),
            pdfs.flate(b"(x) Tj " * (1 << 21)),
        ],
        pdfs.cid_font("x"),
    )
    assert len(bomb) < 2_000_000

    before = time.monotonic()
    told = why(*found(store, bomb))

    assert told
    assert time.monotonic() - before < file_search.WALL_SECONDS + 10
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert most < 2 * file_texts.MEMORY


def test_ten_thousand_pages_are_read_as_far_as_the_time_lasts(store: Store) -> None:
    pages = ["第一章　投标人须知"] * 9_999 + [f"电话 {MOBILE}"]

    places = found(store, pdfs.written(*pages))

    # How far twenty seconds lead depends on the machine; what is left out is told in any case.
    is_found = [place.where for place in places if place.is_read] == ["第 10000 页"]
    assert is_found or WHY["unfinished"] in {shown for _, shown in why(*places)}


def test_a_reader_that_was_stopped_keeps_what_it_found_and_says_how_far_it_came() -> None:
    shown = '{"place": "2", "kind": "mobile", "shown": "138****8000"}'
    written = f'{{"at": 1}}\n{shown}\n{{"at": 2}}\n{{"at": 3}}\n{{"place": "4", "ki'

    lines = file_search._lines(io.BytesIO(written.encode()))

    assert file_search._told(lines) == (
        Place("第 4 页起", None, WHY["unfinished"]),
        Place("第 2 页", Personal.MOBILE, "138****8000"),
    )


def test_what_was_found_is_kept_and_read_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store.keep([pdfs.written(f"电话 {MOBILE}")], name="a.pdf")
    first = file_search.places(store, kept.digest)
    monkeypatch.setattr(file_search, "_searched", None)

    assert file_search.places(store, kept.digest) == first
    assert [place.kind for place in first] == [Personal.MOBILE]


def test_a_fault_of_ours_is_told_and_not_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = store.keep([pdfs.written(f"电话 {MOBILE}")], name="a.pdf")
    with monkeypatch.context() as broken:
        broken.setattr(sys, "path", [])
        broken.setattr(file_texts, "__name__", "gongheng.no_such_reader")
        assert why(*file_search.places(store, kept.digest)) == [("", WHY["unfinished"])]

    assert [place.kind for place in file_search.places(store, kept.digest)] == [Personal.MOBILE]


def office(**members: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return whole.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'


@pytest.mark.parametrize(
    ("name", "members", "where"),
    [
        (
            "a.docx",
            {
                "[Content_Types].xml": "<Types/>",
                "word/document.xml": f"<w:document {W}><w:p><w:r><w:t>电话 138</w:t></w:r>"
                "<w:r><w:t>00138000</w:t></w:r></w:p></w:document>",
            },
            "正文",
        ),
        (
            "a.xlsx",
            {
                "[Content_Types].xml": "<Types/>",
                "xl/worksheets/sheet2.xml": f'<worksheet {X}><row><c t="s"><v>7</v></c>'
                f"<c><v>{MOBILE}</v></c></row></worksheet>",
            },
            "工作表 2",
        ),
        (
            "a.ofd",
            {
                "OFD.xml": "<OFD/>",
                "Doc_0/Pages/Page_3/Content.xml": f"<ofd:Page {OFD}><ofd:TextObject>"
                f"<ofd:TextCode>手机 {MOBILE}</ofd:TextCode></ofd:TextObject></ofd:Page>",
            },
            "第 4 页",
        ),
    ],
)
def test_office_files_are_searched(
    store: Store, name: str, members: dict[str, str], where: str
) -> None:
    [place] = found(store, office(**members), name)

    assert (place.where, place.kind, place.shown) == (where, Personal.MOBILE, "138****8000")


def test_packed_files_that_hurt_are_told(store: Store) -> None:
    entities = "".join(
        f'<!ENTITY e{number} "{"&e" + str(number - 1) + ";" if number else "x"}{"x" * 9}">'
        for number in range(9)
    )
    laughing = f"<!DOCTYPE d [{entities}]><d>&e8;</d>"
    outside = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d><t>&e;</t></d>'
    huge = "<d>" + f"<t>{'1' * 9_000}</t>" * (file_texts.MOST_XML // 9_000) + "</d>"
    for text in (laughing, outside):
        places = found(store, office(**{"OFD.xml": text}), "a.ofd")
        assert not any("root" in place.shown for place in places)

    assert why(*found(store, office(**{"OFD.xml": huge}), "b.ofd"))
    assert why(*found(store, office(**{"名单.txt": MOBILE}), "c.zip")) == [("", WHY["archive"])]
    assert why(*found(store, b"PK\x03\x04 broken", "d.docx")) == [("", WHY["damaged"])]
    assert why(*found(store, b"AC1032 drawing", "e.dwg")) == [("", WHY["kind"])]
