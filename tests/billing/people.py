"""Browsers in which somebody is signed in."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.access import Role
from accounts.models import Account, Officer, RoleGrant, Taxpayer
from tests.accounts.people import open_session
from tests.support.database import AsRole, admin_connection
from tests.support.faces import FaceClient

PROOF = "argon2$of-a-test"


def citizen_client(as_role: AsRole, taxpayer: Taxpayer) -> FaceClient:
    client = FaceClient("public", as_role)
    client.cookies[settings.SESSION_COOKIE_NAME] = citizen_session(as_role, taxpayer)
    return client


def citizen_session(as_role: AsRole, taxpayer: Taxpayer) -> str:
    """The secret of a session in which a taxpayer is signed in."""
    email = f"t{taxpayer.pk}@example.kr"
    Account.objects.create(email=email, kind="citizen", assurance=2, taxpayer=taxpayer, password=PROOF)
    return open_session(as_role, face="public", email=email, proof=PROOF)


def officer_client(as_role: AsRole, email: str, *roles: Role, body: str = "11000") -> FaceClient:
    client = FaceClient("office", as_role)
    client.cookies[client.settings["SESSION_COOKIE_NAME"]] = officer_session(as_role, email, *roles, body=body)
    return client


def officer_session(as_role: AsRole, email: str, *roles: Role, body: str = "11000") -> str:
    """The secret of the session of an officer with these roles, past the one-time code."""
    account = Account.objects.create(email=email, kind="officer", password=PROOF)
    elder = Account.objects.get_or_create(email="elder@example.kr", defaults={"kind": "officer"})[0]
    officer = Officer.objects.create(account=account, body_id=body, name="담당자")
    for role in roles:
        RoleGrant.objects.create(
            officer=officer, role=role, reason="test", asked_by=account, granted_by=elder, granted_at=timezone.now()
        )
    secret = open_session(as_role, face="office", email=email, proof=PROOF)
    with admin_connection(connection.settings_dict["NAME"]) as admin:
        admin.execute("UPDATE accounts_session SET awaits_code = false, code_at = now() WHERE face = 'office'")
    return secret
