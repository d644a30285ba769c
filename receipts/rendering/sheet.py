from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from receipts.rendering import fonts
from receipts.rendering.structure import Structure

INK: Final = HexColor(0x1E2124)
QUIET: Final = HexColor(0x58616A)
RULE: Final = HexColor(0xB1B8BE)
PALE: Final = HexColor(0xF4F5F6)
NAVY: Final = HexColor(0x063A74)
PAD: Final = 5.0  # beside the text of a cell
VPAD: Final = 3.6  # above and below it


@dataclass(frozen=True)
class Style:
    size: float = 9.5
    font: str = fonts.REGULAR
    color: Color = INK
    align: str = "left"

    @property
    def leading(self) -> float:
        return self.size * 1.45


@dataclass(frozen=True)
class Text:
    text: str
    style: Style = Style()


@dataclass(frozen=True)
class Cell:
    texts: Sequence[Text]
    width: float
    fill: Color | None = None
    role: str = "TD"


@dataclass(frozen=True)
class Piece:
    """One line of a cell's text, and the element of the structure that it belongs to."""

    text: Text
    element: str


def wrap(text: str, style: Style, room: float) -> list[str]:
    """Break at spaces, and inside a word only where the word alone is wider than the line."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if fonts.width(candidate, style.font, style.size) <= room:
            line = candidate
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, style, room)
        lines += full
    return [*lines, line]


def _pieces(word: str, style: Style, room: float) -> list[str]:
    pieces: list[str] = []
    piece, used = "", 0.0
    for character in word:
        wide = fonts.width(character, style.font, style.size)
        if piece and used + wide > room:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + character, used + wide
    return [*pieces, piece]


class Sheet:
    """
    Pages filled from the top: whatever doesn't fit goes on, inside a table row too, so nothing runs over an edge.

    Coordinates are points from the lower left corner; `y` is where the next thing begins.
    """

    def __init__(
        self,
        canvas: Canvas,
        *,
        left: float,
        right: float,
        top: float,
        bottom: float,
        furniture: Callable[[Sheet], None],
    ) -> None:
        self.canvas, self.tags = canvas, Structure(canvas)
        self.left, self.right, self.top, self.bottom = left, right, top, bottom
        self.page, self.y = 1, top
        self._furniture = furniture
        furniture(self)

    @property
    def width(self) -> float:
        return self.right - self.left

    def new_page(self) -> None:
        self.tags.end_page()
        self.page, self.y = self.page + 1, self.top
        self._furniture(self)

    def finish(self) -> None:
        self.tags.end_page()
        self.tags.write()

    def keep(self, height: float) -> None:
        """What follows needs so much height in one piece."""
        if self.y - height < self.bottom and self.y < self.top:
            self.new_page()

    def draw(self, text: Text, x: float, y: float, room: float) -> None:
        style = text.style
        self.canvas.setFont(style.font, style.size)
        self.canvas.setFillColor(style.color)
        if style.align == "right":
            self.canvas.drawRightString(x + room, y, text.text)
        elif style.align == "center":
            self.canvas.drawCentredString(x + room / 2, y, text.text)
        else:
            self.canvas.drawString(x, y, text.text)

    def rule(self, y: float, *, color: Color = RULE, thickness: float = 0.5) -> None:
        with self.tags.artifact():
            self.canvas.setStrokeColor(color)
            self.canvas.setLineWidth(thickness)
            self.canvas.line(self.left, y, self.right, y)

    def paragraph(self, *texts: Text, role: str = "P", after: float = 0.0) -> None:
        """Lines over the whole width, kept apart only by a page's end."""
        element = self.tags.element(role, self.tags.document)
        for text in texts:
            for line in wrap(text.text, text.style, self.width):
                self.keep(text.style.leading)
                with self.tags.content(element):
                    self.draw(Text(line, text.style), self.left, self.y - text.style.size, self.width)
                self.y -= text.style.leading
        self.y -= after

    def table(self, rows: Sequence[Sequence[Cell]], *, heads: int = 0, after: float = 0.0) -> None:
        """Rows of cells; the first `heads` rows come again on every further page."""
        table = self.tags.element("Table", self.tags.document)
        self.rule(self.y, color=INK, thickness=0.9)
        for number, row in enumerate(rows):
            self._row(row, table, again=rows[:heads] if number >= heads else [])
        self.rule(self.y, color=INK, thickness=0.9)
        self.y -= after

    def _row(self, row: Sequence[Cell], table: str, *, again: Sequence[Sequence[Cell]]) -> None:
        element = self.tags.element("TR", table)
        names = [self.tags.element(cell.role, element) for cell in row]
        left = [self._lines(cell, name) for cell, name in zip(row, names, strict=True)]
        postponed = False
        while True:
            taken = [_fitting(lines, self.y - self.bottom - 2 * VPAD) for lines in left]
            whole = all(len(now) == len(lines) for now, lines in zip(taken, left, strict=True))
            if not whole and not postponed and max(map(_height, left)) < (self.top - self.bottom) / 2:
                taken, postponed = [[] for _ in left], True  # the next page has room for all of it: don't tear it
            if any(taken):
                self._draw_row(row, taken)
            if whole:
                return
            left = [lines[len(now) :] for now, lines in zip(taken, left, strict=True)]
            self.new_page()
            for head in again:
                self._row(head, table, again=[])

    def _lines(self, cell: Cell, name: str) -> list[Piece]:
        room = cell.width - 2 * PAD
        pieces: list[Piece] = []
        for text in cell.texts:
            if text.text:
                element = self.tags.element("P", name)
                pieces += [Piece(Text(line, text.style), element) for line in wrap(text.text, text.style, room)]
        return pieces

    def _draw_row(self, row: Sequence[Cell], taken: list[list[Piece]]) -> None:
        height = max(map(_height, taken)) + 2 * VPAD
        x = self.left
        for cell, pieces in zip(row, taken, strict=True):
            if cell.fill:
                with self.tags.artifact():
                    self.canvas.setFillColor(cell.fill)
                    self.canvas.rect(x, self.y - height, cell.width, height - 0.6, stroke=0, fill=1)
            y = self.y - (height - _height(pieces)) / 2
            for piece in pieces:
                with self.tags.content(piece.element):
                    self.draw(piece.text, x + PAD, y - piece.text.style.size * 1.08, cell.width - 2 * PAD)
                y -= piece.text.style.leading
            x += cell.width
        self.y -= height
        self.rule(self.y)


def _height(pieces: Sequence[Piece]) -> float:
    return sum(piece.text.style.leading for piece in pieces)


def _fitting(pieces: list[Piece], room: float) -> list[Piece]:
    fitting: list[Piece] = []
    for piece in pieces:
        room -= piece.text.style.leading
        if room < 0:
            break
        fitting.append(piece)
    return fitting
