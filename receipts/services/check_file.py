from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from receipts import selectors
from receipts.selectors import PublicEntry
from receipts.signing.verify import Verdict, load_roots, verify
from receipts.states import Status


@dataclass(frozen=True)
class Checked:
    """What a file is worth. `entry` is the register's line for exactly these bytes."""

    verdict: Verdict
    entry: PublicEntry | None = None
    signed_at: datetime | None = None


def check_file(*, pdf: bytes, at: datetime) -> Checked:
    """
    Genuine is a file that the city signed, unchanged to the last byte, which its register knows and stands by.

    The signature alone would also be sound under a stolen key; the register alone would not convince anybody who
    checks without us.
    """
    found = verify(pdf, roots=load_roots(settings.DOCUMENT_ROOTS), at=at)
    if found.verdict is not Verdict.GENUINE:
        return Checked(found.verdict)
    entry = selectors.find_content(pdf)
    stands = entry is not None and entry.status == Status.READY
    return Checked(Verdict.GENUINE if stands else Verdict.WITHDRAWN, entry, found.signed_at)
