"""Papers that show what a claim says: brought by whoever claims, looked at before an officer opens them."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.evidence import look_at_waiting
from refunds.models import ClaimFile


class NoRoomForFile(Refusal):
    message = _("No file can be added: at most 10 files and 20 MB together, and nothing after the answer.")


def add_claim_file(*, claim_id: int, name: str, kind: str, content: bytes) -> int:
    """Keep a file, `kind` pdf, png or jpeg, in the name of the session's citizen; its id. Raises NoRoomForFile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT refunds_add_claim_file(%s, %s, %s, %s)", [claim_id, name[:100], kind, content])
        ((made,),) = cursor.fetchall()
    if made is None:
        raise NoRoomForFile
    return int(made)


def look_at_claim_files(*, at: datetime) -> int:
    """Worker: have files looked at that wait; how many. Outside any transaction."""
    return look_at_waiting(ClaimFile, about="refund", at=at)
