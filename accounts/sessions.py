"""Django's session engine over the database's session functions: the key of a session is its secret.

Only a hash of the secret is stored, and the row says who is signed in; what this process writes into `data` can't.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.db import OperationalError, connection
from django.utils.translation import gettext_lazy as _
from psycopg.errors import ConfigurationLimitExceeded

from core.db.session import replace_secret
from core.errors import Refusal
from core.request import current_facts


class TooManyVisitors(Refusal):
    message = _("Very many people are here at the moment. Please try again in a minute.")


@dataclass(frozen=True)
class SignedIn:
    """Who the session speaks for, as the database says. `awaits_code`: not yet, the one-time code is missing."""

    account_id: int
    awaits_code: bool
    code_at: datetime | None
    email: str
    kind: str
    assurance: int
    taxpayer_id: int | None


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class SessionStore(SessionBase):
    """`signed_in` is None for a visitor."""

    def __init__(self, session_key: str | None = None, *, agent: str = "") -> None:
        super().__init__(session_key)
        self.agent = agent
        self._signed_in: SignedIn | None = None

    @property
    def signed_in(self) -> SignedIn | None:
        self._get_session()  # type: ignore[attr-defined]
        return self._signed_in

    def load(self) -> dict[str, Any]:
        row = _row("SELECT * FROM accounts_load_session(%s)", [self.session_key])
        if row is None:
            self._session_key = None
            return {}
        data, account_id, *facts = row
        self._signed_in = SignedIn(account_id, *facts) if account_id is not None else None
        return self.decode(data) if data else {}

    def reload(self) -> None:
        """Ask the database again who is signed in; what was written into the session and not saved is lost."""
        self.__dict__.pop("_session_cache", None)

    def exists(self, session_key: str) -> bool:
        return _row("SELECT 1 FROM accounts_load_session(%s)", [session_key]) is not None

    def create(self) -> None:
        self._session_key = new_secret()
        self.save(must_create=True)
        self.modified = True
        replace_secret(self._session_key)

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        data = self.encode(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        if not must_create and not self.exists(self.session_key):
            raise UpdateError
        arguments = [self.session_key, data, current_facts().address, self.agent]
        try:
            _row("SELECT accounts_save_session(%s, %s, %s, %s)", arguments)
        except OperationalError as error:
            if isinstance(error.__cause__, ConfigurationLimitExceeded):
                raise TooManyVisitors from error
            raise

    def delete(self, session_key: str | None = None) -> None:
        if session_key or self.session_key:
            _row("SELECT accounts_delete_session(%s)", [session_key or self.session_key])

    def cycle_key(self) -> None:
        """The same session under a new secret; the old one opens nothing any more."""
        fresh = new_secret()
        if self.session_key:
            self._get_session()  # type: ignore[attr-defined]
            if _row("SELECT accounts_rotate_session(%s, %s)", [self.session_key, fresh]) == (True,):
                self.adopt(fresh)
                return
        self.create()

    def adopt(self, secret: str) -> None:
        """Go on under a secret that the database has taken for this session."""
        self._session_key = secret
        self.modified = True
        replace_secret(secret)

    @classmethod
    def clear_expired(cls) -> None:
        """A job of the worker does it."""


def _row(statement: str, arguments: list[Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
