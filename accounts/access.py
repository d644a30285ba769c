"""Who may call a view. Every URL of every face carries one of these decorators; a test of the house looks for it.

@office_required(Role.REFUND_APPROVER)
@recent_code_required
def approve(request, refund_id): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import Assurance, Role
from accounts.models import Account
from accounts.selectors.officers import OfficerFacts, officer_facts, own_files
from accounts.sessions import SessionStore, SignedIn
from core import clock
from core.errors import Refusal

__all__ = [
    "Assurance",
    "Decision",
    "OfficerFacts",
    "OwnFile",
    "Role",
    "account_of",
    "citizen_required",
    "decision_of",
    "half_signed_in",
    "intake_endpoint",
    "may_see_body",
    "office_required",
    "officer_of",
    "own_file",
    "public_page",
    "recent_code_required",
    "refuse_own_file",
    "signed_in_required",
]

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
# How long a one-time code is good for dangerous acts.
FRESH: Final = timedelta(minutes=10)


class OwnFile(Refusal):
    message = _("This file is your own or a relative's. Another officer has to work on it.")


@dataclass(frozen=True)
class Decision:
    """Who may call a view: `anybody`, `sign_in` (password was right), `signed_in`, `citizen`, `officer`, `gateway`."""

    who: str
    roles: tuple[Role, ...] = ()
    assurance: Assurance = Assurance.NONE


def decision_of(view: Callable[..., Any]) -> Decision | None:
    """What was decided about a view; None: nobody has decided."""
    return getattr(view, "access", None)


def public_page(view: View[P]) -> View[P]:
    """Anybody may see it."""
    view.access = Decision("anybody")  # type: ignore[attr-defined]
    return view


def intake_endpoint(view: View[P]) -> View[P]:
    """Called by gateways and banks, which prove themselves by a signature that the view checks."""
    view.access = Decision("gateway")  # type: ignore[attr-defined]
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def half_signed_in(view: View[P]) -> View[P]:
    """Somebody whose password was right; the one-time code may still be missing."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if _signed_in(request) is None:
            return _to("accounts:sign_in", request)
        return view(request, *args, **kwargs)

    guarded.access = Decision("sign_in")  # type: ignore[attr-defined]
    return guarded


def signed_in_required(view: View[P]) -> View[P]:
    """Anybody who is signed in, on either face: for pages about one's own account."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = _signed_in(request)
        if person is None or person.awaits_code:
            return _to("accounts:code" if person else "accounts:sign_in", request)
        return view(request, *args, **kwargs)

    guarded.access = Decision("signed_in")  # type: ignore[attr-defined]
    return guarded


def citizen_required(*, assurance: Assurance = Assurance.EMAIL) -> Callable[[View[P]], View[P]]:
    """A signed-in citizen, known at least as well as `assurance` says; legal acts want `Assurance.IDENTITY`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person = _signed_in(request)
            if person is None:
                return _to("accounts:sign_in", request)
            if person.awaits_code:
                return _to("accounts:code", request)
            if person.kind != Account.Kind.CITIZEN:
                raise PermissionDenied
            if person.assurance < assurance:
                return _to("accounts:identity", request)
            return view(request, *args, **kwargs)

        guarded.access = Decision("citizen", assurance=assurance)  # type: ignore[attr-defined]
        return guarded

    return decorate


def office_required(*roles: Role) -> Callable[[View[P]], View[P]]:
    """A signed-in officer who holds one of `roles`; without roles: any officer."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person = _signed_in(request)
            if person is None:
                return _to("accounts:sign_in", request)
            if person.awaits_code:
                return _to("accounts:code", request)
            officer = officer_facts(account_id=person.account_id)
            if officer is None or (roles and not officer.roles.intersection(roles)):
                raise PermissionDenied
            request.officer = officer  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.access = Decision("officer", roles=roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def recent_code_required(view: View[P]) -> View[P]:
    """Stands below `office_required` or `citizen_required`: asks for a one-time code again before a dangerous act.

    Citizens without a code generator pass. Nothing of a form that was sent is done; after the code its page comes back.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = _signed_in(request)
        has_generator = person is not None and (person.kind == Account.Kind.OFFICER or person.code_at is not None)
        if has_generator and person is not None:
            fresh = person.code_at is not None and clock.now() - person.code_at < FRESH
            if not fresh:
                return _to("accounts:code", request)
        return view(request, *args, **kwargs)

    guarded.fresh_code = True  # type: ignore[attr-defined]
    return guarded


def account_of(request: HttpRequest) -> Account:
    """The signed-in account; behind `citizen_required` or `office_required` there is one."""
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user


def officer_of(request: HttpRequest) -> OfficerFacts:
    """The signed-in officer, behind `office_required`."""
    officer = getattr(request, "officer", None)
    if not isinstance(officer, OfficerFacts):
        raise PermissionDenied
    return officer


def may_see_body(officer: OfficerFacts, body_code: str) -> bool:
    """Each sees its own district unless it is the city's."""
    return officer.of_the_city or officer.body == body_code


def own_file(officer: OfficerFacts, taxpayer_id: int) -> bool:
    """Whether a taxpayer is the officer or a declared relative."""
    return taxpayer_id in own_files(account_id=officer.account_id)


def refuse_own_file(officer: OfficerFacts, taxpayer_id: int) -> None:
    """Nobody touches their own or a declared relative's file: raises `OwnFile`."""
    if own_file(officer, taxpayer_id):
        raise OwnFile


def _signed_in(request: HttpRequest) -> SignedIn | None:
    session = getattr(request, "session", None)
    return session.signed_in if isinstance(session, SessionStore) and session.session_key else None


def _to(name: str, request: HttpRequest) -> HttpResponseRedirect:
    back = request.get_full_path() if request.method == "GET" else _page_of_the_form(request)
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': back})}" if back else reverse(name))


def _page_of_the_form(request: HttpRequest) -> str:
    """Where a form that was sent stands, if on this site."""
    referer = urlsplit(request.headers.get("Referer", ""))
    return referer.path if referer.netloc == request.get_host() else ""
