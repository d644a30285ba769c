"""A person came back from the identity provider: whose record is it, whose account, whose session?"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.enums import Assurance
from accounts.identity.provider import UnableToReachProvider, provider_keys
from accounts.identity.tokens import Identity, TokenNotGood, inner_token, read_identity
from accounts.models import Account, IdentityReturn, Session
from accounts.models.proofs import Proof
from accounts.services.linking import link_record
from accounts.services.taxpayers import Person, find_or_create_taxpayers
from accounts.vault.numbers import NotAResidentNumber
from core import audit

GIVE_UP_AFTER = timedelta(minutes=5)


def check_identity(*, return_id: int, at: datetime) -> None:
    """Verify what the provider said and sign the waiting session in. Worker only; safe to repeat.

    Raises `UnableToReachProvider` while the provider's keys can't be had; it is tried again for five minutes.
    """
    waiting = IdentityReturn.objects.filter(pk=return_id, status=Proof.Status.ASKED).first()
    if waiting is None:
        return
    try:
        signed = inner_token(waiting.token)
        identity = read_identity(signed, keys=provider_keys(), nonce=waiting.nonce, at=at)
    except UnableToReachProvider:
        if at - waiting.asked_at < GIVE_UP_AFTER:
            raise
        _close(return_id, refusal="unreachable", at=at)
    except TokenNotGood as error:
        _close(return_id, refusal="not_good", at=at)
        audit.record(action="accounts.identity_refused", subject=f"identity:{return_id}", reason=str(error))
    else:
        _accept(return_id, identity, at)


def identities_waiting() -> list[int]:
    """Answers of the provider that nobody has looked at yet."""
    waiting = IdentityReturn.objects.filter(status=Proof.Status.ASKED)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:100])


def _accept(return_id: int, identity: Identity, at: datetime) -> None:
    with transaction.atomic():
        waiting = IdentityReturn.objects.select_for_update().get(pk=return_id)
        sessions = Session.objects.select_for_update().filter(identityreturn=return_id, expires_at__gt=at)
        session = sessions.first()
        if waiting.status != Proof.Status.ASKED or session is None:
            return
        try:
            person = Person(name=identity.name, resident_number=identity.resident_number)
            (taxpayer_id,) = find_or_create_taxpayers([person])
        except NotAResidentNumber:
            _close(return_id, refusal="not_good", at=at)
            return
        account_id = _account_for(session, taxpayer_id)
        if account_id is None:
            _close(return_id, refusal="another_account", at=at)
            return
        link_record(account_id=account_id, taxpayer_id=taxpayer_id, assurance=Assurance.IDENTITY)
        Session.objects.filter(pk=session.pk).update(account_id=account_id, awaits_code=False)
        _close(return_id, refusal="", at=at)
        audit.record(
            action="accounts.identity_verified",
            subject=f"account:{account_id}",
            actor_id=account_id,
            taxpayer_id=taxpayer_id,
        )


def _account_for(session: Session, taxpayer_id: int) -> int | None:
    """The account to sign in: the session's, the person's, or a new one. None: the session is somebody else's."""
    if session.account_id is not None:
        own = Account.objects.get(pk=session.account_id)
        other = Account.objects.filter(taxpayer_id=taxpayer_id, assurance=Assurance.IDENTITY).exclude(pk=own.pk)
        if own.kind != Account.Kind.CITIZEN or own.taxpayer_id not in {None, taxpayer_id} or other.exists():
            return None
        return own.pk
    theirs = Account.objects.filter(taxpayer_id=taxpayer_id, kind=Account.Kind.CITIZEN)
    found = theirs.values_list("pk", "is_active", "assurance").first()
    if found is not None and found[2] == Assurance.IDENTITY:
        return found[0] if found[1] else None
    return Account.objects.create(kind=Account.Kind.CITIZEN, assurance=Assurance.IDENTITY, password="").pk


def _close(return_id: int, *, refusal: str, at: datetime) -> None:
    """The token has done its work and goes; what was decided stays."""
    status = Proof.Status.REFUSED if refusal else Proof.Status.ACCEPTED
    IdentityReturn.objects.filter(pk=return_id, status=Proof.Status.ASKED).update(
        status=status, refusal=refusal, checked_at=at, token=""
    )
