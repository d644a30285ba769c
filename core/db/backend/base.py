"""PostgreSQL for Django, telling each transaction whose session it serves (see `core.db.session`)."""

from __future__ import annotations

from django.db.backends.postgresql import base

from core.db.session import current_secret


class DatabaseWrapper(base.DatabaseWrapper):
    """Adds one statement to the start of a transaction, and only where a session is known."""

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> None:
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        secret = current_secret()
        if not autocommit and secret:
            with self.cursor() as cursor:
                cursor.execute("SELECT set_config('etax.session', %s, true)", [secret])
