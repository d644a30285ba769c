"""Bytes of a stranger become a tree, or are refused: bounded, UTF-8, no entities, nothing fetched from anywhere."""

from __future__ import annotations

import re
from typing import Any, Final

from lxml import etree

from payments.bankfiles.refusals import Reason, UnableToTakeBankFile

MOST_BYTES: Final = 10 * 1024 * 1024
DECLARED: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")


def parse(content: bytes) -> Any:
    """The root element. Raises `UnableToTakeBankFile`.

    A document type is refused before the parser sees it: that is where entity bombs and outside entities are defined.
    """
    if len(content) > MOST_BYTES:
        raise UnableToTakeBankFile(Reason.TOO_LARGE)
    if not content.strip():
        raise UnableToTakeBankFile(Reason.EMPTY)
    _refuse_other_encodings(content)
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnableToTakeBankFile(Reason.DOCTYPE)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnableToTakeBankFile(Reason.NOT_XML, f"line {error.lineno}") from None


def _refuse_other_encodings(content: bytes) -> None:
    declared = DECLARED.match(content.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared.group(1).upper() not in {b"UTF-8", b"UTF8"}:
        raise UnableToTakeBankFile(Reason.NOT_UTF8, declared.group(1).decode("ascii", "replace"))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnableToTakeBankFile(Reason.NOT_UTF8, f"byte {error.start}") from None
