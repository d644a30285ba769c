"""A number as bars that a till's scanner reads (Code 128)."""

from __future__ import annotations

from reportlab.graphics import renderSVG
from reportlab.graphics.barcode import createBarcodeDrawing

# Points: 16 digits in pairs are about 70 mm wide, which every hand scanner reads, and fit a telephone's screen.
BAR: float = 1.5
HEIGHT: float = 60


def barcode(number: str) -> bytes:
    """An SVG picture; the digits themselves stand on the page beside it."""
    facts = {"value": number, "barWidth": BAR, "barHeight": HEIGHT, "quiet": True}
    drawing = createBarcodeDrawing("Code128", **facts)  # type: ignore[no-untyped-call]
    text: str = renderSVG.drawToString(drawing)
    return text.encode()
