"""Who may call a view. Every URL of every face carries one of these decorators; a test of the house looks for it.

@office_required(Role.REFUND_APPROVER)
@recent_code_required
def approve(request, refund_id): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from accounts.enums import Assurance, Role
from accounts.models import Account
from accounts.recent_code import recent_code_required, signed_in_of, to_page
from accounts.selectors.officers import OfficerFacts, officer_facts, own_files
from accounts.services.own_files import OwnFile

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
        if signed_in_of(request) is None:
            return to_page("accounts:sign_in", request)
        return view(request, *args, **kwargs)

    guarded.access = Decision("sign_in")  # type: ignore[attr-defined]
    return guarded


def signed_in_required(view: View[P]) -> View[P]:
    """Anybody who is signed in, on either face: for pages about one's own account."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = signed_in_of(request)
        if person is None or person.awaits_code:
            return to_page("accounts:code" if person else "accounts:sign_in", request)
        return view(request, *args, **kwargs)

    guarded.access = Decision("signed_in")  # type: ignore[attr-defined]
    return guarded


def citizen_required(*, assurance: Assurance = Assurance.EMAIL) -> Callable[[View[P]], View[P]]:
    """A signed-in citizen, known at least as well as `assurance` says; legal acts want `Assurance.IDENTITY`."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person = signed_in_of(request)
            if person is None:
                return to_page("accounts:sign_in", request)
            if person.awaits_code:
                return to_page("accounts:code", request)
            if person.kind != Account.Kind.CITIZEN:
                raise PermissionDenied
            if person.assurance < assurance:
                return to_page("accounts:identity", request)
            return view(request, *args, **kwargs)

        guarded.access = Decision("citizen", assurance=assurance)  # type: ignore[attr-defined]
        return guarded

    return decorate


def office_required(*roles: Role) -> Callable[[View[P]], View[P]]:
    """A signed-in officer who holds one of `roles`; without roles: any officer."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person = signed_in_of(request)
            if person is None:
                return to_page("accounts:sign_in", request)
            if person.awaits_code:
                return to_page("accounts:code", request)
            # Row-level security asks whose session it is, also where the view runs its own transactions.
            with transaction.atomic(savepoint=False):
                officer = officer_facts(account_id=person.account_id)
            if officer is None or (roles and not officer.roles.intersection(roles)):
                raise PermissionDenied
            request.officer = officer  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        guarded.access = Decision("officer", roles=roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


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
