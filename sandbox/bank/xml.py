"""Putting a message of ISO 20022 together, and taking one apart that somebody else wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from lxml import etree

# A text, attributes by "@", or further elements.
Content = str | Sequence[tuple[str, "Content"]]
PREFIX: Final = "urn:iso:std:iso:20022:tech:xsd:"
MOST_BYTES: Final = 10 * 1024 * 1024


class BadMessage(Exception):
    """Not a message that this bank can read."""


def document(message: str, content: Content) -> bytes:
    """The bytes of a whole message, UTF-8."""
    space = PREFIX + message
    root = etree.Element(f"{{{space}}}Document", nsmap={None: space})
    _fill(root, content, space)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _fill(parent: Any, content: Content, space: str) -> None:
    if isinstance(content, str):
        parent.text = content
        return
    for name, inner in content:
        if name.startswith("@"):
            parent.set(name[1:], str(inner))
        elif name:
            _fill(etree.SubElement(parent, f"{{{space}}}{name}"), inner, space)
        else:
            parent.text = str(inner)


def parsed(content: bytes, message: str) -> Any:
    """The message's body without its namespace; entities and documents of their own are not read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if len(content) > MOST_BYTES:
        raise BadMessage("too large")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise BadMessage("no XML") from error
    if root.getroottree().docinfo.doctype or root.tag != f"{{{PREFIX}{message}}}Document" or not len(root):
        raise BadMessage("another message")
    for node in root.iter(etree.Element):
        node.tag = etree.QName(node).localname
    return root[0]
