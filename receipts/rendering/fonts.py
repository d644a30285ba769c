from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR: Final = "NotoSansKR"
BOLD: Final = "NotoSansKR-Bold"


@lru_cache(maxsize=1)
def register(folder: Path) -> None:
    """Load the two faces once in a process: parsing their 12 MB takes 0.2 s. Each document embeds only its glyphs."""
    for name, file in ((REGULAR, "400Regular/NotoSansKR_400Regular.ttf"), (BOLD, "700Bold/NotoSansKR_700Bold.ttf")):
        # Without asciiReadable a document carries no glyph that it doesn't show.
        pdfmetrics.registerFont(TTFont(name, str(folder / file), asciiReadable=False))


def has_glyph(character: str, font: str = REGULAR) -> bool:
    loaded = pdfmetrics.getFont(font)
    return isinstance(loaded, TTFont) and ord(character) in loaded.face.charToGlyph


def width(text: str, font: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, font, size))


def printable(text: str, *, longest: int = 6_000) -> str:
    """
    What a page can show of a text that a person typed.

    Composed (NFC), on one line, without control and direction marks, which could make a page read otherwise than its
    facts. A character that the font lacks is named by its code point: an empty box would hide which one it was.
    """
    composed = unicodedata.normalize("NFC", text[: longest * 4])
    words = " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in composed).split())
    shown = "".join(c if has_glyph(c) else f"[U+{ord(c):04X}]" for c in words[:longest])
    return shown + "…" if len(words) > longest else shown
