"""Papers bound into one PDF for somebody to read: no document of the city, neither numbered nor signed."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from receipts.rendering import fonts
from receipts.rendering.bundle_parts import Inserted, Part, Words

__all__ = ["Inserted", "Part", "Words", "bind_papers"]


def bind_papers(*, title: str, subtitle: str, parts: Sequence[Part], words: Words) -> bytes:
    """The parts in order behind a cover, every page numbered; a file that can't be read is named in its part."""
    # Loaded with the first papers: it takes a fifth of a second, and most processes never bind any.
    from receipts.rendering.bundle import bind

    fonts.register(settings.DOCUMENT_FONTS)
    return bind(title=title, subtitle=subtitle, parts=parts, words=words)
