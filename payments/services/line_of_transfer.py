from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection

from payments.bankfiles.states import Fate
from payments.models import BankLine

# With what the references of our transfers begin (EndToEndId); `deposits.sql` knows it too.
PREFIX: Final = "TRF"


def line_of_transfer(*, line: BankLine, at: datetime) -> Fate | None:
    """Bind a line to the transfer of ours that it names: the money left our account, or came back.

    None where it names none, or another sum, or one that left already: then the line is what any other is.
    """
    if not line.end_to_end.startswith(f"{PREFIX}-"):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_line_of_transfer(%s, %s)", [line.pk, at])
        fate = cursor.fetchone()[0]
    return Fate(fate) if fate else None
