from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import connection, transaction

from core.clock import local_date
from payments.bankfiles.banks import bank
from payments.bankfiles.refusals import Reason, UnableToTakeBankFile
from payments.bankfiles.safe_xml import MOST_BYTES


def bring_bank_file(*, content: bytes, bank_code: str, name: str, at: datetime) -> int:
    """Store a bank's file as it came and have the worker read it; returns its number.

    The same bytes again are the file that is here. Raises `UnknownBank`; a file too large to keep is refused at once.
    """
    known = bank(bank_code, on=local_date(at))
    if len(content) > MOST_BYTES:
        raise UnableToTakeBankFile(Reason.TOO_LARGE)
    if not content.strip():
        raise UnableToTakeBankFile(Reason.EMPTY)
    with transaction.atomic(), connection.cursor() as cursor:
        digest = hashlib.sha256(content).hexdigest()
        cursor.execute("SELECT payments_bring_file(%s, %s, %s, %s)", [known.code, name[:200], digest, content])
        return int(cursor.fetchone()[0])
