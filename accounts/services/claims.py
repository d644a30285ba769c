"""Without a verified identity: name, resident number and one secret of a paper bill open one's record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.enums import Assurance, NumberKind
from accounts.functions import ask
from accounts.models import Account, Claim, Taxpayer
from accounts.models.proofs import Proof
from accounts.ports import paper_bills
from accounts.services.linking import RecordTaken, link_record
from accounts.vault.numbers import NotAResidentNumber, resident_number
from accounts.vault.records import index_of, taxpayers_by_index
from accounts.vault.sealing import UnableToOpenSeal, open_seal, seal
from core.errors import Refusal

USE = "claim"


class TooManyClaims(Refusal):
    message = _("You have tried five times today. Try again tomorrow, or use your mobile identity.")


def ask_claim(*, name: str, number: str, payment_number: str) -> None:
    """Hand a claim to the worker; the resident number is sealed here and can't be read again by this process.

    Raises `NotAResidentNumber` or `TooManyClaims`.
    """
    sealed = seal(text=resident_number(number), use=USE)
    if not ask("accounts_ask_claim", name, sealed, payment_number):
        raise TooManyClaims


def check_claim(*, claim_id: int, at: datetime) -> None:
    """Decide about a claim. Whatever is wrong, the answer is the same. Worker only; safe to repeat."""
    with transaction.atomic():
        claim = Claim.objects.select_for_update().filter(pk=claim_id, status=Proof.Status.ASKED).first()
        if claim is None:
            return
        refusal = ""
        taxpayer_id = _matching(claim)
        if taxpayer_id is None:
            refusal = "no_match"
        else:
            try:
                with transaction.atomic():
                    link_record(account_id=claim.account_id, taxpayer_id=taxpayer_id, assurance=Assurance.EMAIL)
            except RecordTaken:
                refusal = "no_match"
        claim.status = Proof.Status.REFUSED if refusal else Proof.Status.ACCEPTED
        claim.refusal, claim.checked_at = refusal, at
        claim.sealed_number, claim.payment_number = b"", ""
        claim.save()


def _matching(claim: Claim) -> int | None:
    account = Account.objects.get(pk=claim.account_id)
    try:
        number = resident_number(open_seal(sealed=bytes(claim.sealed_number), use=USE))
    except (UnableToOpenSeal, NotAResidentNumber):
        return None
    kind = NumberKind.RESIDENT.value
    index = index_of(kind=kind, number=number)
    taxpayer_id = taxpayers_by_index(kind=kind, indexes=[index]).get(index)
    if taxpayer_id is None or account.taxpayer_id not in {None, taxpayer_id}:
        return None
    name = Taxpayer.objects.values_list("name", flat=True).get(pk=taxpayer_id)
    if "".join(name.split()) != "".join(claim.name.split()):
        return None
    return taxpayer_id if paper_bills()(taxpayer_id=taxpayer_id, payment_number=claim.payment_number) else None
