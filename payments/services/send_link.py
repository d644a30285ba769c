"""Worker: the text message with a link to pay is sent once, and followed until it has arrived or has not."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import ngettext, override

from accounts.services.sealing import open_seal
from core import sms
from core.states import StaleState, move
from payments.models import PayLink
from payments.states import LINK_TRANSITIONS, LinkSending

log = structlog.get_logger(__name__)
LINK_TELEPHONE: Final = "telephone of a link"
FIRST: Final = timedelta(seconds=2)
LONGEST: Final = timedelta(minutes=10)
AT_ONCE: Final = 50
ENDS: Final = (LinkSending.DELIVERED, LinkSending.FAILED)


def pay_link_secret(reference: str) -> str:
    """The secret in a link (160 bits), made from its reference by the worker's own key, so that it is kept nowhere."""
    mark = hmac.new(settings.SECRET_KEY.encode(), b"pay link:" + reference.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mark[:20]).decode().rstrip("=")


def send_links_due(*, at: datetime) -> int:
    """Send, or ask about, every message whose time has come; how many failed and stay due. Outside any transaction."""
    due = PayLink.objects.filter(ask_at__lte=at).order_by("ask_at").values_list("pk", flat=True)
    failed = 0
    for pk in list(due[:AT_ONCE]):
        try:
            _go_on(pk, at)
        except Exception:
            log.exception("payments.link_stays_due", id=pk)
            failed += 1
    return failed


def _go_on(link_id: int, at: datetime) -> None:
    link = _claim(link_id, at)
    if link is None:
        return
    if link.status == LinkSending.ASKED and link.withdrawn_at is None:
        telephone = open_seal(sealed=bytes(link.sealed_telephone or b""), use=LINK_TELEPHONE)
        outcome = sms.provider().send(reference=link.reference, to=telephone, text=text_of(link))
    else:
        outcome = sms.provider().ask(reference=link.reference)
    log.info("link.message", reference=link.reference, outcome=type(outcome).__name__)
    if isinstance(outcome, sms.Told):
        _note(link, LinkSending(outcome.state.value), outcome.problem)
    elif isinstance(outcome, sms.Refused):
        _note(link, LinkSending.FAILED, outcome.problem)


def _claim(link_id: int, at: datetime) -> PayLink | None:
    """It is due again later unless it has ended by then. What was withdrawn or has expired is not sent any more.

    Where a first answer was lost before it was withdrawn, the provider is only asked what became of the message.
    """
    with transaction.atomic():
        rows = PayLink.objects.select_for_update(skip_locked=True).filter(pk=link_id, ask_at__lte=at)
        link = rows.first()
        if link is None:
            return None
        over = link.expires_at <= at or (link.withdrawn_at is not None and link.asks == 0)
        link.asks += 1
        link.ask_at = None if over else at + min(FIRST * (1 << min(link.asks, 10)), LONGEST)
        if link.token_hash is None:
            link.token_hash = hashlib.sha256(pay_link_secret(link.reference).encode()).digest()
        if over:
            link.sealed_telephone = None
        link.save(update_fields=["asks", "ask_at", "token_hash", "sealed_telephone"])
    return None if over else link


def _note(link: PayLink, new: LinkSending, problem: str) -> None:
    """Once it has arrived or has not, its telephone number is forgotten."""
    if new == link.status:
        return
    facts: dict[str, object] = {"problem": problem}
    if new in ENDS:
        facts |= {"ask_at": None, "sealed_telephone": None}
    try:
        move(PayLink, link.pk, transitions=LINK_TRANSITIONS, old=link.status, new=new, **facts)
    except StaleState:
        log.info("link.moved_elsewhere", reference=link.reference)


def text_of(link: PayLink) -> str:
    """What the link is for and until when; no name, no tax and no amount: the telephone may be another's."""
    address = f"{str(settings.PUBLIC_URL).rstrip('/')}/l/{pay_link_secret(link.reference)}/"
    with override(link.language):
        bills = link.items.count()
        return ngettext(
            "[ETAX] Local tax: link to pay %(bills)s bill\n%(address)s\n"
            "It opens once, until %(until)s. If you did not ask for it on the telephone, do not open it.",
            "[ETAX] Local tax: link to pay %(bills)s bills\n%(address)s\n"
            "It opens once, until %(until)s. If you did not ask for it on the telephone, do not open it.",
            bills,
        ) % {
            "bills": bills,
            "address": address,
            "until": localtime(link.expires_at).strftime("%Y-%m-%d %H:%M"),
        }
