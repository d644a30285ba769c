"""Lines of a file as rows: each with the number of its movement, and the bill that its text names."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from core.identifiers import new_reference
from payments.bankfiles.facts import BILL_NUMBER, BankFile, BankLine, Statement
from payments.services.begin import link_secret
from payments.states import Channel

# What a row says, and as what the database takes it.
COLUMNS: Final = {
    **{"account": "text", "movement_id": "text", "amount": "bigint", "at": "timestamptz", "exact": "boolean"},
    **{"booked_on": "date", "booked": "boolean", "taken_back": "boolean", "lump": "boolean", "entry_ref": "text"},
    **{"own_ref": "text", "end_to_end": "text", "number": "text", "payer": "text", "text": "text"},
    **{"channel": "text", "bill_number": "text", "order_reference": "text", "link_mark": "bytea"},
}


def rows(file: BankFile) -> Iterator[tuple[Any, ...]]:
    """In the order of `COLUMNS`."""
    seen: Counter[str] = Counter()
    for statement in file.statements:
        for line in statement.lines:
            named = bill_number(line.reference) or bill_number(line.text)
            order = new_reference("PAY") if named else ""
            yield (
                *(statement.account, movement_id(line, statement, seen), line.amount, line.at, line.exact),
                *(line.booked_on, line.booked, line.taken_back, line.lump, line.entry_ref),
                *(line.own_ref, line.end_to_end),
                # A line that names our own account names no virtual one.
                "" if line.account == statement.account else line.account,
                *(line.payer, line.text, (Channel.GIRO if line.giro else Channel.BANK_TRANSFER).value, named, order),
                hashlib.sha256(link_secret(order).encode()).digest() if order else None,
            )


def movement_id(line: BankLine, statement: Statement, seen: Counter[str]) -> str:
    """The same wherever the bank tells the same movement with its reference; two alike on one day are two.

    Without a reference it is the statement's number with the places of entry and transaction. The n-th movement of one
    reference is n; what goes out is marked, since a reversal may bear the reference of what it takes back.
    """
    reference = line.own_ref or line.entry_ref
    if not reference:
        return f"{statement.id}/{line.entry}/{line.place}"
    marked = reference if line.amount >= 0 else f"-{reference}"
    if line.booked:
        seen[marked] += 1
        return marked if seen[marked] == 1 else f"{marked}/{seen[marked]}"
    seen["?" + marked] += 1
    return f"?{marked}/{seen['?' + marked]}"


def bill_number(text: str) -> str:
    """The electronic payment number (전자납부번호, 19 digits) that a text names; none if it names two.

    >>> bill_number("자동차세 11110-1-10-26-6-0012345-6 납부")
    '1111011026600123456'
    >>> bill_number("0000000000000000123 홍길동")
    '0000000000000000123'
    """
    found = set(BILL_NUMBER.findall(text.replace("-", "")))
    return found.pop() if len(found) == 1 else ""
