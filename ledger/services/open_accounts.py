from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from ledger.models import Purpose


def open_accounts(*, bodies: Sequence[str], taxes: Sequence[str]) -> None:
    """Open the chart of accounts (계정과목) for these bodies and taxes; what is open stays as it is.

    An account that a payment has to open itself makes the next payer wait for its commit, so a city's are opened
    when its pack is loaded.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(ledger_account(body, tax, purpose)) FROM unnest(%s::text[]) AS body, "
            "unnest(%s::text[]) AS tax, unnest(%s::text[]) AS purpose",
            [list(bodies), list(taxes), Purpose.values],
        )
