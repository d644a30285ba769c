"""Context processor: what base.html asks about the site and the reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from .language import Choice, other_languages
from .navigation import Link, address_of, footer, menu


@dataclass
class Site:
    """Worked out where a template asks: an error page can be drawn without a session or a database."""

    request: HttpRequest

    @property
    def face(self) -> str:
        return str(settings.FACE)

    @property
    def name(self) -> str:
        return gettext("ETAX office") if self.face == "office" else gettext("ETAX local taxes")

    @property
    def masthead(self) -> str:
        """Says truthfully what the site is; a city that runs it for its citizens sets its own line."""
        own = str(settings.ETAX_MASTHEAD)
        return own or gettext("This is a demonstration of ETAX. It is not an official government website.")

    @property
    def private(self) -> bool:
        return self.face != "public"

    @cached_property
    def languages(self) -> list[Choice]:
        return other_languages(self.request)

    @cached_property
    def navigation(self) -> list[Link]:
        if self.private and not self.account_email:
            return []
        return menu(self.face, self.request)

    @cached_property
    def footer(self) -> list[Link]:
        return footer(self.face, self.request)

    @cached_property
    def account_email(self) -> str:
        user = getattr(self.request, "user", None)
        return str(user.email or gettext("My account")) if user is not None and user.is_authenticated else ""

    @property
    def account_url(self) -> str | None:
        return address_of("accounts:account")

    @property
    def sign_in_url(self) -> str | None:
        return address_of("accounts:sign_in")

    @property
    def sign_out_url(self) -> str | None:
        return address_of("accounts:sign_out")


def site(request: HttpRequest) -> dict[str, Site]:
    return {"site": Site(request)}
