from __future__ import annotations

from typing import Any

from reportlab.graphics.barcode import qrencoder
from reportlab.pdfgen.canvas import Canvas

QUIET_ZONE = 4  # modules, ISO/IEC 18004


def draw_qr(canvas: Canvas, text: str, *, x: float, y: float, size: float) -> None:
    """A QR code with a quarter of redundancy, as one path: a shape for each module would weigh ten times as much."""
    code: Any = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count = code.getModuleCount()
    module = size / (count + 2 * QUIET_ZONE)
    path = canvas.beginPath()
    for row in range(count):
        column = 0
        while column < count:
            run = 0
            while column + run < count and code.isDark(row, column + run):
                run += 1
            if run:
                top = y + size - (QUIET_ZONE + row + 1) * module
                path.rect(x + (QUIET_ZONE + column) * module, top, run * module, module)
            column += run + 1
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawPath(path, stroke=0, fill=1)
