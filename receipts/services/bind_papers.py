"""Papers bound into one PDF for somebody to read: no document of the city, neither numbered nor signed."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from receipts.rendering import fonts
from receipts.rendering.bundle_parts import Exhibit, Inserted, Part, Words

__all__ = ["Exhibit", "Inserted", "Part", "Words", "bind_papers", "bind_side", "index_of", "pages_of"]


def bind_papers(*, title: str, subtitle: str, parts: Sequence[Part], words: Words) -> bytes:
    """The parts in order behind a cover, every page numbered; a file that can't be read is named in its part."""
    # Loaded with the first papers: it takes a fifth of a second, and most processes never bind any.
    from receipts.rendering.bundle import bind

    fonts.register(settings.DOCUMENT_FONTS)
    return bind(title=title, subtitle=subtitle, parts=parts, words=words)


def bind_side(*, title: str, mark: str, front: Part, exhibits: Sequence[Exhibit], words: Words) -> bytes:
    """One side's exhibits behind a list of them, their pages numbered through so that they can be cited."""
    from receipts.rendering.bundle import bind_exhibits

    fonts.register(settings.DOCUMENT_FONTS)
    return bind_exhibits(title=title, mark=mark, front=front, exhibits=exhibits, words=words)


def pages_of(file: Inserted) -> int:
    """How many pages a file has when it is bound, at least one."""
    from receipts.rendering.bundle import pages_in

    fonts.register(settings.DOCUMENT_FONTS)
    return pages_in(file)


def index_of(content: bytes) -> tuple[list[tuple[str, int]], int]:
    """Of bound papers the page on which each part begins, and how many pages there are."""
    from receipts.rendering.bundle import contents_of

    return contents_of(content)
