"""A link by e-mail, with which somebody chooses a password: for a new account or instead of a forgotten one."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.functions import ask
from accounts.models import Account, MailRequest
from accounts.passwords import encode
from core.db.transactions import forbid_in_transaction
from core.errors import Refusal
from core.outbox import publish
from core.request import current_facts

PATIENCE: Final = timedelta(minutes=2)
GOOD_FOR: Final = {"public": timedelta(hours=1), "office": timedelta(days=3)}


class LinkIsOver(Refusal):
    message = _("This link has been used or is too old. Ask for a new one.")


def ask_for_link(*, email: str) -> None:
    """Ask that a link be mailed. Answers the same whether the address is known, unknown, or asked for too often."""
    ask("accounts_ask_for_link", email.lower(), translation.get_language() or "ko", current_facts().address)


def invite_officer(*, email: str) -> None:
    """Mail an officer a link for the office site; for commands of the worker."""
    with transaction.atomic():
        request = MailRequest.objects.create(face="office", email=email.lower(), language=settings.LANGUAGE_CODE)
        publish("accounts.link_asked.v1", request_id=request.pk)


def set_password(*, token: str, password: str) -> None:
    """Choose a password by the link's token; opens the account if there is none. Raises `LinkIsOver`."""
    if not ask("accounts_set_password", token, encode(password)):
        raise LinkIsOver


def send_link(*, request_id: int, at: datetime) -> None:
    """Make a token, keep its hash, mail the link. Worker only; safe to repeat, the last link is the good one."""
    forbid_in_transaction()
    waiting = MailRequest.objects.filter(pk=request_id, status=MailRequest.Status.ASKED)
    request = waiting.first()
    if request is None:
        return
    kind = Account.Kind.CITIZEN if request.face == "public" else Account.Kind.OFFICER
    known = Account.objects.filter(email=request.email).values_list("kind", "is_active").first()
    if known != (kind, True) and (known is not None or request.face != "public"):
        waiting.update(status=MailRequest.Status.NOT_SENT)
        return
    token = secrets.token_urlsafe(32)
    digest = hashlib.sha256(token.encode()).hexdigest()
    unchanged = waiting.filter(token_hash=request.token_hash)
    if unchanged.update(token_hash=digest, expires_at=at + GOOD_FOR[request.face]) != 1:
        return  # another worker is at it
    _mail(request, token, new=known is None)
    waiting.filter(token_hash=digest).update(status=MailRequest.Status.SENT)


def links_waiting(*, at: datetime) -> list[int]:
    """Requests that nobody has taken up, or that were taken up two minutes ago and not finished."""
    waiting = MailRequest.objects.filter(status=MailRequest.Status.ASKED)
    due = waiting.filter(Q(token_hash=None) | Q(asked_at__lt=at - PATIENCE))
    return list(due.order_by("pk").values_list("pk", flat=True)[:100])


def _mail(request: MailRequest, token: str, *, new: bool) -> None:
    site = settings.PUBLIC_URL if request.face == "public" else settings.OFFICE_URL
    with translation.override(request.language):
        context = {"link": f"{site}/sign-in/password/{token}/", "new": new, "face": request.face}
        subject = translation.gettext("Your new account") if new else translation.gettext("Choose a password")
        text = render_to_string("accounts/mail/link.txt", context)
    send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [request.email])
