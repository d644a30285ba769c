"""Bill data (DE48 or DE62): elements of tag, length and value, Korean in EUC-KR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from payments.atm.words import Answer, BillLine, Malformed

NUMBER: Final = "01"
PAYER_NUMBER: Final = "02"
PAGE: Final = "03"
ASKED: Final = {NUMBER: re.compile("[0-9]{19}"), PAYER_NUMBER: re.compile("[0-9]{18}"), PAGE: re.compile("[0-9]{2}")}
ELEMENT: Final = re.compile(r"([0-9]{2})([0-9]{3})")
NAME_BYTES: Final = 30
PAYER_BYTES: Final = 40


def read(text: str) -> dict[str, str]:
    """What a bank asked: its elements by tag. Raises `Malformed`."""
    found: dict[str, str] = {}
    for tag, value in _elements(text):
        if tag in found or tag not in ASKED or not ASKED[tag].fullmatch(value):
            raise Malformed(f"bill data: element {tag}")
        found[tag] = value
    return found


def _elements(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        head = ELEMENT.match(text, place)
        if head is None or head.end() + int(head[2]) > len(text):
            raise Malformed("bill data: an element does not fit")
        place = head.end() + int(head[2])
        yield head[1], text[head.end() : place]


def write(answer: Answer, *, number: str) -> str:
    """What is answered, as bytes read in Latin-1; empty where there is nothing to say."""
    elements: list[tuple[str, bytes]] = []
    if answer.reference:
        elements.append((NUMBER, number.encode()))
    if answer.next_page is not None:
        elements.append(("11", f"{answer.next_page:02d}".encode()))
    if answer.payer:
        elements.append(("12", korean(answer.payer, PAYER_BYTES)))
    elements += [("20", _bill(bill)) for bill in answer.bills]
    if answer.reference:
        elements.append(("30", answer.reference.encode()))
    return b"".join(b"%s%03d%s" % (tag.encode(), len(value), value) for tag, value in elements).decode("latin-1")


def _bill(bill: BillLine) -> bytes:
    facts = f"{bill.number}{bill.owed:012d}{bill.due_on:%Y%m%d}{bill.year:04d}{bill.term:02d}"
    return facts.encode() + korean(bill.tax, NAME_BYTES)


def korean(text: str, most: int) -> bytes:
    """EUC-KR of at most so many bytes, never half a letter; what it can't write becomes a question mark."""
    written = b""
    for letter in text:
        more = letter.encode("euc-kr", "replace")
        if len(written) + len(more) > most:
            break
        written += more
    return written
