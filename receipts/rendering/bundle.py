"""Papers of many hands bound into one PDF: a cover with where each begins, texts and files, every page numbered."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from PIL import Image
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import Destination
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from receipts.rendering import fonts
from receipts.rendering.bundle_parts import Exhibit, Inserted, Part, Words
from receipts.rendering.fonts import BOLD, printable
from receipts.rendering.sheet import QUIET, Sheet, Style, Text

LEFT, RIGHT, TOP, BOTTOM = 20 * mm, A4[0] - 20 * mm, A4[1] - 22 * mm, 24 * mm
TITLE: Final = Style(16, BOLD)
HEAD: Final = Style(11, BOLD)
BODY: Final = Style(9.5)
HINT: Final = Style(8, color=QUIET)
# A file with more pages, and a picture with more points, is named and left out.
MOST_PAGES: Final = 200
MOST_POINTS: Final = 40_000_000


def bind(*, title: str, subtitle: str, parts: Sequence[Part], words: Words) -> bytes:
    """All parts in order; the cover says on which page each begins. What can't be read as its kind is named instead."""
    bound = PdfWriter()
    begins = []
    for part in parts:
        begins.append(len(bound.pages))
        _add(bound, part, words)
    entries = [(part.title, begin) for part, begin in zip(parts, begins, strict=True)]
    cover = _cover(title, subtitle, entries, words, first=1)
    if len(cover.pages) > 1:  # a longer list moves what it lists
        cover = _cover(title, subtitle, entries, words, first=len(cover.pages))
    for number, page in enumerate(cover.pages):
        bound.insert_page(page, number)
    for name, begin in entries:
        bound.add_outline_item(title=printable(name, longest=120), page_number=begin + len(cover.pages))
    bound.add_metadata({"/Title": printable(title, longest=200), "/Creator": "ETAX"})
    _number(bound)
    out = BytesIO()
    bound.write(out)
    return out.getvalue()


def bind_exhibits(*, title: str, mark: str, front: Part, exhibits: Sequence[Exhibit], words: Words) -> bytes:
    """One side's file: a front with the list of exhibits and where each begins, then their pages, numbered through as
    `mark` and number. The front is not counted: a page keeps its number when more is brought, and whoever reads."""
    bound, begins, first = PdfWriter(), [], 1
    pages: list[PageObject] = []
    for one in exhibits:
        begins.append((one, first))
        pages += _exhibit(one)
        first += one.pages

    def fill(sheet: Sheet) -> None:
        sheet.paragraph(Text(printable(title), TITLE), role="H1", after=8)
        sheet.paragraph(Text(printable(words.contents), HEAD), role="H2", after=4)
        for one, begin in begins:
            last = begin + one.pages - 1
            where = f"{mark} {begin}" if last == begin else f"{mark} {begin}-{last}"
            sheet.paragraph(Text(printable(f"{where}   {one.label}"), BODY), after=3)
        sheet.y -= 8
        for heading, text in front.texts:
            sheet.paragraph(Text(printable(heading), HEAD), role="H2", after=2)
            for line in text.splitlines():
                if line.strip():
                    sheet.paragraph(Text(printable(line), BODY), after=3)

    drawn = _drawn(fill).pages
    for page in [*drawn, *pages]:
        bound.add_page(page)
    for one, begin in begins:
        bound.add_outline_item(title=printable(one.label, longest=120), page_number=len(drawn) + begin - 1)
    bound.add_metadata({"/Title": printable(title, longest=200), "/Creator": "ETAX"})
    _stamp(bound, ["" for _ in drawn] + [f"{mark} {number}" for number in range(1, first)])
    out = BytesIO()
    bound.write(out)
    return out.getvalue()


def pages_in(file: Inserted) -> int:
    """How many pages a file takes in an exhibit: one where it can't be read, which says so."""
    return len(_pages_of(file)) or 1


def _exhibit(one: Exhibit) -> list[PageObject]:
    found = _pages_of(one.file) if one.file is not None else []
    if len(found) == one.pages:
        return found

    def fill(sheet: Sheet) -> None:
        sheet.paragraph(Text(printable(one.label), HEAD), role="H2", after=4)
        sheet.paragraph(Text(printable(one.why), BODY))

    return [page for _ in range(one.pages) for page in _drawn(fill).pages]


def contents_of(content: bytes) -> tuple[list[tuple[str, int]], int]:
    """The parts of a bundle with the page on which each begins, and the number of its pages."""
    reader = PdfReader(BytesIO(content))
    entries = [
        (str(item.title), (reader.get_destination_page_number(item) or 0) + 1)
        for item in reader.outline
        if isinstance(item, Destination)
    ]
    return entries, len(reader.pages)


def _add(bound: PdfWriter, part: Part, words: Words) -> None:
    left_out, pages = list(part.left_out), []
    for file in part.files:
        found = _pages_of(file)
        if found:
            pages += found
        else:
            left_out.append(file.name)

    def fill(sheet: Sheet) -> None:
        sheet.paragraph(Text(printable(part.title), TITLE), role="H1", after=8)
        for heading, text in part.texts:
            sheet.paragraph(Text(printable(heading), HEAD), role="H2", after=2)
            for line in text.splitlines():
                if line.strip():
                    sheet.paragraph(Text(printable(line), BODY), after=3)
            sheet.y -= 8
        for name in left_out:
            sheet.paragraph(Text(printable(f"{words.left_out}: {name}"), HINT))

    for page in _drawn(fill).pages:
        bound.add_page(page)
    for page in pages:
        bound.add_page(page)


def _pages_of(file: Inserted) -> list[PageObject]:
    """A file's pages without anything that acts when it is opened; none where it can't be read."""
    try:
        return _picture(file) if file.kind in ("png", "jpeg") else _document(file.content)
    except (
        PyPdfError,
        OSError,
        ValueError,
        ArithmeticError,
        LookupError,
        RecursionError,
        Image.DecompressionBombError,
    ):
        return []


def _document(content: bytes) -> list[PageObject]:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
        return []
    pages = list(reader.pages)
    for page in pages:
        for acts in ("/Annots", "/AA"):
            page.pop(acts, None)
    return pages


def _picture(file: Inserted) -> list[PageObject]:
    with Image.open(BytesIO(file.content)) as found:
        wide, high = found.size
    if wide * high > MOST_POINTS:
        return []
    room, height = RIGHT - LEFT, TOP - BOTTOM - 20
    scale = min(room / wide, height / high, 1)
    out = BytesIO()
    canvas = _canvas(out)
    canvas.setFont(fonts.REGULAR, 8)
    canvas.drawString(LEFT, TOP, printable(file.name, longest=100))
    picture = ImageReader(BytesIO(file.content))
    canvas.drawImage(picture, LEFT, TOP - 12 - high * scale, wide * scale, high * scale, mask="auto")
    canvas.showPage()
    canvas.save()
    return list(PdfReader(out).pages)


def _cover(title: str, subtitle: str, entries: Sequence[tuple[str, int]], words: Words, *, first: int) -> PdfReader:
    def fill(sheet: Sheet) -> None:
        sheet.paragraph(Text(printable(title), TITLE), role="H1", after=4)
        sheet.paragraph(Text(printable(subtitle), HINT), after=14)
        sheet.paragraph(Text(printable(words.contents), HEAD), role="H2", after=4)
        for name, begin in entries:
            sheet.paragraph(Text(printable(f"{begin + first + 1}   {name}"), BODY), after=3)

    return _drawn(fill)


def _drawn(fill: Any) -> PdfReader:
    out = BytesIO()
    canvas = _canvas(out)
    sheet = Sheet(canvas, left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM, furniture=lambda _: None)
    fill(sheet)
    sheet.finish()
    canvas.save()
    return PdfReader(out)


def _number(bound: PdfWriter) -> None:
    """The number of each page, and how many there are."""
    many = len(bound.pages)
    _stamp(bound, [f"{number} / {many}" for number in range(1, many + 1)])


def _stamp(bound: PdfWriter, marks: Sequence[str]) -> None:
    """A mark at the foot of each page, whatever its size."""
    out = BytesIO()
    canvas = _canvas(out)
    for mark, page in zip(marks, bound.pages, strict=True):
        canvas.setPageSize((float(page.mediabox.width), float(page.mediabox.height)))
        canvas.setFont(fonts.REGULAR, 9)
        canvas.drawCentredString(float(page.mediabox.width) / 2, 10 * mm, mark)
        canvas.showPage()
    canvas.save()
    for page, foot in zip(bound.pages, PdfReader(out).pages, strict=True):
        page.merge_translated_page(foot, float(page.mediabox.left), float(page.mediabox.bottom))


def _canvas(out: BytesIO) -> Canvas:
    first: Any = fonts.REGULAR
    return Canvas(out, pagesize=A4, invariant=1, pageCompression=1, lang="ko", initialFontName=first)
