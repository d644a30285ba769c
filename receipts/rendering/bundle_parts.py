"""What is bound into one PDF by `receipts.rendering.bundle`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Inserted:
    """A file: `kind` is pdf, png or jpeg."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the bundle: `texts` are (heading, text); `left_out` names what is not in it."""

    title: str
    texts: Sequence[tuple[str, str]]
    files: Sequence[Inserted] = ()
    left_out: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the bundle itself says, in its reader's language."""

    contents: str
    left_out: str


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A file of one side under its number. `pages`: how many it has, whether or not this reader gets them; `file`
    None: not for this reader, or not readable, and `why` says which, on as many pages."""

    label: str
    pages: int
    file: Inserted | None
    why: str = ""
