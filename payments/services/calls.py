"""What an agent of the call centre does: check the caller, send a link, have a card typed on telephone keys."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import OwnFile
from accounts.services.sealing import seal
from core.errors import Refusal
from core.identifiers import new_reference
from payments.gateways import routing
from payments.services.begin import ChannelClosed, PaymentRunning, Wish, items_to_pay
from payments.services.call_the_payer import TELEPHONE
from payments.services.send_link import LINK_TELEPHONE
from payments.states import Channel

CALL_OVER, NUMBER_LOCKED, AGENT_LOCKED = -1, -2, -3
TOO_MANY_MESSAGES: Final = -1


class WrongAnswers(Refusal):
    message = _("This does not fit what is on file. Nothing else may be said about it.")


class CallLocked(Refusal):
    message = _("Three answers were wrong. This call is locked: ask the caller to come to an office, and end the call.")


class NumberLocked(Refusal):
    message = _("There were many wrong answers about this bill. It is locked for an hour, whoever asks.")


class AgentLocked(Refusal):
    message = _("The callers of today were wrong too often. Ask your supervisor before you take further calls.")


class CallOver(Refusal):
    message = _("This call is over, or the check of the caller has run out. Begin a call and check the caller again.")


class TooManyMessages(Refusal):
    message = _("This telephone has had three messages within the hour. No more are sent to it for now.")


class TooManyCalls(Refusal):
    message = _("This telephone was called five times within the hour. It is not called again for now.")


class NothingToWithdraw(Refusal):
    message = _("This link was opened or withdrawn already.")


class NothingToStop(Refusal):
    message = _("The payer has agreed already, or the call has ended. Look at how the payment stands.")


@dataclass(frozen=True)
class Said:
    """What a caller says of one of their bills; a business says the bill's amount in place of a birth date."""

    epay_number: str
    name: str
    born: date | None
    amount: int | None


def begin_call() -> int:
    """The next call of the signed-in agent; the one before is over. Its number."""
    return int(_ask("SELECT payments_begin_call()", []))


def end_call(*, call_id: int) -> None:
    """What the call showed is shown no longer."""
    _ask("SELECT payments_end_call(%s)", [call_id])


def check_caller(*, call_id: int, said: Said) -> None:
    """Whether all of it fits what is on file: then the call is about that taxpayer, for an hour.

    In two transactions of its own, so that every question counts. Raises `WrongAnswers`, `CallLocked`, `NumberLocked`,
    `AgentLocked`, `CallOver` or `OwnFile`.
    """
    facts = [call_id, said.epay_number, said.name, said.born, said.amount]
    check = int(_ask("SELECT payments_ask_about_caller(%s, %s, %s, %s::date, %s::bigint)", facts))
    if check < 0:
        raise {CALL_OVER: CallOver, NUMBER_LOCKED: NumberLocked, AGENT_LOCKED: AgentLocked}[check]
    answer = _ask("SELECT payments_answer_about_caller(%s, %s, %s, %s, %s::date, %s::bigint)", [check, *facts])
    if answer != "yes":
        raise {"own": OwnFile, "locked": CallLocked}.get(str(answer), WrongAnswers)


def send_link(*, call_id: int, bill_ids: Sequence[int], telephone: str, language: str, form_key: str) -> None:
    """Have a link to pay these bills sent to a mobile number (digits). The same form again sends nothing more.

    Raises `CallOver` where they are not the bills of the caller who was checked, or `TooManyMessages`.
    """
    sealed = seal(text=telephone, use=LINK_TELEPHONE)
    made = _ask(
        "SELECT payments_ask_for_link(%s, %s, %s, %s::bigint[], %s, %s, %s)",
        [call_id, form_key, new_reference("LNK"), list(dict.fromkeys(bill_ids)), telephone, sealed, language],
    )
    if made is None:
        raise CallOver
    if made == TOO_MANY_MESSAGES:
        raise TooManyMessages


def withdraw_link(*, reference: str) -> None:
    """A link that nobody has opened opens no longer. Raises `NothingToWithdraw`."""
    if not _ask("SELECT payments_withdraw_link(%s)", [reference]):
        raise NothingToWithdraw


def begin_by_keys(*, call_id: int, wish: Wish, telephone: str, at: datetime) -> str:
    """Have a gateway call the payer to type a card on the keys; the attempt's reference. The worker asks the gateway.

    Raises what `begin` does for a payer's page, `CallOver` or `TooManyCalls`.
    """
    gateways = routing.serving(channel=Channel.ARS, at=at)
    if not gateways:
        raise ChannelClosed
    with transaction.atomic():
        items = items_to_pay(wish, at)
        facts: dict[str, Any] = {
            "reference": new_reference("PAY"),
            "gateway": gateways[0].name,
            "amount": sum(item.amount for item in items),
            "language": wish.language,
            "form_key": wish.form_key,
        }
        values = [
            *(call_id, json.dumps(facts), json.dumps([asdict(item) for item in items])),
            *(telephone, seal(text=telephone, use=TELEPHONE), _no_link(), at),
        ]
        try:
            with transaction.atomic():
                made = _ask("SELECT payments_begin_by_keys(%s, %s, %s, %s, %s, %s, %s)", values)
        except IntegrityError as error:
            raise PaymentRunning from error
    if made is None:
        raise CallOver
    if made == "":
        raise TooManyCalls
    return str(made)


def stop_keys(*, reference: str) -> None:
    """Give up a payment by keys before the payer agreed; nothing is taken afterwards. Raises `NothingToStop`."""
    if not _ask("SELECT payments_stop_keys(%s)", [reference]):
        raise NothingToStop


def _no_link() -> bytes:
    """A payment by keys has no payer's page: its secret is known to nobody."""
    return hashlib.sha256(secrets.token_bytes(32)).digest()


def _ask(query: str, values: list[Any]) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]
