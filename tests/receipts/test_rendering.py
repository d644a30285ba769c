from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from receipts.rendering import fonts
from receipts.rendering.facts import UnreadableFacts
from receipts.rendering.fonts import BOLD, REGULAR, printable
from receipts.rendering.sheet import Style, wrap
from receipts.rendering.words import amount_in_figures, amount_in_hangul
from tests.receipts.papers import FONTS, NUMBER, receipt_facts, render
from tests.receipts.qr_reader import read_qr


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_a_receipt_says_who_paid_what_when_and_how() -> None:
    text = text_of(render())
    for fact in (
        "홍길동",
        "Nguyễn Thị Ví Dụ",
        "예시로 1",
        "자동차세",
        "Automobile tax",
        "₩198,120",
        "₩257,550",
        NUMBER,
    ):
        assert fact in text
    assert "일" not in amount_in_hangul(257_550)
    assert "이십오만칠천오백오십원" in text
    assert "1111012600000000123" in text
    assert "1111010140004202606100100001234" in text
    assert "2026년 6월 20일 12:04:05" in text  # Seoul's time, not UTC
    assert "신용카드" in text
    assert "서울특별시 종로구청장" in text
    assert f"https://etax.example.kr/receipts/verify/{NUMBER}" in text


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render() == render()


def test_a_usual_receipt_is_one_page_tagged_and_named_for_screen_readers() -> None:
    reader = PdfReader(BytesIO(render()))
    assert len(reader.pages) == 1
    catalogue: Any = reader.trailer["/Root"].get_object()
    assert catalogue["/Lang"] == "ko"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/StructTreeRoot"]["/K"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert NUMBER in str(reader.metadata.title)


def test_every_font_is_embedded() -> None:
    (page,) = PdfReader(BytesIO(render())).pages
    resources: Any = page["/Resources"]
    for font in resources["/Font"].values():
        assert "/FontFile2" in font.get_object()["/FontDescriptor"]


def test_every_korean_syllable_has_a_glyph_in_both_weights() -> None:
    fonts.register(FONTS)
    for weight in (REGULAR, BOLD):
        assert [c for c in map(chr, range(0xAC00, 0xD7A4)) if not fonts.has_glyph(c, weight)] == []


@pytest.mark.parametrize("name", ["가" * 5_000, "홍길동 " * 1_250, "W" * 5_000, "<b>&amp;</b>" * 400, "한" * 100_000])
def test_a_very_long_name_goes_on_over_pages_and_never_over_an_edge(name: str) -> None:
    pdf = render(taxpayer={"name": name})
    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) > 1
    assert f"1 / {len(reader.pages)}" in reader.pages[0].extract_text()
    if len(name) <= 5_000:
        shown = "".join(text_of(pdf).split())
        assert shown.count(name[0]) >= name.count(name[0])


def test_no_line_is_wider_than_its_room() -> None:
    fonts.register(FONTS)
    style = Style(9.5)
    text = (
        "서울특별시 종로구 " * 20
        + "가나다라마바사" * 60
        + " Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    )
    for room in (40.0, 133.3, 480.0):
        lines = wrap(text, style, room)
        assert max(fonts.width(line, style.font, style.size) for line in lines) <= room
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_payment_of_many_bills_repeats_the_table_head_and_keeps_the_total() -> None:
    line = receipt_facts()["lines"][0] | {"amount": 1_000}
    pages = [page.extract_text() for page in PdfReader(BytesIO(render(lines=[line] * 200, total=200_000))).pages]
    assert len(pages) > 5
    assert all("E-payment no." in page for page in pages[:-2])
    assert "₩200,000" in "".join(pages[-2:])


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("홍길동", "홍길동"),  # decomposed, as some systems store names
        ("홍\u202e길\x00동\n둘째 줄", "홍 길 동 둘째 줄"),
        ("홍길동😀", "홍길동[U+1F600]"),
        ("(주)예시 ㈜ 李純信 Ñandú Чехов", "(주)예시 ㈜ 李純信 Ñandú Чехов"),
    ],
)
def test_what_a_page_cannot_show_is_named_instead_of_hidden(typed: str, shown: str) -> None:
    fonts.register(FONTS)
    assert printable(typed) == shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"total": 257_551},
        {"total": 257_550.0},
        {"total": -1, "lines": [{"item": "x", "amount": -1}]},
        {"total": 2**63, "lines": [{"item": "x", "amount": 2**63}]},
        {"lines": []},
        {"lines": [{"amount": 1}]},
        {"paid_at": "2026-06-20T03:04:05"},
        {"paid_at": None},
        {"taxpayer": "홍길동"},
    ],
)
def test_facts_that_do_not_tie_make_no_document(wrong: dict[str, object]) -> None:
    with pytest.raises(UnreadableFacts):
        render(**wrong)


def test_another_currency_has_its_own_decimals() -> None:
    line = {"item": "Property tax", "amount": 10_050}
    text = text_of(render(lines=[line], total=10_050, currency="EUR"))
    assert "EUR 100.50" in text
    assert "원정" not in text


def test_the_largest_amount_has_words_and_fits() -> None:
    largest = 2**63 - 1
    text = text_of(render(lines=[{"item": "자동차세", "amount": largest}], total=largest))
    assert "구백이십이경" in text
    assert f"{largest:,}" in "".join(text.split())


def test_amounts_in_words() -> None:
    assert amount_in_hangul(113_560) == "일십일만삼천오백육십"
    assert amount_in_hangul(9_999_9999_9999) == "구천구백구십구억구천구백구십구만구천구백구십구"
    assert amount_in_hangul(10_000) == "일만"
    assert amount_in_figures(1_234_567) == "₩1,234,567"


@pytest.mark.needs("qpdf")
@pytest.mark.parametrize("lines", [1, 120])
def test_qpdf_finds_nothing_wrong(tmp_path: Path, lines: int) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(render(lines=[{"item": "자동차세", "amount": 10}] * lines, total=10 * lines))
    subprocess.run(["qpdf", "--check", str(file)], check=True, capture_output=True)


@pytest.mark.needs("pdfinfo")
def test_a_screen_reader_finds_headings_and_table_cells(tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(render())
    tree = subprocess.run(["pdfinfo", "-struct-text", str(file)], check=True, capture_output=True, text=True).stdout
    assert tree.index("H1") < tree.index("Table") < tree.index("TH") < tree.index('"홍길동"')


@pytest.mark.needs("pdftoppm")
def test_the_printed_qr_code_reads_as_the_address_of_the_check(tmp_path: Path) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(render())
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-singlefile", str(file), str(tmp_path / "page")], check=True)
    page = Image.open(tmp_path / "page.pgm").point(lambda grey: 0 if grey > 128 else 255)
    pixels = 300 / 72
    corner = page.crop((int(40 * pixels), page.height - int(112 * pixels), int(130 * pixels), page.height))
    box = corner.getbbox()
    assert box is not None
    code = corner.crop(box)
    size = 33
    step = code.width / size
    middle = [(i + 0.5) * step for i in range(size)]
    modules = [[bool(code.getpixel((int(x), int(y)))) for x in middle] for y in middle]
    assert read_qr(modules) == f"https://etax.example.kr/receipts/verify/{NUMBER}"
