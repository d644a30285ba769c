"""The process environment, read once and typed; what is missing or nonsense stops the start and is named.

In development a missing secret is made and kept below `var/secrets`; in production it must be given, either as
the variable itself or as `<NAME>_FILE`, the path of a file that holds it.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from core.db.address import DatabaseAddress

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var"


class BadSetting(SystemExit):
    """A variable is missing or makes no sense; the message names it and the process ends with status 1."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem}")


@dataclass(frozen=True)
class Environment:
    """Typed access to variables; `values` is `os.environ` outside tests."""

    values: Mapping[str, str] = field(default_factory=lambda: os.environ)
    secrets_folder: Path = VAR / "secrets"

    @property
    def production(self) -> bool:
        return self.choice("ETAX_ENVIRONMENT", ("development", "production"), "development") == "production"

    def text(self, name: str, default: str | None = None) -> str:
        """A non-empty text."""
        value = self.values.get(name, "").strip() or default
        if value is None:
            raise BadSetting(name, "is not set")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise BadSetting(name, f"is {value!r}, but must be one of {', '.join(allowed)}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """`true` or `false`; anything else is refused."""
        return self.choice(name, ("true", "false"), "true" if default else "false") == "true"

    def integer(self, name: str, default: int, low: int = 0, high: int = 2**31) -> int:
        raw = self.text(name, str(default))
        if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
            raise BadSetting(name, f"is {raw!r}, but must be a whole number from {low} to {high}")
        return int(raw)

    def items(self, name: str, default: str | None = None) -> list[str]:
        """A list separated by commas."""
        return [item.strip() for item in self.text(name, default).split(",") if item.strip()]

    def file(self, name: str, made_by_set_up: Path) -> Path:
        """A file to read. Production must name one that is there; in development set-up makes it."""
        if not self.production and not self.values.get(name):
            return made_by_set_up
        path = Path(self.text(name))
        if not os.access(path, os.R_OK):
            raise BadSetting(name, f"names {path}, which can't be read")
        return path

    def url(self, name: str, schemes: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(name, default)
        try:
            parts = urlsplit(value)
            parts.port  # noqa: B018 (reading it is what refuses a bad port)
        except ValueError as error:
            raise BadSetting(name, f"is not a URL: {error}") from None
        if parts.scheme not in schemes or not (parts.netloc or parts.scheme == "filesystem"):
            raise BadSetting(name, f"must be a URL that starts with {' or '.join(s + '://' for s in schemes)}")
        return value

    def database(self, name: str, default: str | None = None) -> DatabaseAddress:
        """`postgresql://user:password@host:port/database`."""
        parts = urlsplit(self.url(name, ("postgresql", "postgres"), default))
        database = parts.path.lstrip("/")
        if not database or not parts.hostname:
            raise BadSetting(name, "must name a host and a database: postgresql://user:password@host:port/database")
        return DatabaseAddress(
            parts.hostname, parts.port or 5432, database, unquote(parts.username or ""), unquote(parts.password or "")
        )

    def secret(self, name: str, make: Callable[[], str] = lambda: secrets.token_hex(32)) -> str:
        """A secret of at least 32 characters; in development it is made at the first call."""
        value = self._given_secret(name)
        if value is None and not self.production:
            value = self._made_secret(name, make)
        if value is None:
            raise BadSetting(name, f"is not set; give it or {name}_FILE (at least 32 random characters)")
        if len(value) < 32:
            raise BadSetting(name, "is shorter than 32 characters")
        return value

    def key(self, name: str, make: Callable[[], str] = lambda: secrets.token_hex(32)) -> str:
        """A key of 32 bytes, as 64 hexadecimal digits."""
        value = self.secret(name, make)
        if not re.fullmatch("[0-9a-f]{64}", value):
            raise BadSetting(name, "must be 64 hexadecimal digits")
        return value

    def _given_secret(self, name: str) -> str | None:
        if self.values.get(name):
            return self.values[name]
        path = self.values.get(f"{name}_FILE")
        if not path:
            return None
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE", f"can't be read: {error.strerror}") from None

    def _made_secret(self, name: str, make: Callable[[], str]) -> str:
        self.secrets_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.secrets_folder / name
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(make())
            try:
                path.hardlink_to(draft)  # whoever links first wins; a half-written secret is never read
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        return path.read_text().strip()


environment = Environment()
