from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from billing.services.bring_roll import bring_roll

if TYPE_CHECKING:
    from billing.services.check_roll import Told


def import_roll(
    *,
    content: bytes | BinaryIO,
    file_name: str,
    tax: str,
    year: int,
    term: int,
    uploaded_by_id: int,
    at: datetime,
    office: str | None = None,
    told: Told | None = None,
) -> int:
    """Bring a roll and check it at once, on the worker's machine; returns the roll's id (bring_roll, check_roll)."""
    from billing.services.check_roll import check_roll  # the worker's: no face needs to load what it computes with

    file = io.BytesIO(content) if isinstance(content, bytes) else content
    size = file.seek(0, io.SEEK_END)
    roll_id = bring_roll(
        file=file,
        size=size,
        file_name=file_name,
        tax=tax,
        year=year,
        term=term,
        uploaded_by_id=uploaded_by_id,
        at=at,
        office=office,
    )
    check_roll(roll_id=roll_id, at=at, told=told)
    return roll_id
